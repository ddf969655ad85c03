"""Which columns an experiment could have left where they were, as the log tells it."""

from __future__ import annotations

import csv
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.audit.minimisation import Minimisation, as_fields, declaration, minimisation

LABELS = ["cid", "email", "salary", "plan"]
CLASSES = {"cid": "CUSTOMER_ID", "email": "EMAIL_ADDRESS", "salary": "INCOME", "plan": "NONE"}


def run(*datasets: dict[str, Any], experiment: str | None = "e1", session: str = "s1") -> dict[str, Any]:
    return {"action": "cell.run", "session": session, "experiment": experiment, "datasets": list(datasets)}


def touched(how: list[str], columns: list[str], name: str = "people", **more: Any) -> dict[str, Any]:
    source = "/data/people.csv" if name == "people" else None
    return {"name": name, "source": source, "as": [], "columns": columns, "rows": 9, "how": how, **more}


LOADED = touched(["loaded"], LABELS)


def load(experiment: str | None = "e1", session: str = "s1") -> dict[str, Any]:
    columns = [
        {"label": label, "entity": entity, "class": "none" if entity == "NONE" else "pii"}
        for label, entity in CLASSES.items()
    ]
    dataset = {"name": "people", "source": "/data/people.csv", "rows": 9, "columns": columns}
    return {"action": "data.load", "session": session, "experiment": experiment, "dataset": dataset}


def found(*events: dict[str, Any], experiment: str | None = None) -> list[Minimisation]:
    return minimisation([{**event, "seq": number} for number, event in enumerate(events, 1)], experiment)


def unused(*events: dict[str, Any], experiment: str | None = None) -> list[list[str]]:
    return [[column.label for column in one.unused] for one in found(*events, experiment=experiment)]


def test_a_column_that_nobody_used_is_listed_with_what_it_holds_and_who_loaded_it() -> None:
    (one,) = found(load(), run(LOADED), run(touched(["computed"], ["salary"])))

    assert (one.experiment, one.dataset, one.sources) == ("e1", "people", ("/data/people.csv",))
    assert [(c.label, c.entity, c.data_class) for c in one.unused] == [
        ("cid", "CUSTOMER_ID", "pii"),
        ("email", "EMAIL_ADDRESS", "pii"),
        ("plan", "", ""),
    ]
    assert one.used == ("salary",) and one.seqs == (1, 2)


@pytest.mark.parametrize("how", ["shown", "filtered", "joined", "computed", "fitted", "exported"])
def test_every_way_of_using_a_column_counts(how: str) -> None:
    assert unused(run(LOADED), run(touched([how], ["cid", "email", "salary"]))) == [["plan"]]
    assert unused(run(LOADED), run(touched([how], LABELS))) == []


def test_what_one_cell_loads_and_uses_is_told_apart() -> None:
    both = touched(["computed", "loaded"], LABELS, uses={"computed": ["salary"]})

    assert unused(run(both)) == [["cid", "email", "plan"]]


def test_where_the_log_does_not_tell_them_apart_all_count_as_used() -> None:
    assert unused(run(touched(["computed", "loaded"], LABELS))) == []


def test_what_was_only_kept_is_listed_and_marked() -> None:
    kept = touched(["computed"], LABELS, uses={"computed": ["salary"], "kept": LABELS})
    (one,) = found(run(LOADED), run(kept))

    assert [(c.label, c.is_kept) for c in one.unused] == [("cid", True), ("email", True), ("plan", True)]


def test_the_use_of_what_was_made_from_a_column_is_a_use_of_it() -> None:
    parents = [{"name": "people", "columns": [{"label": "k", "from": ["cid"]}, {"label": "m", "from": ["email"]}]}]
    made = touched(["computed"], ["k", "m"], "wide", parents=parents)
    again = touched(
        ["computed"], ["z"], "wider", parents=[{"name": "wide", "columns": [{"label": "z", "from": ["k"]}]}]
    )

    assert unused(run(LOADED), run(made)) == [LABELS]
    assert unused(run(LOADED), run(made), run(touched(["shown"], ["m"], "wide"))) == [["cid", "salary", "plan"]]
    assert unused(run(LOADED), run(made), run(again), run(touched(["shown"], ["z"], "wider"))) == [
        ["email", "salary", "plan"]
    ]


