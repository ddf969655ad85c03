"""What passes between browsers and kernels, folded into cells: from a request to the end of its outputs.

Pure but for the clock, and total: what it does not understand it lets go by. Outputs are counted and digested as
they come, and written once, with the end of their cell.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..audit.server_event import moment
from ..model import Principal

__all__ = ["Cell", "Passing", "Request"]

_OUTPUTS = frozenset({"stream", "display_data", "update_display_data", "execute_result", "error"})
_COUNTED = _OUTPUTS | {"comm_open", "comm_msg"}
_LOADS = re.compile(r"\s*%(load_ext|reload_ext|unload_ext) +jupyter_privguard\s*")
_MOST_ENDED = 1000
_MOST_OPEN = 5000
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Request:
    """A request to a kernel, as it passed."""

    kind: str
    message: str
    code: str = ""
    cell_id: str | None = None
    size: int = 0
    """Bytes of its content."""
    is_silent: bool = False
    keeps_history: bool = True
    expressions: int = 0

    @classmethod
    def read(cls, header: Mapping[str, Any], metadata: object, content: object, size: int) -> Request | None:
        """The request in a message; None for what is none. Any field may be missing or of another type."""
        kind, message = header.get("msg_type"), header.get("msg_id")
        if not isinstance(kind, str) or not isinstance(message, str):
            return None
        body = content if isinstance(content, Mapping) else {}
        about = metadata if isinstance(metadata, Mapping) else {}
        code, cell_id, expressions = body.get("code"), about.get("cellId"), body.get("user_expressions")
        return cls(
            kind[:_LONGEST_ID],
            message[:_LONGEST_ID],
            code if isinstance(code, str) else "",
            cell_id[:_LONGEST_ID] if isinstance(cell_id, str) else None,
            size,
            body.get("silent") is True,
            body.get("store_history", True) is not False,
            len(expressions) if isinstance(expressions, Mapping) else 0,
        )

    @property
    def only(self) -> str | None:
        """``load`` or ``unload`` where the code does that to the guard and nothing else."""
        found = _LOADS.fullmatch(self.code)
        return found and ("unload" if found[1] == "unload_ext" else "load")


@dataclass(slots=True)
class Cell:
    """A request and what has come back for it so far."""

    kernel: str
    message: str
    request: Request | None
    """None where it did not pass here: another client of the kernel asked."""
    owner: object
    """The connection whose messages count; others of the same kernel see them too."""
    started: float = field(default_factory=time.monotonic)
    person: Principal | None = None
    """Who asked; None where nobody knows."""
    began: str | None = None
    number: int | None = None
    status: str | None = None
    is_idle: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)
    size: int = 0
    """Bytes of its outputs."""
    run: str = field(default_factory=lambda: secrets.token_hex(8))
    """Joins the records of its start and its end."""
    _digest: Any = field(default_factory=hashlib.sha256)

    @property
    def key(self) -> tuple[str, str]:
        """Kernel and message id."""
        return self.kernel, self.message

    @property
    def runs_code(self) -> bool:
        """Whether it is a cell."""
        return self.request is not None and self.request.kind == "execute_request"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more belongs to it, but for outputs of threads that it began."""
        return self.is_idle and (self.status is not None or not self.runs_code)

    def take(self, kind: str, content: bytes) -> None:
        """Count one output."""
        self.counts[kind] += 1
        self.size += len(content)
        self._digest.update(f"{kind} {len(content)}\n".encode())
        self._digest.update(content)

    def outputs(self) -> dict[str, Any]:
        """How many outputs there were, and one SHA-256 over all, in their order."""
        return {
            "count": self.counts.total(),
            "bytes": self.size,
            "kinds": dict(sorted(self.counts.items())),
            "sha256": self._digest.hexdigest() if self.counts else None,
            "withheld": dict(sorted(self.withheld.items())),
        }

    @property
    def duration_ms(self) -> int:
        """Milliseconds since the request passed."""
        return int((time.monotonic() - self.started) * 1000)


