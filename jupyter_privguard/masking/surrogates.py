"""Random surrogates: ids that are drawn, not computed, and the table that says what they stand for."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Protocol

__all__ = ["MemorySurrogates", "Surrogates"]

_PREFIX = "sur_"
_SHOWN = len(_PREFIX) + 8


class Surrogates(Protocol):
    """Gives each value of a domain an id that is not derived from it (45 CFR 164.514(c)), and keeps which.

    The table is the only way back; it has to be sealed, and to stay with whoever may go back.
    """

    def surrogate(self, domain: str, values: Sequence[str]) -> list[str]:
        """The id of each value: the one it has already, or a new one, ``sur_`` and 32 hex digits."""
        ...


class MemorySurrogates:
    """Surrogates for as long as this object lives; ``repr`` tells nothing."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str], str] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def surrogate(self, domain: str, values: Sequence[str]) -> list[str]:
        """See `Surrogates.surrogate`."""
        return [self._ids.setdefault((domain, value), new_surrogate()) for value in values]


def new_surrogate() -> str:
    """128 random bits: no two are alike."""
    return _PREFIX + secrets.token_hex(16)


def on_screen(surrogate: str) -> str:
    """The short form, by which people tell surrogates apart."""
    return surrogate[:_SHOWN]
