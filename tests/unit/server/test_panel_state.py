"""Promises of the fold that turns a log into what the panel shows."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.server.state import KEPT_EVENTS, KernelState

KERNEL = "0f9d1f0e-6d2b-4b8e-9d6e-1f2a3b4c5d6e"
NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)


class Log:
    """Writes events as the guard does, with numbers from 1."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self._seq = count(1)

    def add(self, action: str, *, session: str = "s1", outcome: str = "ok", **fields: Any) -> int:
        seq = next(self._seq)
        time = (NOON + timedelta(seconds=seq)).isoformat().replace("+00:00", "Z")
        base = {"seq": seq, "time": time, "action": action, "session": session, "outcome": outcome}
        who = {"principal": {"id": "analyst-1", "assurance": "self"}, "policy_sha256": "0" * 64}
        self.events.append({**base, **who, **fields})
        return seq

    def load(self, **fields: Any) -> int:
        return self.add("guard.load", **{"kernel": KERNEL, "tier": "public", "policy": "built-in", **fields})

    def data(self, name: str, *columns: tuple[str, str, str], **fields: Any) -> int:
        described = [
            {
                "label": label,
                "entity": entity,
                "class": data_class,
                "confidence": 96,
                "action": {"public": "partial", "internal": "encrypt", "compliance": "clear"},
            }
            for label, entity, data_class in columns
        ]
        dataset = {"name": name, "source": f"{name}.csv", "rows": 30, "columns": described}
        return self.add("data.load", dataset=dataset, **fields)

    def state(self) -> KernelState:
        state = KernelState(KERNEL)
        state.feed(self.events)
        return state

    def answer(self, **options: Any) -> dict[str, Any]:
        return self.state().answer(**options)


@pytest.fixture
def log() -> Log:
    return Log()


def test_a_kernel_that_the_log_does_not_name_has_no_guard(log: Log) -> None:
    log.load(kernel="another-kernel")
    log.load(kernel=None)

    answer = log.answer()

    assert answer["guard"]["state"] == "absent"
    assert answer["session"] is None
    assert answer["events"] == answer["datasets"] == answer["experiments"] == []
    assert answer["next"] == 2


@pytest.mark.parametrize(
    ("outcome", "then", "state"),
    [("ok", [], "on"), ("refusing", [], "refusing"), ("ok", ["guard.unload"], "off"), ("odd", [], "refusing")],
)
def test_the_guard_state_follows_load_and_unload(log: Log, outcome: str, then: list[str], state: str) -> None:
    log.load(outcome=outcome, reason="the policy is invalid" if outcome == "refusing" else None)
    for action in then:
        log.add(action, kernel=KERNEL)

    assert log.answer()["guard"]["state"] == state


def test_loading_again_turns_the_guard_on_again(log: Log) -> None:
    log.load()
    log.add("guard.unload", kernel=KERNEL)
    log.load(session="s2")

    answer = log.answer()

    assert answer["guard"]["state"] == "on"
    assert answer["session"] == "s2"


def test_a_new_session_leaves_nothing_of_the_old_one(log: Log) -> None:
    log.load()
    log.data("old", ("a", "NONE", "none"), experiment="exp-old")
    log.load(session="s2")
    log.data("stray", ("a", "NONE", "none"), session="s1", experiment="exp-stray")

    answer = log.answer()

    assert answer["datasets"] == []
    assert answer["experiments"] == []
    assert [event["action"] for event in answer["events"]] == ["guard.load"]


def test_a_second_load_within_a_session_keeps_its_data(log: Log) -> None:
    log.load()
    log.data("people", ("email", "EMAIL_ADDRESS", "pii"))
    log.load()

    assert [dataset["name"] for dataset in log.answer()["datasets"]] == ["people"]


def test_a_guard_of_a_process_that_is_gone_is_not_reported_as_on(log: Log) -> None:
    log.load()

    assert log.answer(started=NOON - timedelta(seconds=30))["guard"]["state"] == "on"
    assert log.answer(started=NOON + timedelta(seconds=1))["guard"]["state"] == "on"
    assert log.answer(started=NOON + timedelta(seconds=1.5))["guard"]["state"] == "absent"


def test_data_sets_come_with_class_and_what_each_tier_sees(log: Log) -> None:
    log.load()
    log.data("people", ("email", "EMAIL_ADDRESS", "pii"), ("plan", "NONE", "none"))

    (dataset,) = log.answer()["datasets"]

    assert (dataset["name"], dataset["source"], dataset["rows"]) == ("people", "people.csv", 30)
    assert [column["label"] for column in dataset["columns"]] == ["email", "plan"]
    assert dataset["columns"][0]["entity"] == "EMAIL_ADDRESS"
    assert dataset["columns"][0]["class"] == "pii"
    assert dataset["columns"][0]["action"] == {"public": "partial", "internal": "encrypt", "compliance": "clear"}


