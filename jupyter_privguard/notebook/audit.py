"""``%privguard audit``: questions to the log as DataFrames; where columns come from; which of them nobody needed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from .. import runtime
from ..audit.lineage import Lineage
from ..audit.lineage_views import as_svg, as_text
from ..audit.query import FIELDS, TIMES, question
from .options import Options

if TYPE_CHECKING:
    from .extension import Extension

__all__ = ["audit"]

_USAGE = (
    "privguard: audit takes query and what is asked for, as in "
    '%privguard audit query --column salary --during "last month", lineage NAME, or unused [--experiment E].'
)


def audit(extension: Extension, words: list[str]) -> Any:
    """What `%privguard audit` answers to ``words``; UsageError where they ask for nothing."""
    session = extension.session
    if session is None:
        raise UsageError(extension.refusal)
    if words[:1] == ["lineage"]:
        return _lineage(session, words[1:])
    if words[:1] == ["unused"]:
        return runtime.unused_frame(runtime.unused_columns(session.policy, _experiment(words[1:])))
    found = runtime.answers(question(_asked(words), datetime.now(UTC)), session.policy)
    if not found:
        print("privguard: no event that you may read answers this.")
    return runtime.accesses_frame(found)


class _Picture:
    """A lineage as IPython shows it."""

    def __init__(self, found: Lineage) -> None:
        self._found = found

    def __repr__(self) -> str:
        return as_text(self._found)

    def _repr_svg_(self) -> str:
        return as_svg(self._found)


def _lineage(session: Any, words: list[str]) -> _Picture:
    if len(words) != 1:
        raise UsageError("privguard: audit lineage takes the name of one data set or variable.")
    return _Picture(runtime.lineage_of(words[0], session.policy))


def _experiment(words: list[str]) -> str | None:
    parser = Options(_USAGE)
    parser.add_argument("--experiment")
    found: str | None = parser.parse_args(words).experiment
    return found


def _asked(words: list[str]) -> dict[str, list[str]]:
    """What is asked for, by the names of `FIELDS` and the times."""
    parser = Options(_USAGE)
    for name in (*FIELDS, *TIMES):
        parser.add_argument(f"--{name}", action="append", default=[])
    return vars(parser.parse_args(words[1:] if words[:1] == ["query"] else words))
