"""What stays behind: files that a cell wrote, the log, and what the kernel's process printed."""

from __future__ import annotations

from pathlib import Path

from .. import runtime
from ..errors import PrivguardError
from ..settings import Home
from .channel import REPLY, Channel
from .decoding import leaves
from .probing import Outcome
from .report import Result, Row
from .search import Search

__all__ = ["GROUP", "TERMINAL", "WRITING", "log_row", "terminal_outcome", "written_row"]

GROUP = "records"
TERMINAL = "terminal of the kernel's process"
_COPY = "selftest_copy.csv"
WRITING = Channel("file that a cell wrote", GROUP, (f"people.head(3).to_csv({_COPY!r})",), REPLY)


def written_row(home: Home, taken: Outcome) -> Row:
    """Whether the log of ``home`` tells of the file that `WRITING` wrote; ``taken`` is what became of its cell."""
    if taken.result is not Result.MASKED:
        return Row(WRITING.name, GROUP, taken.result, note=taken.note)
    try:
        sinks = [sink for event in runtime.log_reader(home).events() for sink in event.get("sinks") or ()]
    except PrivguardError:
        return Row(WRITING.name, GROUP, Result.FAILED, note="the log cannot be read")
    told = any(_COPY in text for text in leaves(sinks) if isinstance(text, str))
    return Row(WRITING.name, GROUP, Result.RECORDED if told else Result.NOT_RECORDED)


def log_row(home: Home, search: Search) -> Row:
    """Whether a value stands in the log of ``home``, in the bytes of its files."""
    files = [path for path in sorted(home.log.rglob("*")) if path.is_file()]
    if not files:
        return Row("the log", GROUP, Result.NOT_SEEN, note="there is none")
    columns = search.columns_in(path.read_bytes() for path in files)
    return Row("the log", GROUP, Result.LEAKED if columns else Result.MASKED, note=", ".join(sorted(columns)))


def terminal_outcome(terminal: Path, search: Search) -> Outcome:
    """Whether a value stands in what the kernel's process printed, which a server keeps in its own log."""
    columns = search.columns_in([terminal.read_bytes()])
    return Outcome(Result.LEAKED if columns else Result.MASKED, ", ".join(sorted(columns)))
