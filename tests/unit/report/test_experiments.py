"""Which experiments a log tells of."""

from __future__ import annotations

import pytest

from jupyter_privguard.errors import InputError
from jupyter_privguard.report.experiments import experiments, find_experiment


def _event(seq, action="cell.run", experiment="exp-1", outcome="ok", **fields):
    return {
        "seq": seq,
        "time": f"2026-11-25T21:00:{seq:02d}Z",
        "action": action,
        "experiment": experiment,
        "outcome": outcome,
        "principal": {"id": "asha", "assurance": "self"},
        **fields,
    }


def test_an_empty_log_has_none():
    assert experiments([]) == []


def test_events_without_an_experiment_make_none():
    assert experiments([_event(1, experiment=None), _event(2, experiment=""), {"seq": 3, "action": "key.create"}]) == []


def test_they_come_in_the_order_in_which_they_began():
    found = experiments([_event(1, experiment="b"), _event(2, experiment="a"), _event(3, experiment="b")])

    assert [(experiment.name, experiment.first_seq, experiment.last_seq) for experiment in found] == [
        ("b", 1, 3),
        ("a", 2, 2),
    ]


def test_one_begins_with_its_first_event_whatever_that_is():
    [found] = experiments([_event(4, "cell.start", outcome="started"), _event(5, outcome="refused")])

    assert found.began == "2026-11-25T21:00:04Z"
    assert found.cells == {"refused": 1}
    assert found.is_open


def test_cells_are_counted_by_outcome_and_starts_are_not_cells():
    [found] = experiments(
        [
            _event(1, "cell.start"),
            _event(2),
            _event(3, outcome="error"),
            _event(4),
            _event(5, "data.load", dataset={"name": "t"}),
        ]
    )

    assert found.cells == {"ok": 2, "error": 1}
    assert found.events == 5
    assert found.datasets == ("t",)


def test_names_are_listed_once_in_order_of_appearance():
    [found] = experiments(
        [
            _event(1, tier="internal", purpose="p", notebook="n.ipynb", datasets=[{"name": "b"}, {"name": "a"}]),
            _event(2, tier="public", purpose=None, notebook=None, datasets=[{"name": "b"}]),
        ]
    )

    assert (found.tiers, found.purposes, found.notebooks) == (("internal", "public"), ("p",), ("n.ipynb",))
    assert found.datasets == ("b", "a")


def test_closing_ends_one_and_only_that_one():
    events = [_event(1), _event(2, experiment="exp-2"), _event(3, "experiment.close")]

    first, second = experiments(events)

    assert (first.closed, second.closed) == ("2026-11-25T21:00:03Z", None)
    assert (first.is_open, second.is_open) == (False, True)


def test_unknown_ones_are_refused_with_the_nearest_name():
    with pytest.raises(InputError, match="did you mean `exp-1`"):
        find_experiment([_event(1)], "exp1")
    with pytest.raises(InputError, match="privguard experiment list"):
        find_experiment([_event(1)], "something else")


def test_what_was_asked_for_is_not_repeated_in_the_refusal():
    with pytest.raises(InputError) as caught:
        find_experiment([_event(1)], "jane.doe@example.com")

    assert "jane" not in str(caught.value)
