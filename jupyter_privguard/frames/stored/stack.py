"""What the operations of a pickle work on: its bytes, a stack with marks, a memory, containers on the stack."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from .nodes import Built, Node, Pairs

__all__ = ["Stack", "Stopped", "in_pairs"]

_LONGEST_LINE = 2**20


class Stopped(Exception):
    """The stream cannot be read any further: it is cut, damaged, or none."""


class Stack:
    """The bytes ``data`` from ``at`` on, and what is made of them so far."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at
        self._stack: list[Node] = []
        self._marks: list[list[Node]] = []
        self._memo: dict[int, Node] = {}

    # --- bytes ------------------------------------------------------------------------------------

    def _take(self, count: int) -> bytes:
        end = self.at + count
        if count < 0 or end > len(self.data):
            raise Stopped
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def _number(self, form: str) -> Any:
        return struct.unpack(form, self._take(struct.calcsize(form)))[0]

    def _line(self) -> bytes:
        end = self.data.find(b"\n", self.at, self.at + _LONGEST_LINE)
        if end < 0:
            raise Stopped
        line = self.data[self.at : end]
        self.at = end + 1
        return line

    # --- stack and memory -------------------------------------------------------------------------

    def push(self, value: Node) -> None:
        """On top of the stack."""
        self._stack.append(value)

    def mark(self) -> None:
        """What follows belongs together."""
        self._marks.append(self._stack)
        self._stack = []

    def _since_mark(self) -> list[Node]:
        items = self._stack
        self._stack = self._marks.pop()
        return items

    def pop(self) -> None:
        """Forgets the top of the stack, or the mark that is there."""
        if self._stack:
            self._stack.pop()
        else:
            self._since_mark()

    def pop_mark(self) -> None:
        """Forgets what was put there since the mark."""
        self._since_mark()

    def again(self) -> None:
        """The top of the stack once more."""
        self._stack.append(self._stack[-1])

    def keep(self, place: int) -> None:
        """The top of the stack, to be had again."""
        self._memo[place] = self._stack[-1]

    def keep_next(self) -> None:
        """As `keep`, under the next number."""
        self._memo[len(self._memo)] = self._stack[-1]

    def get(self, place: int) -> None:
        """What was kept."""
        self._stack.append(self._memo[place])

    # --- containers -------------------------------------------------------------------------------

    def several(self, count: int) -> None:
        """A tuple of the last so many."""
        items = self._stack[-count:]
        if len(items) < count:
            raise Stopped
        del self._stack[-count:]
        self._stack.append(tuple(items))

    def since_mark(self, make: Callable[[list[Node]], Node]) -> None:
        """A container of what was put there since the mark."""
        made = make(self._since_mark())
        self.push(made)

    def append(self) -> None:
        """The last into the list before it."""
        self._add([self._stack.pop()])

    def appends(self) -> None:
        """All since the mark into the list before it."""
        self._add(self._since_mark())

    def _add(self, items: list[Node]) -> None:
        into = self._stack[-1]
        if isinstance(into, Built):
            into.items += items
        elif isinstance(into, list):
            into += items

    def set_item(self) -> None:
        """The last two into the dictionary before them."""
        value, key = self._stack.pop(), self._stack.pop()
        self._set([key, value])

    def set_items(self) -> None:
        """All since the mark into the dictionary before it."""
        self._set(self._since_mark())

    def _set(self, items: list[Node]) -> None:
        into = self._stack[-1]
        if isinstance(into, (Built, Pairs)):
            into.pairs += in_pairs(items)


def in_pairs(items: list[Node]) -> list[tuple[Node, Node]]:
    """Keys and values that stand one after the other; ValueError where one is left over."""
    return list(zip(items[::2], items[1::2], strict=True))
