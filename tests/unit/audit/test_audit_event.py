"""What may become an event, and the bytes it is hashed as."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard._canonical import canonical_json
from jupyter_privguard.audit.event import ACTIONS, event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.model import Principal

WORDS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=8)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(WORDS, VALUES, max_size=6))
def test_lines_are_the_bytes_of_rfc_8785(value: dict[str, Any]) -> None:
    line = canonical_json(value)

    assert line == rfc8785.dumps(value)
    assert b"\n" not in line


def test_an_event_says_who_did_what_under_which_policy() -> None:
    made = event(
        "data.load",
        principal=Principal("asha", ("analyst",), "os"),
        session="s1",
        outcome="ok",
        policy_sha256="ab",
        dataset={"rows": 3},
    )

    assert made == {
        "action": "data.load",
        "principal": {"id": "asha", "assurance": "os"},
        "session": "s1",
        "outcome": "ok",
        "policy_sha256": "ab",
        "dataset": {"rows": 3},
    }


def test_the_actions_of_the_contract_are_there(make_event: Callable[..., dict[str, Any]]) -> None:
    for action in ("guard.load", "cell.start", "cell.run", "key.create", "report.export", "experiment.close"):
        assert action in ACTIONS
        assert make_event(action)["action"] == action


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_every_event_names_the_policy_that_held(action: str) -> None:
    who: dict[str, Any] = {"principal": Principal("a"), "session": "0" * 16, "outcome": "ok"}

    assert event(action, policy_sha256="0" * 64, **who)["policy_sha256"] == "0" * 64
    with pytest.raises(TypeError):
        event(action, **who)


@pytest.mark.parametrize("action", ["", "cell.ran", "CELL.RUN", "data"])
def test_an_unknown_action_is_refused(make_event: Callable[..., dict[str, Any]], action: str) -> None:
    with pytest.raises(ValueError, match="no action"):
        make_event(action)


@pytest.mark.parametrize("name", ["seq", "time"])
def test_what_the_log_sets_cannot_be_given(make_event: Callable[..., dict[str, Any]], name: str) -> None:
    with pytest.raises(ValueError, match="set by the log"):
        make_event(**{name: 1})


@pytest.mark.parametrize(
    "value", [0.5, float("nan"), 2**53, b"bytes", {1}, {"a": [1.0]}, {1: "key"}, {"ключ": 1}, "\ud800", object()]
)
def test_what_has_no_canonical_form_is_refused(make_event: Callable[..., dict[str, Any]], value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        make_event(more=value)


def test_time_is_rfc_3339_in_utc_with_milliseconds(log: AuditLog, make_event: Callable[..., dict[str, Any]]) -> None:
    stored = log.append(make_event())

    assert stored["time"] == "2026-11-25T12:00:00.001Z"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", stored["time"])
    assert stored["seq"] == 1
