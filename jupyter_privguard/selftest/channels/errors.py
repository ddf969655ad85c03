"""Errors: their text, notes and causes, and tracebacks that show variables."""

from __future__ import annotations

from ..channel import ERROR, STREAM, Channel

__all__ = ["CHANNELS"]

_GROUP = "errors"


def _raises(name: str, *cells: str) -> Channel:
    return Channel(name, _GROUP, cells, ERROR, is_error=True)


CHANNELS = (
    _raises("exception", "raise ValueError(f'{name} is in no group')"),
    _raises("note of an exception", "problem = RuntimeError('bad row')\nproblem.add_note(email)\nraise problem"),
    _raises(
        "cause of an exception",
        "try:\n    int(people.phone[4])\nexcept ValueError as cause:\n    raise RuntimeError('no number') from cause",
    ),
    _raises("KeyError", "{}[name]"),
    _raises("failed conversion", "people.full_name.astype(float)"),
    _raises("assertion", "assert people.email.is_monotonic_increasing, people.email.tolist()[:3]"),
    _raises(
        "variables in a traceback",
        "%xmode Verbose",
        "def charge(customer, card):\n    return customer / card\ncharge(people.full_name[3], people.card_number[3])",
    ),
    Channel("%tb", _GROUP, ("%xmode Context\nraise ValueError(f'no desk for {name}')", "%tb"), STREAM),
)