def test_files_and_tables_of_one_name_are_measured_apart() -> None:
    one, other = (touched(["loaded"], LABELS) | {"source": source} for source in ("in/a/people.csv", "club.db"))
    made = touched(["computed"], ["cid", "salary"], "m")
    made["parents"] = [
        {"name": "people", "source": "club.db", "columns": [{"label": "cid", "from": ["cid"]}]},
        {"name": "people", "source": "in/a/people.csv", "columns": [{"label": "salary", "from": ["salary"]}]},
    ]

    events = [
        run(one),
        run(other),
        run(touched(["computed"], ["plan"]) | {"source": "/home/in/a/people.csv"}),
        run(touched(["kept"], ["cid"]) | {"source": "club.db", "uses": {"kept": ["cid"]}}, made),
        run(touched(["shown"], ["cid", "salary"], "m")),
    ]

    assert [(one.sources, one.used) for one in found(*events)] == [
        (("in/a/people.csv",), ("salary", "plan")),
        (("club.db",), ("cid",)),
    ]


def test_each_experiment_is_measured_by_itself() -> None:
    events = [run(LOADED), run(touched(["shown"], LABELS[:3]))]
    other = [run(LOADED, experiment="e2"), run(touched(["shown"], ["plan"]), experiment="e2")]

    assert unused(*events, *other) == [["plan"], ["cid", "email", "salary"]]
    assert unused(*events, *other, experiment="e2") == [["cid", "email", "salary"]]


def test_what_was_loaded_before_the_experiment_had_its_name_counts_in_its_session_alone() -> None:
    early, later = run(LOADED, experiment=None), run(touched(["shown"], ["cid"]))

    assert [(one.experiment, len(one.unused)) for one in found(early, later)] == [("", 3), ("e1", 3)]
    assert found(early, {**later, "session": "s2"}, experiment="e1") == []


def test_what_another_session_of_the_experiment_used_is_used() -> None:
    assert unused(run(LOADED), run(LOADED, session="s2"), run(touched(["shown"], LABELS[:3]), session="s2")) == [
        ["plan"]
    ]


@pytest.mark.parametrize(
    "event",
    [
        {"action": "cell.run"},
        {"action": "cell.run", "session": "s1", "datasets": None},
        {"action": "cell.run", "session": "s1", "datasets": [{"name": 3, "columns": 4, "how": 5, "uses": [6]}]},
        {"action": "cell.run", "session": "s1", "datasets": [{**LOADED, "uses": {"computed": 4}, "parents": [1]}]},
        {"action": "data.load", "dataset": {"columns": [{}, 1]}},
        {"action": "data.load", "dataset": "people"},
    ],
)
def test_events_of_other_versions_stop_nothing(event: dict[str, Any]) -> None:
    assert as_fields(minimisation([event, {**run(LOADED), "seq": 2}]))[-1]["dataset"] == "people"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1), min_size=1, unique=True))
def test_a_declaration_is_read_back_by_the_header(labels: list[str]) -> None:
    from jupyter_privguard.notebook.header import parse_header

    labels = list(dict.fromkeys(label.strip() for label in labels if label.strip()))
    if not labels or any(len(label) > 200 or not label.isprintable() for label in labels):
        return
    (word,) = shlex.split(declaration(labels))
    header = parse_header(f"%%secure --minimise {declaration(labels)}\n1")

    assert next(csv.reader([word])) == labels
    assert header is not None and header.problem == "" and header.options.minimise == tuple(labels)
