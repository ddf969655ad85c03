"""Takes channels in one kernel, one after the other, and goes on when one of them hangs or ends the kernel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..errors import PrivguardError
from .channel import Channel, Goal
from .kernel import KernelLost, Received, TooLong
from .report import Result
from .search import Search

__all__ = ["Outcome", "Probed", "Probing", "SelfTestRefused"]

_LONGEST_S = 20.0
_LONGEST_START_S = 60.0
_MOST_LOST = 3
_COUNT = re.compile(r"In ?\[\d+\]")


class SelfTestRefused(PrivguardError):
    """The first cells of the probe did not run, so nothing can be told."""


class Probed(Protocol):
    """What `Probing` needs of a kernel; `kernel.Kernel` is one."""

    def run(
        self,
        code: str,
        into: Received,
        *,
        timeout_s: float,
        silent: bool = False,
        expressions: Mapping[str, str] | None = None,
        answers: Sequence[str] = (),
    ) -> None:
        """Run a cell; TooLong, KernelLost."""

    def ask(
        self, kind: str, content: Mapping[str, Any], into: Received, *, timeout_s: float, by: str = ...
    ) -> None:  # Any: JSON
        """Send another request; TooLong, KernelLost."""

    def restart(self) -> None:
        """A new process; NoKernel."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one channel, and why."""

    result: Result
    note: str = ""


class Probing:
    """One kernel with what its cells find: ``setting`` is run at the start and after each loss."""

    def __init__(self, kernel: Probed, search: Search, setting: Sequence[str]) -> None:
        self._kernel = kernel
        self._search = search
        self._setting = setting
        self._lost = 0
        self._kept: dict[str, object] = {}

    def prepare(self) -> None:
        """Run the setting. Raises SelfTestRefused with the reason."""
        for code in self._setting:
            came = Received()
            try:
                self._kernel.run(code, came, timeout_s=_LONGEST_START_S)
            except (TooLong, KernelLost) as error:
                raise SelfTestRefused(
                    f"privguard: the self-test could not begin: {_bare(error)}; `privguard doctor` looks for the cause."
                ) from None
            if came.reply.get("status") != "ok":
                raise SelfTestRefused(f"privguard: the self-test could not begin: {_why_not(came.reply)}")

    def remember(self, channel: Channel) -> None:
        """Take a channel that is to stay as it is, before the guard is loaded."""
        came, problem = self._take(channel)
        if not problem:
            self._kept[channel.name] = _comparable(came)

    def probe(self, channel: Channel) -> Outcome:
        """Take ``channel``; what left by it. A kernel that is lost is replaced, three times at most."""
        if self._lost > _MOST_LOST:
            return Outcome(Result.FAILED, f"not tried, for the kernel was lost {self._lost} times")
        came, problem = self._take(channel)
        if problem:
            self._replace()
        return self._judged(channel, came, problem)

    def _take(self, channel: Channel) -> tuple[Received, str]:
        """What came, and the sentence where the kernel did not get to the end."""
        came = Received()
        try:
            for place, code in enumerate(channel.cells, start=1):
                self._kernel.run(
                    code,
                    came,
                    timeout_s=_LONGEST_S,
                    silent=channel.is_silent,
                    expressions=channel.expressions if place == len(channel.cells) else None,
                    answers=channel.answers,
                )
            ended = came.reply
            for question in channel.questions:
                self._kernel.ask(question.kind, question.content, came, timeout_s=_LONGEST_S, by=question.by)
            came.reply = ended
        except (TooLong, KernelLost) as error:
            return came, _bare(error)
        return came, ""

    def _replace(self) -> None:
        self._lost += 1
        if self._lost <= _MOST_LOST:
            self._kernel.restart()
            self.prepare()

    def _judged(self, channel: Channel, came: Received, problem: str) -> Outcome:
        columns = self._search.columns_in(came.leaves())
        if columns:
            return Outcome(Result.LEAKED, ", ".join(sorted(columns)))
        if problem:
            return Outcome(Result.FAILED, problem)
        if channel.goal is Goal.KEEP:
            return self._compared(channel, came)
        reply = came.reply
        if reply.get("status") == "error" and not channel.is_error:
            if str(reply.get("evalue", "")).startswith("privguard:"):
                return Outcome(Result.REFUSED)
            return Outcome(Result.NOT_SEEN, f"the cell ended in {reply.get('ename', 'an error')}")
        if came.kinds().isdisjoint(channel.by):
            return Outcome(Result.NOT_SEEN, "nothing came by it")
        return Outcome(Result.MASKED)

    def _compared(self, channel: Channel, came: Received) -> Outcome:
        if channel.name not in self._kept:
            return Outcome(Result.NOT_SEEN, "it did not run without the guard")
        return Outcome(Result.UNCHANGED if self._kept[channel.name] == _comparable(came) else Result.CHANGED)


def _bare(sentence: object) -> str:
    return str(sentence).removeprefix("privguard: ")


def _why_not(reply: Mapping[str, Any]) -> str:
    said = str(reply.get("evalue", ""))
    if said.startswith("privguard:"):
        return _bare(said)
    return f"its first cells ended in {reply.get('ename', 'an error')}; `privguard doctor` looks for the cause."


def _comparable(came: Received) -> object:
    """What a front end shows of it, without numbers of cells; chunks of one stream are one text."""
    shown: list[tuple[str, str]] = []
    for message in came.messages:
        kind, content = message["msg_type"], message["content"]
        if kind == "stream" and shown and shown[-1][0] == content["name"]:
            shown[-1] = (content["name"], shown[-1][1] + content["text"])
        elif kind == "stream":
            shown.append((content["name"], content["text"]))
        elif kind in ("execute_result", "display_data", "error"):
            kept = {name: item for name, item in content.items() if name not in ("execution_count", "transient")}
            shown.append((kind, _COUNT.sub("In", repr(kept))))
    return shown
