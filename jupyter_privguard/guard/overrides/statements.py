"""Classes that a person has given to columns: who said what of which column of which data set.

An override sticks to a data set's name and a column's label. A table that was read has its name from its
source, one that was made in a notebook from its variable. Many files are called ``data.csv`` and many variables
``df``: so an override shows less of anything of that name, but more only of the very same source, or in its own
notebook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ...keys.keyring import KeyRing

__all__ = ["Column", "DataSet", "Name", "Names", "Override", "Overrides", "label_digests"]

_REMEMBERED = 10_000
"""Names whose keys are kept."""


class DataSet(NamedTuple):
    """What a table is called."""

    name: str
    is_variable: bool = False
    """Whether it has its name from a variable, because it was not read from anywhere."""
    source: str = ""
    """Where it was read from (`datasets.place_of_source`); empty where nobody knows."""


class Column(NamedTuple):
    """A column of a data set; of a table without a name, by its label alone."""

    dataset: DataSet | None
    label: str


class Name(NamedTuple):
    """A name or label as it may be stored and shown."""

    shown: str
    hmac: str = ""
    """Key id and hex digest, ``1a2b3c4d:…``; set where the name itself looks like somebody's data, and only its
    mask may be shown."""

    @property
    def key(self) -> tuple[str, bool]:
        """What tells it from every other name."""
        return (self.hmac, True) if self.hmac else (self.shown, False)


class Names:
    """Makes names of texts: ``safe`` masks what looks like a value, ``digests`` are keyed, the current key's first."""

    def __init__(self, safe: Callable[[str], str], digests: Callable[[str], Sequence[str]]) -> None:
        self._safe = safe
        self._digests = digests

    def of(self, text: str) -> Name:
        """The name of ``text``."""
        safe = self._safe(text)
        return Name(text) if safe == text else Name(safe, self._digests(text)[0])

    def hidden(self, text: str) -> Name:
        """The name of ``text`` that is found by its digest alone, however its mask may look."""
        return Name(self._safe(text), self._digests(text)[0])

    def keys(self, text: str) -> frozenset[tuple[str, bool]]:
        """The keys that ``text`` may have been given: what looks like a value may not have looked so then."""
        return frozenset({(text, False), *((digest, True) for digest in self._digests(text))})


def label_digests(keyring: KeyRing, text: str) -> list[str]:
    """Digests of a label or a data set's name, one under each masking key, by keys that serve nothing else."""
    value = [text.encode("utf-8", "surrogatepass")]
    return [f"{key}:{keyring.digest('override', value, key_id=key)[0].hex()}" for key in keyring.key_ids]


@dataclass(frozen=True, slots=True)
class Override:
    """What somebody said that a column holds."""

    dataset: Name
    column: Name
    entity: str
    by: str
    since: str
    """RFC 3339, UTC."""
    notebook: Name | None = None
    """The notebook in which the data set has its name from a variable; None for one that was read."""
    source: Name | None = None
    """Where the data set was read from; None for one that was not, or where that is not known."""
    saved: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """Which column it is about."""
        return (self.dataset.key, *(place.key if place else None for place in (self.notebook, self.source)), self.label)

    @property
    def label(self) -> tuple[str, bool]:
        """What tells the column's label from every other one."""
        return self.column.key


