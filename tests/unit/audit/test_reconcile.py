"""Ways round the guard, as the two logs then look: each leaves a gap with cell and person, and honest work none."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard._canonical import canonical_json
from jupyter_privguard.audit.merkle import CompactRange, leaf_hash
from jupyter_privguard.audit.reconcile import KINDS, Gap, reconcile

KERNEL = "0f9d1f0e-6d2b-4b8e-9d6e-1f2a3b4c5d6e"
PERSON = {"id": "analyst-1", "assurance": "os"}
OTHER = {"id": "analyst-2", "assurance": "os"}


def at(second: int) -> str:
    return f"2026-11-26T10:{second // 60:02}:{second % 60:02}.000Z"


class Logs:
    """Both logs of one afternoon; each method is something that happened in a second of its own."""

    def __init__(self) -> None:
        self.kernel: list[dict[str, Any]] = []
        self.server: list[dict[str, Any]] = []
        self.now = 0
        self.session = "s1"
        self.runs = 0
        self.number = 0
        self.serve("kernel.start", name="python3")

    def gaps(self, **options: Any) -> list[Gap]:
        return reconcile(self.kernel, self.server, **options)

    def serve(self, action: str, *, outcome: str = "ok", **fields: Any) -> dict[str, Any]:
        self.now += 1
        event = {
            "action": action,
            "at": at(self.now),
            "time": at(self.now),
            "kernel": KERNEL,
            "notebook": "work.ipynb",
            "outcome": outcome,
            "principal": PERSON,
            "seq": len(self.server) + 1,
            **fields,
        }
        self.server.append(event)
        return event

    def guard(self, action: str, *, outcome: str = "ok", **fields: Any) -> dict[str, Any]:
        self.now += 1
        event = {
            "action": action,
            "time": at(self.now),
            "kernel": KERNEL,
            "notebook": "work.ipynb",
            "outcome": outcome,
            "principal": PERSON,
            "session": self.session,
            "seq": len(self.kernel) + 1,
            **fields,
        }
        self.kernel.append(event)
        return event

    def load(self, session: str = "s1") -> None:
        self.ask("load", loads_guard=True)
        self.session = session
        self.guard("guard.load")
        self.reply("load")

    def ask(self, message: str, *, source: str = "aa", **cell: Any) -> None:
        said = {"message": message, "id": f"cell-{message}", "kernel_source_hmac": source, **cell}
        self.serve("cell.start", outcome="started", run=f"r-{message}-{self.now}", cell=said)
        self._last = f"r-{message}-{self.now - 1}"
        self._began = at(self.now)

    def reply(self, message: str, *, outcome: str = "ok", began: bool = True) -> None:
        self.number += 1
        self.serve(
            "cell.run",
            outcome=outcome,
            run=self._last,
            began=self._began if began else None,
            cell={"message": message, "execution_count": self.number},
        )

    def start(self, message: str | None, *, source: str = "aa", **fields: Any) -> str:
        self.runs += 1
        run = f"k{self.runs}"
        cell = {"message": message, "execution_count": self.number + 1, "id": f"cell-{message}"}
        self.guard("cell.start", outcome="started", run=run, cell=cell, **fields)
        return run

    def end(self, run: str, message: str | None, *, source: str = "aa", outcome: str = "ok", **fields: Any) -> None:
        cell = {"message": message, "execution_count": self.number + 1, "source_hmac": source}
        self.guard("cell.run", outcome=outcome, run=run, cell=cell, **fields)

    def cell(self, message: str, *, outcome: str = "ok", source: str = "aa", **cell: Any) -> None:
        """A cell as it is when nobody cheats."""
        self.ask(message, source=source, **cell)
        self.end(self.start(message), message, source=source, outcome="refused" if outcome == "error" else outcome)
        self.reply(message, outcome=outcome)

    def anchor(self) -> str:
        """The checkpoint of the kernels' log as it stands."""
        tree = CompactRange()
        for event in self.kernel:
            tree.append(leaf_hash(canonical_json(event)))
        return f"privguard/x\n{tree.size}\n{base64.b64encode(tree.root()).decode()}\n\n\u2014 privguard/x AAAA\n"


def unload(logs: Logs) -> None:
    logs.ask("u", unloads_guard=True)
    run = logs.start("u")
    logs.end(run, "u")
    logs.guard("guard.unload", reason="unload")
    logs.reply("u")
    logs.ask("m")
    logs.reply("m")


def unload_and_go_on_in_one_cell(logs: Logs) -> None:
    logs.ask("m")
    logs.end(logs.start("m"), "m")
    logs.guard("guard.unload", reason="unload")
    logs.reply("m")


def patched_hooks(logs: Logs) -> None:
    logs.ask("m")
    logs.reply("m")


def silent_cell_without_hooks(logs: Logs) -> None:
    logs.ask("m", silent=True)
    logs.reply("m")


def hard_exit(logs: Logs) -> None:
    logs.ask("m")
    run = logs.start("m")
    logs.serve("kernel.restart", reason="died")
    logs.reply("m", outcome="died")
    logs.end(run, "m", outcome="lost")


