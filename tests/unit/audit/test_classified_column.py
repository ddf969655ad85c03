"""A column as the log lists it: what it holds, how sure, by which kinds of evidence; never the evidence's own words."""

from __future__ import annotations

import pytest

from jupyter_privguard._canonical import canonical_json
from jupyter_privguard.audit.event import classified_column
from jupyter_privguard.model import ColumnVerdict, DataClass


@pytest.mark.parametrize(
    ("evidence", "kinds"),
    [
        ((), []),
        (("header: “Asha Rao”", "pattern: 100 % of 9 values"), ["header", "pattern"]),
        (("values: 200 of 600 looked at; a form in fewer than 1 in 50 may be missed",), []),
        (("values: they have a form that fits", "checksum: all"), ["checksum", "values"]),
        (("override: said by ravi", "found: dictionary: 98 % of names"), ["dictionary", "override"]),
        (("pattern of the policy: STAFF_NO",), ["pattern"]),
        (("asha@example.org: no kind of evidence", "nothing points to a person"), []),
    ],
)
def test_kinds_of_evidence(evidence: tuple[str, ...], kinds: list[str]) -> None:
    verdict = ColumnVerdict("c", "PERSON_NAME", DataClass.PII, 0.934, evidence, {"public": "token"})

    listed = classified_column(verdict, "c")

    assert listed["evidence"] == kinds
    assert listed["confidence"] == 93
    assert b"asha" not in canonical_json(listed).lower()
