"""Messages between browser and kernel, folded into cells."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.server.passing import Cell, Passing, Request


class Wire:
    """A kernel's messages as two connections see them."""

    def __init__(self) -> None:
        self.started: list[Cell] = []
        self.ended: list[tuple[Cell, str]] = []
        self.passing = Passing(lambda cell, owner: self.started.append(cell), lambda *end: self.ended.append(end))

    def ask(self, message: str = "m", owner: object = "a", kind: str = "execute_request", **content: Any) -> None:
        content = {"code": "x", **content}
        request = Request.read({"msg_type": kind, "msg_id": message}, {"cellId": "c1"}, content, 10)
        assert request is not None
        self.passing.ask("k", request, owner)

    def answer(self, kind: str, parent: str = "m", owner: object = "a", **content: Any) -> None:
        data = json.dumps(content).encode()
        self.passing.answer("k", parent, kind, data, lambda: content, owner)

    def busy(self, **where: Any) -> None:
        self.answer("status", execution_state="busy", **where)

    def idle(self, **where: Any) -> None:
        self.answer("status", execution_state="idle", **where)

    def run(self, message: str = "m", status: str = "ok", **where: Any) -> None:
        self.busy(parent=message, **where)
        self.answer("execute_input", parent=message, execution_count=3, **where)
        self.answer("stream", parent=message, text="hi", **where)
        self.answer("execute_reply", parent=message, status=status, execution_count=3, **where)
        self.idle(parent=message, **where)


@pytest.fixture
def wire() -> Wire:
    return Wire()


def test_a_cell_ends_with_reply_and_idle_in_either_order(wire: Wire) -> None:
    wire.ask("a")
    wire.ask("b")
    wire.run("a")
    wire.answer("execute_reply", parent="b", status="error")
    assert len(wire.ended) == 1
    wire.idle(parent="b")

    assert [(cell.message, outcome) for cell, outcome in wire.ended] == [("a", "ok"), ("b", "error")]
    assert [cell.number for cell, _ in wire.ended] == [3, None]


def test_outputs_are_counted_and_digested_in_order(wire: Wire) -> None:
    wire.ask()
    wire.answer("stream", text="1")
    wire.answer("display_data", data={})
    wire.run()

    ((cell, _),) = wire.ended
    outputs = cell.outputs()
    assert outputs["kinds"] == {"display_data": 1, "stream": 2}
    assert outputs["bytes"] == sum(map(len, (b'{"text": "1"}', b'{"data": {}}', b'{"text": "hi"}')))
    said = hashlib.sha256()
    for kind, data in (("stream", b'{"text": "1"}'), ("display_data", b'{"data": {}}'), ("stream", b'{"text": "hi"}')):
        said.update(f"{kind} {len(data)}\n".encode() + data)
    assert outputs["sha256"] == said.hexdigest()


def test_two_browsers_of_one_kernel_count_each_output_once(wire: Wire) -> None:
    wire.ask(owner="a")
    for owner in ("b", "a", "b"):
        wire.answer("stream", owner=owner, text="x")
    wire.run(owner="a")

    ((cell, _),) = wire.ended
    assert cell.counts["stream"] == 2


def test_another_connection_sees_the_rest_of_a_cell_whose_own_is_gone(wire: Wire) -> None:
    wire.ask(owner="a")
    wire.passing.leave("a")
    wire.run(owner="b")

    ((cell, outcome),) = wire.ended
    assert (cell.message, outcome) == ("m", "ok")


@pytest.mark.parametrize(
    ("status", "silent", "began"),
    [("ok", False, True), ("aborted", False, False), ("ok", True, True), ("aborted", True, False)],
)
def test_whether_a_cell_began(wire: Wire, status: str, silent: bool, began: bool) -> None:
    wire.ask(silent=silent)
    wire.busy()
    if not silent and status != "aborted":
        wire.answer("execute_input")
    wire.answer("execute_reply", status=status)
    wire.idle()

    ((cell, outcome),) = wire.ended
    assert (cell.began is not None, outcome) == (began, status)


