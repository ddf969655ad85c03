"""Classes that a person has given to columns: who said what of which column of which data set.

An override sticks to a data set's name and a column's label. A table that was read has its name from its
source. One that was made in a notebook is called by its variable, and so many are called ``df`` that such an
override shows less anywhere, but shows more in its own notebook alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ..keys.keyring import KeyRing

__all__ = ["Column", "DataSet", "Name", "Names", "Override", "Overrides", "label_digests"]


class DataSet(NamedTuple):
    """What a table is called."""

    name: str
    is_variable: bool = False
    """Whether it has its name from a variable, because it was not read from anywhere."""


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

    def keys(self, text: str, *, digests: bool) -> tuple[tuple[str, bool], ...]:
        """The keys that ``text`` may have been given: what looks like a value may not have looked so then."""
        return ((text, False), *((digest, True) for digest in self._digests(text))) if digests else ((text, False),)


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
    saved: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """Which column it is about."""
        return (self.dataset.key, self.notebook.key if self.notebook else None, self.column.key)


class Overrides:
    """The overrides in force in one process. Not thread-safe: the session holds the lock."""

    def __init__(self, names: Names, *, notebook: str | None = None, saved: Iterable[Override] = ()) -> None:
        self.names = names
        self._notebook = notebook or ""
        self.revision = 0
        """Counts changes."""
        self._here: dict[tuple[object, ...], Override] = {}
        self._saved = {override.key: override for override in saved}

    @cached_property
    def notebook(self) -> Name:
        """Where tables are called by their variables; one nameless place where there is no notebook."""
        return self.names.of(self._notebook)

    def __bool__(self) -> bool:
        return bool(self._here or self._saved)

    def __iter__(self) -> Iterator[Override]:
        return iter((self._saved | self._here).values())

    def made(self, column: Column, entity: str, *, by: str, since: str, saved: bool) -> Override:
        """An override on ``column`` of a data set with a name; it is not in force yet."""
        assert column.dataset is not None  # noqa: S101 - nobody can speak of a table that has no name
        return Override(
            self.names.of(column.dataset.name),
            self.names.of(column.label),
            entity,
            by,
            since,
            self.notebook if column.dataset.is_variable else None,
            saved,
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

    def renew(self, saved: Iterable[Override]) -> None:
        """``saved`` is what the file says by now."""
        found = {override.key: override for override in saved}
        if found != self._saved:
            self.revision += 1
            self._saved = found

    def is_saved(self, override: Override) -> bool:
        """Whether the file speaks of the column of ``override``."""
        return override.key in self._saved

    def on(self, column: Column) -> list[tuple[Override, bool]]:
        """The overrides on ``column``, and for each whether it is about this very data set: those first.

        Another one has the same name by a variable, or in another notebook: it may hide, not show.
        """
        if column.dataset is None or not self:
            return []
        digests = any(override.column.hmac or override.dataset.hmac for override in self)
        datasets = self.names.keys(column.dataset.name, digests=digests)
        labels = self.names.keys(column.label, digests=digests)
        own = self.notebook.key if column.dataset.is_variable else None
        found = [
            (override, (override.notebook.key if override.notebook else None) == own)
            for override in self
            if override.column.key in labels and override.dataset.key in datasets
        ]
        return sorted(found, key=lambda pair: not pair[1])
