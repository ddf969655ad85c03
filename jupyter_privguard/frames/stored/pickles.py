"""Files of pickles and of joblib: what they keep, their texts and bytes; nothing is ever loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .found import Kept
from .kept import kept_from
from .limits import MOST_CELLS, MOST_OPERATIONS, Budget, Unreadable
from .machine import Machine
from .nodes import Node
from .stack import Stopped

__all__ = ["Pickled", "is_pickle", "read_pickle"]

_MOST_STREAMS = 10_000
_CUT = "it is damaged, or cut off; what is left of it was looked through"
_OUTSIDE = "it keeps arrays outside of the file, in buffers that cannot be looked at"


@dataclass(frozen=True, slots=True)
class Pickled:
    """What a file of pickles holds, as far as it could be read."""

    kept: tuple[Kept, ...]
    texts: tuple[str, ...] = field(repr=False)
    """All but those of arrays, the ones in ``kept`` too."""
    codes: tuple[bytes, ...] = field(repr=False)
    """Bytes that are no array's."""
    rest: bytes = field(repr=False)
    """What follows, or cannot be read as a pickle."""
    problem: str = ""
    """A half-sentence where not all of it was read."""


def is_pickle(data: bytes) -> bool:
    """Whether a file begins as pickles of protocol 2 and later do."""
    return data[:1] == b"\x80" and data[1:2] in (b"\2", b"\3", b"\4", b"\5")


def read_pickle(
    data: bytes,
    *,
    most: int = MOST_OPERATIONS,
    most_cells: int = MOST_CELLS,
    outside: Callable[[Node], Node] | None = None,
) -> Pickled:
    """What the streams in ``data`` would build, one after the other; ``most`` is how many operations are read.

    ``outside`` gives what the stream names and does not hold.
    """
    budget, at, problem = Budget(most), 0, ""
    roots: list[Node] = []
    texts: list[str] = []
    codes: list[bytes] = []
    for _ in range(_MOST_STREAMS):
        machine = Machine(data, at, budget, outside)
        try:
            machine.run()
        except Stopped:
            problem = _CUT if is_pickle(data[at : at + 2]) else problem
        except Unreadable as reason:
            problem = str(reason)
        problem = _OUTSIDE if machine.is_outside else problem
        roots += machine.found()
        texts += machine.texts
        codes += machine.codes
        at = machine.at
        if problem or not machine.is_done or not is_pickle(data[at : at + 2]):
            break
    kept, used, left_out = kept_from(roots, most_cells=most_cells)
    texts = [text for text in texts if id(text) not in used]
    codes = [code for code in codes if id(code) not in used]
    return Pickled(tuple(kept), tuple(texts), tuple(codes), data[at:], problem or left_out)