def test_a_dead_kernel_ends_what_is_open(wire: Wire) -> None:
    wire.ask("a")
    wire.ask("b")
    wire.run("b")
    wire.passing.die("k")

    assert [(cell.message, outcome) for cell, outcome in wire.ended] == [("b", "ok"), ("a", "died")]


def test_outputs_after_the_end_are_told_with_the_next_cell(wire: Wire) -> None:
    wire.ask("a")
    wire.run("a")
    for _ in range(3):
        wire.answer("stream", parent="a", text="from a thread")
    assert len(wire.ended) == 1
    wire.ask("b")

    cell, outcome = wire.ended[-1]
    assert (cell.message, outcome, cell.counts["stream"]) == ("a", "late", 3)


def test_outputs_of_a_request_that_did_not_pass_are_from_elsewhere(wire: Wire) -> None:
    wire.run("unknown")

    ((cell, outcome),) = wire.ended
    assert (cell.message, outcome, cell.request) == ("unknown", "elsewhere", None)


def test_requests_that_show_nothing_leave_nothing(wire: Wire) -> None:
    for number in range(100):
        wire.ask(f"q{number}", kind="complete_request")
        wire.idle(parent=f"q{number}")
        wire.idle(parent="nobody asked")
        wire.answer("stream", parent="", text="startup")

    assert wire.started == wire.ended == []


def test_outputs_of_a_widget_are_told(wire: Wire) -> None:
    wire.ask("w", kind="comm_msg")
    wire.answer("display_data", parent="w", data={})
    wire.idle(parent="w")

    ((cell, outcome),) = wire.ended
    assert (cell.request.kind if cell.request else None, outcome) == ("comm_msg", "ok")


@pytest.mark.parametrize(
    ("code", "only"),
    [
        ("%load_ext jupyter_privguard", "load"),
        ("\n %reload_ext  jupyter_privguard \n", "load"),
        ("%unload_ext jupyter_privguard", "unload"),
        ("%load_ext jupyter_privguard\nprint(df)", None),
        ("print(df)\n%load_ext jupyter_privguard", None),
        ("%load_ext jupyter_privguard; x", None),
        ("%load_ext other", None),
        ("", None),
    ],
)
def test_code_that_does_nothing_but_load_the_guard(code: str, only: str | None) -> None:
    request = Request.read({"msg_type": "execute_request", "msg_id": "m"}, {}, {"code": code}, 0)

    assert request is not None and request.only == only


ODD = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), st.lists, max_leaves=3)


@given(header=st.dictionaries(st.sampled_from(["msg_type", "msg_id"]), ODD), metadata=ODD, content=ODD)
def test_whatever_a_client_sends_is_read_or_left_alone(header: Any, metadata: Any, content: Any) -> None:
    request = Request.read(header, metadata, content, 0)

    assert (request is not None) == (isinstance(header.get("msg_type"), str) and isinstance(header.get("msg_id"), str))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["stream", "status", "execute_reply", "x"]), ODD)))
def test_whatever_a_kernel_sends_is_counted_or_left_alone(messages: list[tuple[str, str, Any]]) -> None:
    wire = Wire()
    wire.ask("a")
    for parent, kind, content in messages:
        wire.passing.answer("k", parent, kind, b"", lambda content=content: content, "a")
    wire.passing.die("k")

    assert "a" in [cell.message for cell, _ in wire.ended]


def test_what_is_withheld_is_told_with_the_cell_once(wire: Wire) -> None:
    wire.ask(owner="a")
    for owner in "ab":
        wire.passing.withhold("k", "m", frozenset({"IBAN"}), owner)
    wire.passing.withhold("k", "unknown", frozenset({"IBAN"}), "a")
    wire.run(owner="a")

    ((cell, _),) = wire.ended
    assert cell.outputs()["withheld"] == {"IBAN": 1}
