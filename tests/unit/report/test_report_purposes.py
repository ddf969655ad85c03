"""Purposes with the lawful basis that the policy in force at the time gave them."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_privguard.report.purposes import stated_purposes

LISTED = {"name": "p", "basis": "contract", "datasets": ["c*"], "expires": "2027-01-31"}


def run(seq: int, purpose: str | None = "p", digest: str = "a", **fields: Any) -> dict[str, Any]:
    return {"seq": seq, "purpose": purpose, "policy_sha256": digest, "outcome": "ok", **fields}


def policy(seq: int, digest: str, **fields: Any) -> dict[str, Any]:
    return {"seq": seq, "policy_sha256": digest, **fields}


@pytest.mark.parametrize(
    ("policies", "says", "bases"),
    [
        ([policy(1, "a", purposes=[LISTED])], "listed", ("contract",)),
        ([policy(1, "a", purposes=[{"name": "q", "basis": "contract"}])], "unlisted", ()),
        ([policy(1, "a", purposes=None)], "any", ()),
        ([policy(1, "a")], "unknown", ()),
        ([policy(1, "other", purposes=[LISTED])], "unknown", ()),
        ([], "unknown", ()),
    ],
)
def test_what_the_policy_in_force_says(policies: list[dict[str, Any]], says: str, bases: tuple[str, ...]) -> None:
    [found] = stated_purposes([run(5)], policies)

    assert (found.says, found.bases) == (says, bases)
    assert found.expires == ("2027-01-31" if says == "listed" else None)


def test_two_policies_in_turn_are_both_told_and_the_earlier_end_counts() -> None:
    later = {**LISTED, "basis": "consent", "expires": "2026-12-31"}
    policies = [policy(1, "a", purposes=[LISTED]), policy(6, "b", purposes=[later])]

    [found] = stated_purposes([run(5), run(7, digest="b")], policies)

    assert (found.bases, found.expires, found.policies) == (("contract", "consent"), "2026-12-31", (1, 6))


def test_cells_without_a_purpose_stand_by_themselves_and_refused_ones_are_counted() -> None:
    runs = [run(5, None), run(6, outcome="refused"), run(7, datasets=[{"name": "c"}, {"name": "c"}])]

    none, named = stated_purposes(runs, [])

    assert (none.name, none.says, none.seqs) == ("", "", (5,))
    assert (named.seqs, named.refused, named.datasets) == ((6, 7), 1, ("c",))
