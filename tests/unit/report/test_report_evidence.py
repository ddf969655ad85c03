"""Controls: data, queries and the three answers."""

from __future__ import annotations

import pytest

from jupyter_privguard.audit.event import ACTIONS
from jupyter_privguard.report.evidence import Control, Query, Statement, Status, evaluate, frameworks


def _run(seq=1, **fields):
    return {"seq": seq, "action": "cell.run", **fields}


HAS_PURPOSE = Statement("has a purpose", Query(("cell.run",), {"purpose": "present"}, {}))
HAS_SINK = Statement("wrote", Query(("cell.run",), {"sinks.kind": ["file"]}, {}))
NO_PURPOSE = Statement("has none", Query(("cell.run",), {"purpose": "absent"}, {}))
ALWAYS = Statement("Always so.", None)


@pytest.mark.parametrize(
    ("evidence", "limits", "events", "status"),
    [
        ((HAS_PURPOSE,), (), [_run(purpose="p")], Status.EVIDENCED),
        ((HAS_PURPOSE,), (), [_run(purpose=None)], Status.NOT_EVIDENCED),
        ((HAS_PURPOSE,), (), [], Status.NOT_EVIDENCED),
        ((HAS_PURPOSE, HAS_SINK), (), [_run(purpose="p")], Status.PARTIAL),
        ((HAS_PURPOSE, HAS_SINK), (), [_run(purpose="p", sinks=[{"kind": "file"}])], Status.EVIDENCED),
        ((HAS_PURPOSE,), (NO_PURPOSE,), [_run(purpose="p")], Status.EVIDENCED),
        ((HAS_PURPOSE,), (NO_PURPOSE,), [_run(purpose="p"), _run(2)], Status.PARTIAL),
        ((HAS_PURPOSE,), (ALWAYS,), [_run(purpose="p")], Status.PARTIAL),
        ((HAS_PURPOSE,), (ALWAYS,), [], Status.NOT_EVIDENCED),
    ],
)
def test_status(evidence, limits, events, status):
    assert evaluate(Control("c", "t", evidence, limits), events).status is status


@pytest.mark.parametrize(("is_anchored", "status"), [(False, Status.PARTIAL), (True, Status.EVIDENCED)])
def test_that_nobody_keeps_checkpoints_limits_a_log_without_anchor_alone(is_anchored, status):
    limit = Statement("nobody keeps it", None, is_of_unanchored_logs=True)
    control = Control("c", "t", (HAS_PURPOSE,), (limit,))

    assert evaluate(control, [_run(purpose="p")], is_anchored=is_anchored).status is status


def test_every_event_that_counted_is_named():
    control = Control("c", "t", (HAS_PURPOSE, HAS_SINK), (NO_PURPOSE,))

    result = evaluate(control, [_run(1, purpose="p"), _run(2), _run(7, purpose="p")])

    assert [(finding.says, finding.seqs) for finding in result.found] == [("has a purpose", (1, 7))]
    assert result.missing == ("wrote",)
    assert [finding.seqs for finding in result.weakened] == [(2,)]


@pytest.mark.parametrize(
    ("where", "event", "matches"),
    [
        ({"masked": "present"}, _run(masked={"A": 1}), True),
        ({"masked": "present"}, _run(masked={}), False),
        ({"masked": "absent"}, _run(), True),
        ({"principal.assurance": ["self"]}, _run(principal={"assurance": "self"}), True),
        ({"principal.assurance": ["os", "hub"]}, _run(principal={"assurance": "self"}), False),
        ({"sinks.unseen": [True]}, _run(sinks=[{"kind": "file"}, {"unseen": True}]), True),
        ({"sinks.unseen": [True]}, _run(sinks=[{"kind": "file"}]), False),
        ({"dataset.columns.class": "present"}, _run(dataset={"columns": []}), False),
        ({"a": ["x"], "b": ["y"]}, _run(a="x", b="z"), False),
    ],
)
def test_where(where, event, matches):
    assert Query(("cell.run",), where, {}).matches(event) is matches


def test_shown_asks_for_one_column_with_all_fields():
    query = Query(("cell.run",), {}, {"class": ["pii"], "action": ["clear"]})
    mixed = [{"class": "pii", "action": "token"}, {"class": "none", "action": "clear"}]

    assert not query.matches(_run(shown=[{"columns": mixed}]))
    assert query.matches(_run(shown=[{"columns": mixed}, {"columns": [{"class": "pii", "action": "clear"}]}]))


def test_the_frameworks_and_their_controls():
    found = {framework.name: [control.id for control in framework.controls] for framework in frameworks()}

    assert set(found) == {"GDPR", "HIPAA", "ISO/IEC 27001"}
    assert found["ISO/IEC 27001"] == ["A.8.11", "A.8.12", "A.8.15"]
    for article in ("Art. 5", "Art. 25", "Art. 30", "Art. 32"):
        assert any(control.startswith(article) for control in found["GDPR"])
    assert all(control.startswith("164.312") for control in found["HIPAA"])


def test_control_files_ask_for_actions_that_exist_and_promise_nothing():
    for framework in frameworks():
        for control in framework.controls:
            assert control.evidence
            for statement in (*control.evidence, *control.limits):
                assert "complian" not in statement.says.lower()
                assert statement.query is None or set(statement.query.actions) <= ACTIONS
            assert all(statement.query for statement in control.evidence)
