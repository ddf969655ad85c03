"""A channel is judged by what came; one that hangs or ends the kernel fails alone, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jupyter_privguard.selftest.channel import CONTROL, Channel, Goal, Question
from jupyter_privguard.selftest.kernel import KernelLost, Received, TooLong
from jupyter_privguard.selftest.probing import Probing, SelfTestRefused
from jupyter_privguard.selftest.report import Result
from jupyter_privguard.selftest.search import Search

SEARCH = Search({"full_name": ["Asha Velonavitch"]}, numbers=(), dates=())
OK = {"status": "ok"}


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"msg_type": "stream", "content": {"name": name, "text": text}}


def error(name: str, value: str = "") -> dict[str, Any]:
    return {"status": "error", "ename": name, "evalue": value}


class FakeKernel:
    """Answers a cell with what ``says`` has for it: messages, a reply, or an exception after the messages."""

    def __init__(self, **says: Any) -> None:
        self.says = says
        self.ran: list[str] = []
        self.restarts = 0

    def run(self, code: str, into: Received, **options: Any) -> None:
        self.ran.append(code)
        for told in self.says.get(code, [stream("*** tok_1a2b3c4d")]):
            if isinstance(told, Exception):
                raise told
            if callable(told):
                told()
            elif "msg_type" in told:
                into.messages.append(told)
            else:
                into.reply = told
        into.reply = into.reply or OK

    def ask(self, kind: str, content: Any, into: Received, **options: Any) -> None:
        self.run(f"{kind} by {options['by']}", into)

    def restart(self) -> None:
        self.restarts += 1


def channel(*cells: str, by: tuple[str, ...] = ("stream",), **more: Any) -> Channel:
    return Channel("a channel", "a group", cells, by, **more)


def probing(kernel: FakeKernel, *setting: str) -> Probing:
    return Probing(kernel, SEARCH, setting)


@pytest.mark.parametrize(
    ("came", "more", "result", "note"),
    [
        ([stream("tok_1a2b3c4d")], {}, Result.MASKED, ""),
        ([stream("Asha "), stream("Velo"), stream("navitch")], {}, Result.LEAKED, "full_name"),
        ([stream("Velo"), stream("x", "stderr"), stream("navitch")], {}, Result.LEAKED, "full_name"),
        ([error("KeyError", "Velonavitch")], {}, Result.NOT_SEEN, "the cell ended in KeyError"),
        ([error("UsageError", "privguard: no.")], {}, Result.REFUSED, ""),
        ([stream("x"), error("KeyError")], {"is_error": True}, Result.MASKED, ""),
        ([OK], {}, Result.NOT_SEEN, "nothing came by it"),
        ([stream("Velonavitch"), error("KeyError")], {}, Result.LEAKED, "full_name"),
        ([stream("x"), TooLong("privguard: not over after 20 s")], {}, Result.FAILED, "not over after 20 s"),
        ([stream("Velonavitch"), TooLong("privguard: late")], {}, Result.LEAKED, "full_name"),
        ([KernelLost("privguard: the kernel ended by itself")], {}, Result.FAILED, "the kernel ended by itself"),
    ],
)
def test_a_channel_is_judged_by_what_came(came: list[Any], more: dict[str, Any], result: Result, note: str) -> None:
    outcome = probing(FakeKernel(cell=came)).probe(channel("cell", **more))

    assert (outcome.result, outcome.note) == (result, note)


def test_metadata_and_buffers_are_looked_at_too() -> None:
    message = {"msg_type": "comm_msg", "content": {}, "metadata": {"to": "Velonavitch"}}
    buffer = {"msg_type": "comm_msg", "content": {}, "buffers": [memoryview(b"Velonavitch")]}

    for told in (message, buffer):
        assert probing(FakeKernel(cell=[told])).probe(channel("cell", by=("comm_msg",))).result is Result.LEAKED


def test_questions_are_asked_after_the_cells() -> None:
    kernel = FakeKernel(**{"debug_request by control": [{"msg_type": "debug_reply", "content": {"v": "Velonavitch"}}]})
    asked = channel("first", "second", by=("debug_reply",), questions=(Question("debug_request", {}, CONTROL),))

    assert probing(kernel).probe(asked).result is Result.LEAKED
    assert kernel.ran == ["first", "second", "debug_request by control"]


@pytest.mark.parametrize("loss", [TooLong("privguard: late"), KernelLost("privguard: gone")])
def test_after_a_loss_the_kernel_is_new_and_set_up_again(loss: Exception) -> None:
    kernel = FakeKernel(bad=[loss], load=[], people=[])
    probe = probing(kernel, "load", "people")

    results = [probe.probe(channel(code)).result for code in ("good", "bad", "good")]

    assert results == [Result.MASKED, Result.FAILED, Result.MASKED]
    assert kernel.ran == ["good", "bad", "load", "people", "good"]
    assert kernel.restarts == 1


def test_a_kernel_that_is_lost_again_and_again_is_left_alone() -> None:
    kernel = FakeKernel(bad=[KernelLost("privguard: gone")])
    probe = probing(kernel)

    outcomes = [probe.probe(channel("bad")) for _ in range(6)]

    assert {outcome.result for outcome in outcomes} == {Result.FAILED}
    assert [outcome.note for outcome in outcomes[-2:]] == ["not tried, for the kernel was lost 4 times"] * 2
    assert (kernel.restarts, len(kernel.ran)) == (3, 4)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (error("UsageError", "privguard: this cell needs a purpose."), "this cell needs a purpose."),
        (error("ModuleNotFoundError", "Velonavitch"), "its first cells ended in ModuleNotFoundError; `privguard doct"),
        (TooLong("privguard: not over after 60 s"), "not over after 60 s; `privguard doctor` looks for the cause."),
        (
            KernelLost("privguard: the kernel ended by itself"),
            "the kernel ended by itself; `privguard doctor` looks fo",
        ),
    ],
)
def test_a_setting_that_does_not_run_ends_all_with_one_sentence(told: Any, sentence: str) -> None:
    with pytest.raises(SelfTestRefused) as refused:
        probing(FakeKernel(setting=[told]), "setting").prepare()

    assert str(refused.value).startswith(f"privguard: the self-test could not begin: {sentence}")
    assert "\n" not in str(refused.value) and "Velonavitch" not in str(refused.value)


def _shown(text: str) -> list[dict[str, Any]]:
    def result(count: int) -> dict[str, Any]:
        content = {"execution_count": count, "data": {"text/plain": f"In [{count}] {text}"}, "metadata": {}}
        return {"msg_type": "execute_result", "content": content}

    return [result(1), result(7)]


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        ([stream("a"), stream("b")], [stream("ab")], Result.UNCHANGED),
        ([stream("ab")], [stream("a")], Result.CHANGED),
        ([stream("a")], [stream("a", "stderr")], Result.CHANGED),
        (_shown("x")[:1], _shown("x")[1:], Result.UNCHANGED),
        (_shown("x")[:1], _shown("y")[1:], Result.CHANGED),
        ([TooLong("privguard: late")], [stream("a")], Result.NOT_SEEN),
    ],
)
def test_harmless_output_is_compared_with_what_came_before_the_guard(
    before: list[Any], after: list[Any], result: Result
) -> None:
    kernel = FakeKernel(cell=before)
    probe = probing(kernel)
    kept = channel("cell", goal=Goal.KEEP)

    probe.remember(kept)
    kernel.says["cell"] = after

    assert probe.probe(kept).result is result


def test_the_options_of_a_channel_reach_the_kernel() -> None:
    seen: list[dict[str, Any]] = []

    class Asked(FakeKernel):
        def run(self, code: str, into: Received, **options: Any) -> None:
            seen.append(options)
            super().run(code, into)

    run: Callable[..., Any] = probing(Asked()).probe
    run(channel("one", "two", answers=("y",), expressions={"a": "b"}, is_silent=True))

    assert [options["expressions"] for options in seen] == [None, {"a": "b"}]
    assert all(options["silent"] and options["answers"] == ("y",) for options in seen)