class Overrides:
    """The overrides in force in one process. Not thread-safe: the session holds the lock."""

    def __init__(self, names: Names, *, notebook: str | None = None, saved: Iterable[Override] = ()) -> None:
        self.names = names
        self._notebook = notebook or ""
        self.revision = 0
        """Counts changes."""
        self._here: dict[tuple[object, ...], Override] = {}
        self._saved = {override.key: override for override in saved}
        self._by_label: tuple[int, dict[tuple[str, bool], list[Override]]] = (-1, {})
        """The overrides by their column's label, and at which revision that was so."""
        self._keys: dict[str, frozenset[tuple[str, bool]]] = {}

    def __bool__(self) -> bool:
        return bool(self._here or self._saved)

    def __iter__(self) -> Iterator[Override]:
        return iter((self._saved | self._here).values())

    def made(self, column: Column, entity: str, *, by: str, since: str, saved: bool) -> Override:
        """An override on ``column`` of a data set with a name; it is not in force yet."""
        assert column.dataset is not None  # noqa: S101 - nobody can speak of a table that has no name
        dataset = column.dataset
        return Override(
            self.names.of(dataset.name),
            self.names.of(column.label),
            entity,
            by,
            since,
            notebook=self.names.of(self._notebook) if dataset.is_variable else None,
            source=self.names.hidden(dataset.source) if dataset.source and not dataset.is_variable else None,
            saved=saved,
        )

    def put(self, override: Override) -> None:
        """Put ``override`` in force."""
        self.revision += 1
        if override.saved:
            self._saved[override.key] = override
            self._here.pop(override.key, None)
        else:
            self._here[override.key] = override

    def take(self, override: Override) -> None:
        """Take back all that is said of the column of ``override``."""
        self.revision += 1
        self._here.pop(override.key, None)
        self._saved.pop(override.key, None)

    def renew(self, saved: Iterable[Override]) -> bool:
        """``saved`` is what the file says by now; whether it says something else than before."""
        found = {override.key: override for override in saved}
        is_new = found != self._saved
        if is_new:
            self.revision += 1
            self._saved = found
        return is_new

    def is_saved(self, override: Override) -> bool:
        """Whether the file speaks of the column of ``override``."""
        return override.key in self._saved

    def own(self, column: Column) -> list[Override]:
        """What was said of ``column`` of this very data set, the word that counts last.

        Several are of one column where its label or source was stored as digests under several keys.
        """
        dataset = column.dataset
        if dataset is None:
            return []
        own = [override for override in self._named(column, dataset) if self._is_own(override, dataset)]
        return sorted(own, key=lambda override: (not override.saved, override.since))

    def on(self, column: Column) -> list[tuple[Override, bool]]:
        """The overrides on ``column``, and for each whether it is about this very data set.

        Where there is such a word, others are not heard. Else they are those on another data set of the same
        name, by a variable, in another notebook or from another source: they may hide, not show.
        """
        if column.dataset is None:
            return []
        if own := self.own(column):
            return [(own[-1], True)]
        return [(override, False) for override in self._named(column, column.dataset)]

    def forget_digests(self) -> None:
        """Digests are made anew: other keys are in use than before."""
        self._keys.clear()

    def _named(self, column: Column, dataset: DataSet) -> list[Override]:
        """The overrides on columns of this label in data sets of this name."""
        if not self:
            return []
        by_label = self._index()
        found = [override for key in self._keys_of(column.label) for override in by_label.get(key, ())]
        if not found:
            return []
        names = self._keys_of(dataset.name)
        return [override for override in found if override.dataset.key in names]

    def _is_own(self, override: Override, dataset: DataSet) -> bool:
        if dataset.is_variable:
            return override.notebook is not None and override.notebook.key in self._keys_of(self._notebook)
        if override.notebook is not None or override.source is None or not dataset.source:
            return False
        return override.source.key in self._keys_of(dataset.source)

    def _index(self) -> dict[tuple[str, bool], list[Override]]:
        if self._by_label[0] != self.revision:
            index: dict[tuple[str, bool], list[Override]] = {}
            for override in self:
                index.setdefault(override.label, []).append(override)
            self._by_label = (self.revision, index)
        return self._by_label[1]

    def _keys_of(self, text: str) -> frozenset[tuple[str, bool]]:
        """The keys that ``text`` may have; made once, for the digests take their time."""
        if text not in self._keys:
            if len(self._keys) >= _REMEMBERED:
                self._keys.clear()
            self._keys[text] = self.names.keys(text)
        return self._keys[text]
