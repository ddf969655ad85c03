"""What a check of the set-up comes to."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Check", "listed"]

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. Where ``good`` is false, ``state`` or ``cure`` says what to do."""

    name: str
    good: bool
    state: str
    cure: str = ""

    def __str__(self) -> str:
        line = f"{'ok ' if self.good else 'BAD'}  {self.name:<8} {self.state}"
        return line if self.good or not self.cure else f"{line}\n     {'':<8} {self.cure}"


def listed(names: list[str]) -> str:
    """The first few of ``names``, and how many more there are."""
    more = f"; and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return "; ".join(names[:_NAMED]) + more