def hard_exit_that_nobody_closed(logs: Logs) -> None:
    logs.ask("m")
    logs.start("m")
    logs.serve("kernel.restart", reason="died")
    logs.reply("m", outcome="died")


def second_client(logs: Logs) -> None:
    logs.end(logs.start("m"), "m")


def forged_event(logs: Logs) -> None:
    logs.end(logs.start("made-up", principal=OTHER), "made-up", principal=OTHER)


def forged_event_without_message(logs: Logs) -> None:
    logs.end(logs.start(None), None)


def forged_session(logs: Logs) -> None:
    logs.ask("m")
    logs.session = "nobody-loaded-this"
    logs.end(logs.start("m"), "m")
    logs.reply("m")


def forged_source(logs: Logs) -> None:
    logs.ask("m", source="bb")
    logs.end(logs.start("m"), "m", source="aa")
    logs.reply("m")


def forged_outcome(logs: Logs) -> None:
    logs.ask("m")
    logs.end(logs.start("m"), "m", outcome="refused")
    logs.reply("m")


def replayed_message(logs: Logs) -> None:
    logs.cell("m")
    logs.end(logs.start("m"), "m")


def same_message_twice(logs: Logs) -> None:
    logs.cell("m")
    logs.ask("m")
    logs.reply("m")


def never_ended(logs: Logs) -> None:
    logs.ask("m")
    logs.start("m")
    logs.reply("m")


def restarted_without_guard(logs: Logs) -> None:
    logs.serve("kernel.restart", reason="asked for")
    logs.ask("m")
    logs.reply("m")


def expressions_without_code(logs: Logs) -> None:
    logs.ask("m", empty=True, expressions=2)
    logs.reply("m")


def debugger(logs: Logs) -> None:
    logs.serve("code.evaluate", command="evaluate", message="m")


def output_of_another_client(logs: Logs) -> None:
    logs.serve("output", outcome="elsewhere", message="m", principal={"id": "unknown"})


def log_rolled_back(logs: Logs) -> None:
    logs.cell("1")
    logs.serve("kernel.start", anchor=logs.anchor())
    del logs.kernel[-2:]


def log_rewritten(logs: Logs) -> None:
    logs.cell("1")
    logs.serve("kernel.start", anchor=logs.anchor())
    logs.kernel[1] = {**logs.kernel[1], "tier": "public"}


def log_gone(logs: Logs) -> None:
    logs.serve("kernel.start", anchor=logs.anchor())
    logs.kernel.clear()


def server_missed_records(logs: Logs) -> None:
    logs.serve("alert", about="records that could not be kept", missed=3)


def known_value_shown(logs: Logs) -> None:
    cell = {"id": "c9", "message": "m", "execution_count": 9}
    logs.serve("alert", about="values that the guard knew", shown=["PERSON_NAME"], cell=cell)


BYPASSES: dict[Callable[[Logs], None], str] = {
    unload: "unguarded",
    unload_and_go_on_in_one_cell: "unguarded",
    patched_hooks: "unrecorded",
    silent_cell_without_hooks: "unrecorded",
    hard_exit: "lost",
    hard_exit_that_nobody_closed: "lost",
    second_client: "unseen",
    forged_event: "unseen",
    forged_event_without_message: "unseen",
    forged_session: "forged",
    forged_source: "different",
    forged_outcome: "different",
    replayed_message: "repeated",
    same_message_twice: "unrecorded",
    never_ended: "unfinished",
    restarted_without_guard: "unguarded",
    expressions_without_code: "evaluated",
    debugger: "evaluated",
    output_of_another_client: "elsewhere",
    log_rolled_back: "rewritten",
    log_rewritten: "rewritten",
    log_gone: "rewritten",
    server_missed_records: "missed",
    known_value_shown: "shown",
}


@pytest.mark.parametrize(("bypass", "kind"), BYPASSES.items(), ids=lambda value: getattr(value, "__name__", value))
def test_a_bypass_leaves_a_gap(bypass: Callable[[Logs], None], kind: str) -> None:
    logs = Logs()
    logs.load()
    logs.cell("before")

    bypass(logs)

    found = logs.gaps()
    assert kind in [gap.kind for gap in found]
    assert {gap.kind for gap in found} <= {kind, "unguarded", "unrecorded"}
    gap = next(gap for gap in found if gap.kind == kind)
    assert gap.sentence.startswith("privguard: ") and gap.sentence.endswith(".")
    assert gap.is_contradiction == KINDS[kind][0]
    if kind not in ("rewritten", "missed"):
        assert gap.kernel == KERNEL
        assert gap.notebook == "work.ipynb" and "work.ipynb" in gap.sentence
        assert gap.person in ("analyst-1", "analyst-2", "unknown")
        assert gap.person in gap.sentence


def test_a_cell_before_the_guard_was_loaded_is_a_gap() -> None:
    logs = Logs()
    logs.ask("early")
    logs.reply("early")
    logs.load()

    (gap,) = logs.gaps()

    assert (gap.kind, gap.cell, gap.cell_id, gap.is_contradiction) == ("unguarded", 1, "cell-early", False)


