"""Tells a watcher what happens to tables, from the first import of a DataFrame library on.

Nothing is imported: a library that is not loaded yet is hooked when the program imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from .._imports import when_imported

if TYPE_CHECKING:
    from .takes import Taker
    from .uses import Tracker

__all__ = ["Exact", "Statistic", "Told", "Watcher", "is_watched", "watch", "watch_for"]


class Watcher(Protocol):
    """Who wants to know.

    But for `Refused` by those that are asked first, and by `passed`, what a watcher raises does not reach the program.
    """

    def reading(self, source: str) -> None:
        """A reader is about to read ``source`` (path, URL or SQL). Refused: nothing is read."""

    def writing(self, obj: Any, target: str, kind: str, *, labels: Sequence[Hashable] | None = None) -> None:
        """``obj`` is about to be written, as `written` tells of it. Refused: nothing is written."""

    def writing_unseen(self, target: str) -> None:
        """A library is about to write a file ``target`` of which nobody sees the rows. Refused: nothing is written."""

    def queried(self, source: str, columns: Callable[[list[str]], list[str]]) -> Any:
        """A query has read the file ``source``; of its labels ``columns`` tells those that were used.

        The owner of its columns, for `frames.uses`; None of a file that holds no table.
        """

    def scanned(self, source: str) -> None:
        """The files of tables at ``source``, a path, were opened to be read in parts that nobody sees being chosen."""

    def stored(self, table: str, source: str, labels: list[str]) -> Any:
        """The owner, for `frames.uses`, of the columns ``labels`` of a table in a database.

        ``source`` is its path, empty for one in memory.
        """

    def passed(self, obj: Any, source: str | None) -> Any:
        """What the program gets of ``obj``, that a reader made of ``source``: a table, or several in a dict or list.

        Refused: it gets nothing.
        """

    def loaded(self, obj: Any, source: str | None) -> None:
        """A reader made ``obj`` from ``source`` (path, URL or SQL), or the program from its own values (None)."""

    def piece(self, obj: Any, source: str) -> None:
        """A reader that reads piece by piece made ``obj`` from ``source``; nothing may keep it alive."""

    def unpickled(self, obj: Any) -> None:
        """``obj`` came out of a pickle, of a file or of bytes."""

    def rendered(self, obj: Any, text: str, render: Callable[[Any], str], *, whole: bool) -> None:
        """``obj`` became ``text``; ``render`` does the same to a masked copy.

        ``whole`` if all rows are in the text, not only those that a display shows.
        """

    def aggregated(self, obj: Any, source: Any, exact: Exact) -> None:
        """``obj`` holds statistics of the table ``source``, to be shown as ``exact`` says."""

    def derived(self, obj: Any, source: Any) -> None:
        """``obj`` came out of a method of ``source`` that changes no more than form, order or selection."""

    def written(self, obj: Any, target: str, kind: str, *, labels: Sequence[Hashable] | None = None) -> None:
        """``obj``, None where nobody has it, was written to ``target``; ``kind`` is file, table or clipboard.

        Of its columns only ``labels`` were, None for all.
        """


class Statistic(NamedTuple):
    """What a column of statistics holds: the label of the column it is about, and nobody's own value or somebody's."""

    source: Hashable
    is_aggregate: bool


class Exact:
    """Which cells of a table of statistics are about enough people to be shown as they are."""

    __slots__ = ("columns", "group_size", "rows")

    def __init__(
        self,
        group_size: int,
        rows: Sequence[str] | None = None,
        columns: Mapping[Hashable, Statistic] | None = None,
    ) -> None:
        self.group_size = group_size
        """Rows behind the smallest group."""
        self.rows = rows
        """Labels of the rows that are aggregates; None for all."""
        self.columns = columns
        """By label what each column is; None where the columns are those of the table itself."""


_HOOKED = {"pandas": ("pandas_watch", "pandas_takes"), "polars": ("polars_watch", "polars_takes")}
"""The modules with the hooks of each library that can be hooked: what happens to tables, and what is taken out."""
_USES = {"pandas": "pandas_uses", "polars": "polars_uses", "duckdb": "duckdb_uses"}
"""Those with the hooks that note which columns are used."""
_FILES = ("pyarrow", *(f"pyarrow.{name}" for name in "parquet csv json feather dataset orc ipc".split()))
"""Modules that read and write files in C."""


def is_watched(obj: Any) -> bool:
    """Whether ``obj`` is of a library of which the watcher is told what it reads."""
    return any(str(base.__module__).partition(".")[0] in _HOOKED for base in type(obj).__mro__)


Told = tuple[Watcher, "Taker | None", "Tracker | None"]
"""Who is told what happens to tables, what is taken out of them, and what is used of them."""


def watch(watcher: Watcher, taker: Taker | None = None, tracker: Tracker | None = None) -> Callable[[], None]:
    """Begin watching, and noting what is taken out of tables for ``taker`` and what is used of them for ``tracker``.

    Either may be missing. The function that ends it.
    """
    return watch_for(lambda: (watcher, taker, tracker))


def watch_for(told: Callable[[], Told]) -> Callable[[], None]:
    """`watch` for those that ``told`` names when a library is hooked; what it raises ends the import of that."""

    def install(library: str) -> Callable[[], None]:
        watcher, taker, tracker = told()
        hooks: list[tuple[str, tuple[Any, ...]]] = []
        if tracker is not None and library in _USES:
            # Innermost, for the others look at who called them.
            hooks.append((_USES[library], (tracker,) if library in _HOOKED else (tracker, watcher)))
        if library in _HOOKED:
            watched, taken = _HOOKED[library]
            hooks.append((watched, (watcher,)))
            if taker is not None:
                hooks.append((taken, (taker,)))
        if library in _FILES:
            hooks.append(("arrow_watch", (library, watcher)))
        undo = [import_module(f".engines.{name}", __package__).install(*told) for name, told in hooks]

        def undo_all() -> None:
            while undo:
                undo.pop()()

        return undo_all

    return when_imported([*_HOOKED, *_FILES, *(_USES.keys() - _HOOKED.keys())], install)