def test_a_data_set_that_is_loaded_again_is_listed_once_and_last(log: Log) -> None:
    log.load()
    log.data("people", ("email", "EMAIL_ADDRESS", "pii"))
    log.data("orders", ("amount", "NONE", "none"))
    again = log.data("people", ("email", "EMAIL_ADDRESS", "pii"), ("city", "CITY", "pii"))

    datasets = log.answer()["datasets"]

    assert [dataset["name"] for dataset in datasets] == ["orders", "people"]
    assert datasets[1]["seq"] == again
    assert len(datasets[1]["columns"]) == 2


def test_purpose_is_the_last_cells_and_experiments_come_newest_first(log: Log) -> None:
    log.load()
    log.add("cell.run", run="r1", purpose="churn", experiment="exp-1")
    log.add("cell.run", run="r2", purpose=None, experiment="exp-2")
    log.add("cell.run", run="r3", purpose="audit", experiment="exp-1")
    log.add("experiment.close", experiment="exp-2")

    answer = log.answer()

    assert answer["purpose"] == "audit"
    assert answer["experiments"] == ["exp-1", "exp-2"]


def test_the_end_of_a_cell_takes_the_place_of_its_start(log: Log) -> None:
    log.load()
    log.add("cell.start", run="r1", outcome="started", cell={"execution_count": 1, "id": "c1"})
    log.add("cell.start", run="r2", outcome="started", cell={"execution_count": 2, "id": "c2"})
    log.add("cell.run", run="r1", cell={"execution_count": 1, "id": "c1"}, masked={"EMAIL_ADDRESS": 3})

    rows = log.answer()["events"][1:]

    assert [(row["action"], row["run"], row["outcome"]) for row in rows] == [
        ("cell.start", "r2", "started"),
        ("cell.run", "r1", "ok"),
    ]
    assert rows[1]["execution_count"] == 1
    assert rows[1]["masked"] == {"EMAIL_ADDRESS": 3}


def test_an_export_is_shown_to_the_session_whose_experiment_it_is(log: Log) -> None:
    log.load()
    log.add("cell.run", run="r1", experiment="exp-1")
    log.add("report.export", session="server", experiment="exp-2")
    mine = log.add("report.export", session="server", experiment="exp-1")
    log.add("cell.run", session="server", run="r9", experiment="exp-1")

    assert [event["seq"] for event in log.answer()["events"]] == [1, 2, mine]


def test_after_gives_the_news_only(log: Log) -> None:
    log.load()
    log.data("people", ("email", "EMAIL_ADDRESS", "pii"))
    seen = log.answer()["next"]
    log.add("cell.run", run="r1")

    answer = log.answer(after=seen)

    assert [event["action"] for event in answer["events"]] == ["cell.run"]
    assert answer["datasets"] == []
    assert answer["guard"]["state"] == "on"
    assert answer["next"] == seen + 1


def test_feeding_in_pieces_and_twice_equals_feeding_once(log: Log) -> None:
    log.load()
    log.data("people", ("email", "EMAIL_ADDRESS", "pii"))
    log.add("cell.run", run="r1", experiment="exp-1")
    state = KernelState(KERNEL)

    for event in log.events:
        state.feed([event])
        state.feed(log.events[:1])

    assert state.answer() == log.answer()


def test_only_the_newest_events_are_kept(log: Log) -> None:
    log.load()
    for number in range(KEPT_EVENTS + 20):
        log.add("cell.run", run=f"r{number}")

    events = log.answer()["events"]

    assert len(events) == KEPT_EVENTS
    assert events[-1]["run"] == f"r{KEPT_EVENTS + 19}"


def test_only_named_fields_of_an_event_get_into_the_answer(log: Log) -> None:
    log.load(extra="CANARY")
    log.add(
        "cell.run",
        run="r1",
        cell={"execution_count": 1, "id": "c1", "source": "CANARY", "source_hmac": "CANARY"},
        shown=[{"dataset": "people", "rows": ["CANARY"]}],
        sinks=[{"kind": "file", "target": "CANARY"}],
        masked={"EMAIL_ADDRESS": "CANARY"},
        datasets=[{"name": "people", "values": "CANARY"}],
    )
    dataset = {"name": "people", "columns": [{"label": "email", "values": ["CANARY"], "action": {"root": "CANARY"}}]}
    log.add("data.load", dataset=dataset)

    assert "CANARY" not in json.dumps(log.answer())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = (
    "time",
    "principal",
    "outcome",
    "tier",
    "run",
    "purpose",
    "experiment",
    "cell",
    "dataset",
    "datasets",
    "masked",
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"action": st.sampled_from(["guard.load", "guard.changed", "data.load", "cell.start", "cell.run"])},
            optional=dict.fromkeys(FIELDS, JSON),
        ),
        max_size=6,
    )
)
def test_no_event_of_any_shape_breaks_the_fold(events: list[dict[str, Any]]) -> None:
    state = KernelState(KERNEL)

    for seq, event in enumerate(events, start=1):
        state.feed([{**event, "seq": seq, "session": "s1", "kernel": KERNEL}])
        json.dumps(state.answer(started=NOON))

    assert state.last == len(events)
