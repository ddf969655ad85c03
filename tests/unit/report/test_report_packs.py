"""Every pack that is built in: its numbers, its words, and what each control answers to a log made for it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.audit.event import ACTIONS
from jupyter_privguard.model import ENTITIES
from jupyter_privguard.report import packs
from jupyter_privguard.report.evidence import ABSENT, PRESENT, Indexed, Query, Status, evaluate
from jupyter_privguard.report.fields import FIELDS, SHOWN, fields_of

NUMBERS = {
    "gdpr": r"Art\. [1-9]\d?\([1-9]\)(\([a-h]\))?",
    "hipaa": r"164\.312\([a-e]\)(\([12]\)(\([iv]+\))?)?|164\.514\([b-d]\)(\([12]\)(\(ii?\)(\([A-R]\))?)?)?",
    "pci-dss": r"(3\.[345]|7\.[23]|8\.[23]|10\.[2-57])\.\d(\.\d)?",
    "iso27001": r"A\.(5\.([1-9]|[12]\d|3[0-7])|8\.([1-9]|[12]\d|3[0-4]))",
    "soc2": r"(CC[1-9]|C1|PI1|P[1-8])\.[1-9]",
    "india-dpdp": r"Act s\. [1-9]\d?\([1-9]\)(\([a-i]\))?|Rule ([1-9]|1\d|2[0-3])\([1-9]\)(\([a-g]\))?",
    "eu-ai-act": r"Art\. (9|1[0-5]|19|26)\([1-9]\)(\([a-h]\))?",
}
ASKED = {
    "gdpr": [
        "Art. 5(",
        "Art. 6(",
        "Art. 9(",
        "Art. 17(",
        "Art. 25(",
        "Art. 28(",
        "Art. 30(",
        "Art. 32(",
        "Art. 33(",
        "Art. 35(",
    ],
    "hipaa": ["164.312(", "164.514(", *(f"164.514(b)(2)(i)({letter})" for letter in "ABCDEFGHIJKLMNOPQR")],
    "pci-dss": ["3.3", "3.4", "3.5", "7.", "8.", "10."],
    "iso27001": ["A.5.3", "A.5.12", "A.8.11", "A.8.12", "A.8.15"],
    "soc2": ["CC6.", "CC7.", "C1.", "PI1.", "P4."],
    "india-dpdp": ["Act s. 8(5)", "Rule 6(1)(a)", "Rule 8(3)"],
    "eu-ai-act": [f"Art. {number}(" for number in (*range(9, 16), 19, 26)],
}
FRAMEWORKS = {framework.pack: framework for framework in packs.built_in()}
CONTROLS = [
    pytest.param(control, id=f"{framework.pack} {control.id}")
    for framework in packs.built_in()
    for control in framework.controls
]
FOLDER = Path(packs.__file__).parent / "controls"


def _put(event: dict[str, Any], path: str, value: Any) -> None:
    """``value`` at the dotted ``path``, in which the names of lists are those of the log."""
    *way, last = path.split(".")
    for name in way:
        inner: Any = event.setdefault(name, [{}] if name in ("sinks", "datasets", "columns", "checks") else {})
        event = inner[0] if isinstance(inner, list) else inner
    event[last] = value


def _event(seq: int, query: Query) -> dict[str, Any]:
    """The least event that ``query`` matches."""
    event: dict[str, Any] = {"seq": seq, "action": query.actions[0]}
    for path, wanted in query.where:
        if wanted == PRESENT:
            _put(event, path, {"X": 1} if path == "masked" else "x")
        elif wanted != ABSENT:
            _put(event, path, {wanted[0]: 1} if path == "masked" else wanted[0])
    if query.shown:
        event["shown"] = [{"columns": [{field: values[0] for field, values in query.shown}]}]
    assert query.matches(event)
    return event


def _log(control: Any) -> list[dict[str, Any]]:
    """An event for each condition in each of its forms, then one for each kind of evidence."""
    queries = [query for condition in control.applies for query in condition.queries]
    queries += [statement.queries[0] for statement in control.evidence]
    return [_event(seq, query) for seq, query in enumerate(queries, 1)]


@pytest.mark.parametrize("control", CONTROLS)
def test_each_control_is_evidenced_by_a_log_made_for_it_or_partly_where_something_weakens_it(control):
    result = evaluate(control, _log(control), is_anchored=True)

    assert result.missing == ()
    assert result.status is (Status.PARTIAL if result.weakened else Status.EVIDENCED)


@pytest.mark.parametrize("control", CONTROLS)
def test_each_control_is_not_evidenced_without_the_events_behind_it(control):
    log = _log(control)
    behind = {seq for finding in evaluate(control, log).found for seq in finding.seqs}

    result = evaluate(control, [event for event in log if event["seq"] not in behind])

    assert behind
    assert result.status is Status.NOT_EVIDENCED
    assert result.found == ()


@pytest.mark.parametrize("control", CONTROLS)
def test_each_kind_of_evidence_counts(control):
    log = _log(control)
    for statement in control.evidence:
        index = Indexed(log)
        behind = set(index.seqs(statement.queries))

        result = evaluate(control, [event for event in log if event["seq"] not in behind])

        assert statement.says in [finding.says for finding in result.missing]
        assert result.status in (Status.PARTIAL, Status.NOT_EVIDENCED)


@pytest.mark.parametrize("control", [case for case in CONTROLS if case.values[0].applies])
def test_a_control_with_a_condition_does_not_apply_to_a_log_without_what_it_asks_for(control):
    assert evaluate(control, []).status is Status.NOT_APPLICABLE
    assert evaluate(control, [{"seq": 1, "action": "cell.run", "purpose": "p"}]).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize("pack", NUMBERS)
def test_the_numbers_have_the_form_of_their_framework_and_those_asked_for_are_there(pack):
    ids = [control.id for control in FRAMEWORKS[pack].controls]

    assert [number for number in ids if not re.fullmatch(NUMBERS[pack], number)] == []
    assert [number for number in ASKED[pack] if not any(known.startswith(number) for known in ids)] == []
    assert len(ids) == len(set(ids))


def test_the_packs_and_no_others():
    assert set(FRAMEWORKS) == set(NUMBERS) == set(packs.names())
    assert len({framework.name for framework in packs.built_in()}) == len(NUMBERS)


@pytest.mark.parametrize("pack", NUMBERS)
def test_each_pack_names_where_its_numbers_can_be_looked_up(pack):
    framework = FRAMEWORKS[pack]
    sources = [framework.source, *(control.source for control in framework.controls if control.source)]

    assert [source for source in sources if not re.fullmatch(r"https://[^\s<>\"]+", source)] == []


def test_no_pack_promises_that_a_rule_is_kept():
    for path in FOLDER.glob("*.yaml"):
        words = set(re.findall(r"[a-z-]+", path.read_text("utf-8").lower()))

        assert not words & {"compliant", "non-compliant", "complies", "comply", "conforms", "certified", "guarantees"}


@cache
def _queries() -> list[Query]:
    statements = [
        statement
        for framework in packs.built_in()
        for control in framework.controls
        for statement in (*control.evidence, *control.limits, *control.applies)
    ]
    return list(dict.fromkeys(query for statement in statements for query in statement.queries))


def test_queries_ask_for_actions_fields_and_values_that_the_log_can_have():
    assert len(_queries()) > 60
    for query in _queries():
        assert set(query.actions) <= ACTIONS
        for path, wanted in query.where:
            for action in query.actions:
                allowed = fields_of(action)[path]
                assert wanted in (PRESENT, ABSENT) or allowed is None or set(wanted) <= set(allowed)
            if path == "masked" and wanted != PRESENT:
                assert set(wanted) <= set(ENTITIES)
        for field, values in query.shown:
            assert set(values) <= set(SHOWN[field] or ENTITIES)


def test_every_statement_that_packs_may_share_is_used_by_one():
    told = "\n".join(path.read_text("utf-8") for path in FOLDER.glob("[!_]*.yaml"))
    names = re.findall(r"^  (\w+):", (FOLDER / "_statements.yaml").read_text("utf-8"), re.MULTILINE)

    assert [name for name in names if not re.search(rf"[\[ ]{name}[\],\n]", told)] == []


def test_the_table_of_fields_knows_every_action_and_every_field_of_a_log_that_was_written(story):
    story.tell()
    story.add(
        "class.change", direction="lower", before="EMAIL_ADDRESS", after="NONE", dataset="d", column="c", saved=False
    )

    assert set(FIELDS) == set(ACTIONS)
    for event in story.verified().events:
        around = "seq time action principal cell dataset dataset.columns.action python".split()
        known = {*fields_of(event["action"]), *around}
        unknown = {path for path in _paths(event) if not path.startswith(("masked.", "shown.columns"))}
        assert unknown <= known


def _paths(value: Any, path: str = "") -> set[str]:
    if isinstance(value, dict):
        own = {path} if path else set()
        return own.union(*(_paths(inner, f"{path}.{name}".lstrip(".")) for name, inner in value.items()))
    if isinstance(value, (list, tuple)):
        return {path}.union(*(_paths(inner, path) for inner in value))
    return {path}
