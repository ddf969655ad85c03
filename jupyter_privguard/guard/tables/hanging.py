"""Tables of the program's own classes, whose code may take for ever: such a look is taken once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["Hanging"]


class Hanging:
    """Tables that somebody interrupted: looked at again with each output, they would let none leave."""

    def __init__(self) -> None:
        self._tables: dict[int, Any] = {}  # held, so that no other object gets the id

    def __contains__(self, obj: Any) -> bool:
        return self._tables.get(id(obj)) is obj

    @contextmanager
    def looking(self, obj: Any) -> Iterator[None]:
        """While ``obj`` is looked at. The tables of libraries are looked at again after an interrupt."""
        try:
            yield
        except Exception:
            raise
        except BaseException:
            if type(obj).__module__ == "__main__":
                self._tables[id(obj)] = obj
            raise