def test_every_cell_of_a_kernel_that_never_loads_the_guard_is_a_gap() -> None:
    logs = Logs()
    for message in "abc":
        logs.ask(message)
        logs.reply(message)

    assert [(gap.kind, gap.cell) for gap in logs.gaps()] == [("unguarded", 1), ("unguarded", 2), ("unguarded", 3)]


def test_a_cell_that_loads_the_guard_and_does_more_is_a_gap() -> None:
    logs = Logs()
    logs.ask("mixed")
    logs.guard("guard.load")
    logs.reply("mixed")

    assert [gap.kind for gap in logs.gaps()] == ["unguarded"]


def honest() -> Logs:
    logs = Logs()
    logs.load()
    logs.cell("1")
    logs.cell("2", outcome="error")
    logs.cell("3", silent=True, source="silent cells are recorded as Python reads them")
    return logs


def test_honest_work_has_no_gap() -> None:
    logs = honest()
    logs.ask("nothing", empty=True, expressions=0)
    logs.reply("nothing")
    logs.ask("aborted")
    logs.reply("aborted", outcome="aborted", began=False)
    logs.ask("runs")
    logs.start("runs")
    logs.serve("kernel.start", anchor=logs.anchor())

    assert logs.gaps() == []


def test_cells_that_wait_while_the_guard_is_loaded_have_no_gap() -> None:
    """Run all: every request has passed before the first cell ends."""
    logs = Logs()
    for message, loads in (("a", True), ("b", False)):
        said = {"message": message, "kernel_source_hmac": "aa", "loads_guard": loads}
        logs.serve("cell.start", outcome="started", run=f"r-{message}", cell=said)
    logs.guard("guard.load")
    logs.serve("cell.run", run="r-a", began=at(3), cell={"execution_count": 1})
    run = logs.start("b")
    logs.end(run, "b")
    logs.serve("cell.run", run="r-b", began=at(6), cell={"execution_count": 2})

    assert logs.gaps() == []


def test_a_cell_within_a_cell_is_no_second_run() -> None:
    logs = Logs()
    logs.load()
    logs.ask("m")
    outer = logs.start("m")
    inner = logs.start("m")
    logs.end(inner, "m", source="cc")
    logs.end(outer, "m")
    logs.reply("m")

    assert logs.gaps() == []


def test_a_cell_that_a_restart_ended_has_no_gap() -> None:
    logs = Logs()
    logs.load()
    logs.ask("m")
    run = logs.start("m")
    logs.end(run, "m", outcome="interrupted")
    logs.guard("guard.unload", reason="exit")
    logs.serve("kernel.restart", reason="asked for")
    logs.reply("m", outcome="died")

    assert logs.gaps() == []


def test_renewed_keys_are_no_other_source() -> None:
    logs = Logs()
    logs.load()
    logs.ask("m", source="old")
    run = logs.start("m")
    logs.guard("key.rotate")
    logs.end(run, "m", source="new")
    logs.reply("m")
    assert logs.gaps() == []

    logs.cell("later")
    logs.ask("n", source="x")
    logs.end(logs.start("n"), "n", source="y")
    logs.reply("n")
    assert [gap.kind for gap in logs.gaps()] == ["different"]


def test_kernels_of_no_server_are_not_spoken_of() -> None:
    logs = Logs()
    logs.guard("guard.load", kernel="another")
    logs.guard("cell.start", kernel="another", run="x", cell={"message": "m"})
    logs.guard("cell.start", kernel=None, run="y", cell={"message": "cell-1"})

    assert logs.gaps() == []


def test_cells_before_the_server_began_to_watch_are_not_unseen() -> None:
    logs = Logs()
    logs.load()
    logs.end(logs.start("m"), "m")
    first = logs.server.pop(0)
    logs.server[:] = [{**first, "at": at(50), "time": at(50)}]

    assert logs.gaps() == []


def test_what_is_still_being_written_is_left_out() -> None:
    logs = honest()
    logs.end(logs.start("not written by the server yet"), "not written by the server yet")

    assert logs.gaps(until=at(logs.now - 3)) == []
    assert [gap.kind for gap in logs.gaps(until=at(logs.now))] == ["unseen"]


def test_without_the_keys_of_the_kernels_sources_are_not_compared() -> None:
    logs = Logs()
    logs.load()
    logs.ask("m")
    logs.server[-1]["cell"]["kernel_source_hmac"] = None
    logs.end(logs.start("m"), "m", source="zz")
    logs.reply("m")

    assert logs.gaps() == []


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(data=st.data())
def test_whatever_stands_in_the_fields_there_is_an_answer(data: Any) -> None:
    logs = honest()
    event = data.draw(st.sampled_from([*logs.kernel, *logs.server]))
    event[data.draw(st.sampled_from(sorted(event)))] = data.draw(ODD)

    for gap in logs.gaps():
        assert gap.sentence
