"""What two runs differ in, and whether one reproduces the other: told from events alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.errors import InputError
from jupyter_privguard.tracking.diff import compared, reproductions
from jupyter_privguard.tracking.runs import Run, find_run, runs_in

A, B = "a1" * 16, "b2" * 16
DIGEST = f"sha256:{'0' * 64}"
WHO = {"id": "asha", "assurance": "self"}


class Log:
    """Events as a log would have them."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def add(self, action: str, **fields: Any) -> None:
        at = len(self.events) + 1
        self.events.append(
            {"action": action, "seq": at, "time": f"2026-11-26T10:00:{at:02}Z", "principal": WHO, **fields}
        )

    def run(self, run_id: str, **fields: Any) -> Run:
        cell = f"cell-of-{run_id[:2]}"
        own = {"run_id": run_id, "experiment": "churn", "cells": [{"run": cell}], "server": "http://127.0.0.1:5000"}
        told = {
            "datasets": [{"name": "people", "source": "people.csv", "columns": ["age", "income"], "digest": DIGEST}],
            "params": [{"name": "C", "value": "0.5"}],
            "metrics": [{"name": "accuracy", "value": "0.81"}],
            "algorithms": [{"class": "sklearn.LogisticRegression", "library": "sklearn", "version": "1.9"}],
        }
        self.add("cell.start", run=cell, experiment="churn")
        self.add("run.start", outcome="started", **own)
        self.add("run.end", outcome="ok", **own | told | fields)
        self.add("cell.run", run=cell, experiment="churn")
        return find_run(self.events, run_id)[0]


def both(**changed: Any) -> tuple[Run, Run]:
    log = Log()
    return log.run(A), log.run(B, **changed)


def test_equal_runs_are_reproduced() -> None:
    found = compared(*both())

    assert (found.changes, found.verdict) == ((), "reproduced")
    assert "accuracy" in found.reason


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"params": [{"name": "C", "value": "2.0"}]}, [("parameter", "C", "0.5", "2.0")]),
        ({"params": []}, [("parameter", "C", "0.5", None)]),
        (
            {"algorithms": [{"class": "sklearn.LogisticRegression", "library": "sklearn", "version": "2.0"}]},
            [("algorithm", "", "sklearn.LogisticRegression (sklearn 1.9)", "sklearn.LogisticRegression (sklearn 2.0)")],
        ),
        (
            {"datasets": [{"name": "people", "columns": ["age", "income"], "digest": "sha256:1"}]},
            [("digest", "people", DIGEST, "sha256:1")],
        ),
        (
            {"datasets": [{"name": "people", "columns": ["age", "city"], "digest": DIGEST}]},
            [("column", "people.income", "used", "not used"), ("column", "people.city", "not used", "used")],
        ),
        (
            {"datasets": [{"name": "orders", "columns": [], "digest": "sha256:1"}]},
            [("data set", "people", DIGEST, None), ("data set", "orders", None, "sha256:1")],
        ),
    ],
)
def test_what_changed_is_named(
    changed: dict[str, Any], expected: list[tuple[str, str, str | None, str | None]]
) -> None:
    found = compared(*both(**changed))

    assert [(one.what, one.name, one.a, one.b) for one in found.changes] == expected
    assert found.verdict == "different"


def test_another_metric_of_the_same_run_is_not_reproduced() -> None:
    found = compared(*both(metrics=[{"name": "accuracy", "value": "0.82"}]))

    assert found.verdict == "not reproduced"
    assert [(one.what, one.a, one.b) for one in found.changes] == [("metric", "0.81", "0.82")]


@pytest.mark.parametrize("digest", [None, "changed since it was read"])
def test_without_a_digest_nobody_can_tell(digest: str | None) -> None:
    log = Log()
    data = [{"name": "people", "columns": ["age"], "digest": digest}]

    assert compared(log.run(A, datasets=data), log.run(B, datasets=data)).verdict == "not told"


def test_without_a_common_metric_nobody_can_tell() -> None:
    assert compared(*both(metrics=[{"name": "f1", "value": "0.5"}])).verdict == "not told"


def test_runs_that_were_done_again_are_found_in_a_log() -> None:
    log = Log()
    log.run(A)
    log.run("c3" * 16, params=[])
    log.run(B, metrics=[{"name": "accuracy", "value": "0.9"}])
    log.run("d4" * 16)

    found = reproductions(runs_in(log.events))

    assert [(diff.a.run_id, diff.b.run_id, diff.verdict) for diff in found] == [
        (A, B, "not reproduced"),
        (A, "d4" * 16, "reproduced"),
    ]


def test_a_run_leads_to_its_cells_and_its_own_events() -> None:
    run = Log().run(A)

    assert (run.seqs, run.cells) == ((2, 3), (1, 4))
    assert (run.person, run.server, run.ended) == ("asha", "http://127.0.0.1:5000", "2026-11-26T10:00:03Z")


def test_the_newest_end_of_a_run_counts() -> None:
    log = Log()
    log.run(A)
    log.add("run.end", outcome="ok", run_id=A, metrics=[{"name": "score", "value": "1"}])

    (run,) = runs_in(log.events)

    assert (run.metrics, run.seqs) == ({"score": "1"}, (2, 3, 5))


def test_a_run_without_an_end_and_one_that_never_began_are_runs_too() -> None:
    log = Log()
    log.add("run.start", outcome="started", run_id=A, server="s")
    log.add("run.start", outcome="error", run_id="", server="s")

    assert [(run.run_id, run.ended, run.outcome) for run in runs_in(log.events)] == [
        (A, None, "started"),
        ("", None, "error"),
    ]


def test_names_and_beginnings_of_ids_find_runs() -> None:
    log = Log()
    log.run(A)
    log.run(B)
    log.add("cell.run", experiment="plain", run="x", datasets=[{"name": "orders", "columns": ["total"]}])

    assert find_run(log.events, A[:8])[0].run_id == A
    assert (find_run(log.events, "churn")[0].run_id, find_run(log.events, "churn")[1]) == (B, 2)
    cells, number = find_run(log.events, "plain")
    assert (cells.called, cells.datasets[0].columns, number) == ("plain", ("total",), 0)


@pytest.mark.parametrize("called", ["", "chrun", "a1a1a", "zzzzzzzz", "None"])
def test_what_the_log_does_not_know_is_one_sentence(called: str) -> None:
    log = Log()
    log.run(A)

    with pytest.raises(InputError, match=r"^privguard: the log knows no run and no experiment of that name; "):
        find_run(log.events, called)


def test_a_beginning_of_more_than_one_id_is_refused() -> None:
    log = Log()
    log.run("a1a1a1" + "0" * 26)
    log.run("a1a1a1" + "1" * 26)

    with pytest.raises(InputError, match="more than one run"):
        find_run(log.events, "a1a1a1")


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "value", "run", "columns"]), inner)
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from("datasets params metrics algorithms cells files refused cleaned failed".split()), _ANY
    )
)
def test_events_of_any_make_are_read(fields: dict[str, Any]) -> None:
    log = Log()
    log.run(A)
    log.add("run.end", **{"run_id": B, "outcome": "ok", **fields})
    runs = runs_in(log.events)

    compared(runs[0], runs[1])
    reproductions(runs)
