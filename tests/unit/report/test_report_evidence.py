"""The engine: queries, statements and the four answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.report.evidence import ABSENT, PRESENT, Control, Indexed, Query, Statement, Status, evaluate


def _run(seq=1, **fields):
    return {"seq": seq, "action": "cell.run", **fields}


def _where(**where):
    return Query(("cell.run",), tuple((path.replace("__", "."), wanted) for path, wanted in where.items()))


HAS_PURPOSE = Statement("has a purpose", (_where(purpose=PRESENT),))
HAS_SINK = Statement("wrote", (_where(sinks__kind=("file",)),))
NO_PURPOSE = Statement("has none", (_where(purpose=ABSENT),))
CARDS = Statement("has cards", (_where(masked=("CREDIT_CARD",)), Query(("data.load",))))
ALWAYS = Statement("Always so.")


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


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([], Status.NOT_APPLICABLE),
        ([_run(purpose="p", masked={"INCOME": 3})], Status.NOT_APPLICABLE),
        ([_run(purpose="p", masked={"CREDIT_CARD": 3})], Status.EVIDENCED),
        ([_run(purpose="p"), {"seq": 2, "action": "data.load"}], Status.EVIDENCED),
        ([_run(masked={"CREDIT_CARD": 3})], Status.NOT_EVIDENCED),
    ],
)
def test_a_control_applies_where_each_of_its_conditions_has_an_event(events, status):
    result = evaluate(Control("c", "t", (HAS_PURPOSE,), (), (CARDS,)), events)

    assert result.status is status
    assert [finding.says for finding in result.unmet] == (["has cards"] if status is Status.NOT_APPLICABLE else [])


def test_one_condition_without_events_is_enough_to_not_apply():
    control = Control("c", "t", (HAS_PURPOSE,), (), (HAS_SINK, CARDS))

    result = evaluate(control, [_run(purpose="p", sinks=[{"kind": "file"}])])

    assert (result.status, [finding.says for finding in result.unmet]) == (Status.NOT_APPLICABLE, ["has cards"])


@pytest.mark.parametrize(("is_anchored", "status"), [(False, Status.PARTIAL), (True, Status.EVIDENCED)])
def test_that_nobody_keeps_checkpoints_limits_a_log_without_anchor_alone(is_anchored, status):
    limit = Statement("nobody keeps it", is_of_unanchored_logs=True)
    control = Control("c", "t", (HAS_PURPOSE,), (limit,))

    assert evaluate(control, [_run(purpose="p")], is_anchored=is_anchored).status is status


def test_every_event_that_counted_is_named():
    control = Control("c", "t", (HAS_PURPOSE, HAS_SINK), (NO_PURPOSE,))

    result = evaluate(control, [_run(1, purpose="p"), _run(2), _run(7, purpose="p")])

    assert [(finding.says, finding.seqs) for finding in result.found] == [("has a purpose", (1, 7))]
    assert [finding.says for finding in result.missing] == ["wrote"]
    assert [finding.seqs for finding in result.weakened] == [(2,)]


def test_an_event_that_two_queries_match_counts_once():
    either = Statement("either", (_where(purpose=PRESENT), _where(tier=("public",))))

    result = evaluate(Control("c", "t", (either,)), [_run(3, purpose="p", tier="public"), _run(1, tier="public")])

    assert result.found[0].seqs == (1, 3)


def test_many_controls_share_one_index():
    events = [_run(number, purpose="p" if number % 2 else None) for number in range(1, 9)]
    index = Indexed(iter(events))
    control = Control("c", "t", (HAS_PURPOSE,), (NO_PURPOSE,))

    assert evaluate(control, index) == evaluate(control, index) == evaluate(control, events)


_LEAF = st.sampled_from(["a", "b", "", None, True, 1])
_EVENT = st.fixed_dictionaries(
    {"action": st.sampled_from(["cell.run", "reveal"])},
    optional={
        "x": _LEAF | st.lists(_LEAF, max_size=2),
        "masked": st.dictionaries(st.sampled_from("ab"), st.integers(1, 3)),
        "n": st.lists(st.fixed_dictionaries({}, optional={"x": _LEAF | st.lists(_LEAF, max_size=2)}), max_size=2),
        "shown": st.lists(
            st.fixed_dictionaries({"columns": st.lists(st.fixed_dictionaries({"class": _LEAF, "action": _LEAF}))}),
            max_size=2,
        ),
    },
)
_WANTED = st.sampled_from([PRESENT, ABSENT, ("a",), ("a", "b"), (True,)])
_QUERY = st.builds(
    Query,
    st.sampled_from([("cell.run",), ("reveal", "cell.run"), ("alert",)]),
    st.lists(st.tuples(st.sampled_from(["x", "n.x", "masked", "n", "gone.far"]), _WANTED), max_size=2).map(tuple),
    st.sampled_from([(), (("class", ("a",)),), (("class", ("a", "b")), ("action", ("b",)))]),
)


@given(st.lists(_EVENT, max_size=8), st.lists(_QUERY, min_size=1, max_size=3))
def test_the_index_finds_what_each_query_matches(events, queries):
    numbered = [{**event, "seq": seq} for seq, event in enumerate(events, 1)]

    matching = [event["seq"] for event in numbered if any(query.matches(event) for query in queries)]

    assert list(Indexed(numbered).seqs(queries)) == matching


@pytest.mark.parametrize(
    ("where", "event", "matches"),
    [
        ({"masked": PRESENT}, _run(masked={"A": 1}), True),
        ({"masked": PRESENT}, _run(masked={}), False),
        ({"masked": ABSENT}, _run(), True),
        ({"masked": ABSENT}, _run(masked={"A": 1}), False),
        ({"masked": ("A", "B")}, _run(masked={"B": 1}), True),
        ({"masked": ("A", "B")}, _run(masked={"C": 1}), False),
        ({"principal.assurance": ("self",)}, _run(principal={"assurance": "self"}), True),
        ({"principal.assurance": ("os", "hub")}, _run(principal={"assurance": "self"}), False),
        ({"sinks.unseen": (True,)}, _run(sinks=[{"kind": "file"}, {"unseen": True}]), True),
        ({"sinks.unseen": (True,)}, _run(sinks=[{"kind": "file"}]), False),
        ({"datasets.how": ("fitted",)}, _run(datasets=[{"how": ["loaded", "fitted"]}]), True),
        ({"dataset.columns.class": PRESENT}, _run(dataset={"columns": []}), False),
        ({"a": ("x",), "b": ("y",)}, _run(a="x", b="z"), False),
    ],
)
def test_where(where, event, matches):
    assert Query(("cell.run",), tuple(where.items())).matches(event) is matches


def test_shown_asks_for_one_column_with_all_fields():
    query = Query(("cell.run",), (), (("class", ("pii",)), ("action", ("clear",))))
    mixed = [{"class": "pii", "action": "token"}, {"class": "none", "action": "clear"}]

    assert not query.matches(_run(shown=[{"columns": mixed}]))
    assert query.matches(_run(shown=[{"columns": mixed}, {"columns": [{"class": "pii", "action": "clear"}]}]))


def test_a_query_reads_as_it_asks():
    query = Query(
        ("cell.run", "reveal"),
        (("purpose", PRESENT), ("sinks.unseen", (True,)), ("outcome", ("ok", "error", "lost"))),
        (("class", ("pii", "health")),),
    )

    assert str(query) == (
        "cell.run or reveal where purpose is present and sinks.unseen is true and outcome is ok, error or lost "
        "showing a column whose class is pii or health"
    )
