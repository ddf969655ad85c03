"""What a probe of one exit is: cells, how they are asked, and the messages by which a value would leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = ["CONTROL", "ERROR", "PROMPT", "REPLY", "SHELL", "SHOWN", "STREAM", "Channel", "Goal", "Question"]

SHOWN = ("execute_result", "display_data")
STREAM = ("stream",)
ERROR = ("error",)
REPLY = ("execute_reply",)
PROMPT = ("input_request",)
SHELL = "shell"
CONTROL = "control"


class Goal(StrEnum):
    """What a channel has to do for the guard to be right."""

    HIDE = "hide"
    """No personal value leaves."""
    KEEP = "keep"
    """The output is byte for byte what an unguarded kernel sends."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request other than a cell, as front ends send them; Jupyter's messaging protocol 5.4."""

    kind: str
    content: Mapping[str, Any]  # Any: JSON
    by: str = SHELL


@dataclass(frozen=True, slots=True)
class Channel:
    """A way out of the kernel, and how the probe takes it.

    ``cells`` run one after the other, then ``questions`` are asked. The cells find the table ``people``, and ``name``,
    ``email`` and ``income`` taken out of it. No value may stand in them: what a front end sends is not looked at.
    """

    name: str
    group: str
    cells: tuple[str, ...]
    by: tuple[str, ...]
    """Kinds of messages; if none of them comes, the channel was not seen."""
    goal: Goal = Goal.HIDE
    needs: tuple[str, ...] = ()
    """Modules that have to be installed."""
    questions: tuple[Question, ...] = ()
    expressions: Mapping[str, str] = field(default_factory=dict)
    """``user_expressions`` of the last cell."""
    answers: tuple[str, ...] = ()
    """What the person types at prompts."""
    is_silent: bool = False
    is_error: bool = False
    """The last cell has to end in an error."""