class Passing:
    """The cells of all kernels that have not ended. Used by the server's loop alone."""

    def __init__(self, started: Callable[[Cell, object], None], ended: Callable[[Cell, str], None]) -> None:
        """``started`` is given each cell and its connection, ``ended`` each request with outputs and its outcome."""
        self._started = started
        self._ended = ended
        self._open: dict[tuple[str, str], Cell] = {}
        self._past: OrderedDict[tuple[str, str], Cell] = OrderedDict()

    def ask(self, kernel: str, request: Request, owner: object) -> None:
        """A request goes to ``kernel``."""
        cell = Cell(kernel, request.message, request, owner)
        if cell.runs_code:
            self._end_all(kernel, lambda other: other.status == "late")
        if cell.key in self._open:
            self._end(cell.key, "lost")
        self._open[cell.key] = cell
        if cell.runs_code:
            self._started(cell, owner)
        elif len(self._open) > _MOST_OPEN:  # a kernel that never answers
            self._open = {key: one for key, one in self._open.items() if one.runs_code or one is cell}

    def withhold(self, kernel: str, parent: str, entities: frozenset[str], owner: object) -> None:
        """An output that ``parent`` asked for is withheld for what it shows; to be told before it is counted."""
        cell = self._open.get((kernel, parent))
        if cell is not None and cell.owner in (None, owner):
            cell.withheld.update(entities)

    def answer(
        self, kernel: str, parent: str, kind: str, content: bytes, read: Callable[[], Any], owner: object
    ) -> None:
        """A message of type ``kind`` comes from ``kernel``; ``read`` parses its content where that is needed."""
        key = kernel, parent
        cell = self._open.get(key)
        if cell is None:
            if not parent or kind not in _COUNTED:
                return
            cell = self._late(key, owner)
        if cell.owner is None:
            cell.owner = owner
        if cell.owner is not owner:
            return
        if kind in _COUNTED:
            cell.take(kind, content)
        elif kind in ("status", "execute_input", "execute_reply"):
            _note(cell, kind, read())
        if cell.has_ended:
            self._end(key, cell.status or "ok")

    def _late(self, key: tuple[str, str], owner: object) -> Cell:
        """A record of its own for what comes after a cell's end, or for a request that did not pass here."""
        known = self._past.get(key)
        self._open[key] = cell = Cell(*key, known.request if known is not None else None, owner)
        if known is not None:
            cell.status, cell.began = "late", known.began
            cell.person, cell.number = known.person, known.number
        return cell

    def cell(self, kernel: str, parent: str) -> Cell | None:
        """What ``parent`` asked ``kernel`` for, open or lately ended; None where it did not pass here."""
        key = kernel, parent
        return self._open.get(key) or self._past.get(key)

    def leave(self, owner: object) -> None:
        """The connection ``owner`` is gone; who comes next sees the rest of its cells."""
        for cell in self._open.values():
            if cell.owner is owner:
                cell.owner = None

    def die(self, kernel: str) -> None:
        """The process of ``kernel`` has ended: nothing that is open will end by itself."""
        self._end_all(kernel, lambda _: True)

    def _end_all(self, kernel: str, which: Callable[[Cell], bool]) -> None:
        for key in [key for key, cell in self._open.items() if key[0] == kernel and which(cell)]:
            self._end(key, "late" if self._open[key].status == "late" else "died")

    def _end(self, key: tuple[str, str], outcome: str) -> None:
        cell = self._open.pop(key)
        if outcome == "aborted" and cell.request is not None and cell.request.is_silent:
            cell.began = None
        self._past[key] = cell
        while len(self._past) > _MOST_ENDED:
            self._past.popitem(last=False)
        if outcome == "late" or cell.request is None:
            self._ended(cell, "late" if cell.request is not None else "elsewhere")
        elif cell.runs_code or cell.counts:
            self._ended(cell, outcome)
        if cell.request is not None:  # what is kept for late outputs needs no source
            cell.request = replace(cell.request, code="")


def _note(cell: Cell, kind: str, content: object) -> None:
    body = content if isinstance(content, Mapping) else {}
    number = body.get("execution_count")
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**53:
        cell.number = number
    if kind == "execute_input":
        cell.began = cell.began or moment()
    elif kind == "execute_reply":
        status = body.get("status")
        cell.status = status if status in ("ok", "error", "aborted") else "error"
    elif body.get("execution_state") == "busy":
        # A silent cell is not echoed.
        if cell.request is not None and cell.request.is_silent:
            cell.began = cell.began or moment()
    elif body.get("execution_state") == "idle":
        cell.is_idle = True
