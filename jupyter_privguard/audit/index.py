"""What a large log can be asked without reading all of it: which records name a person, a column, a handle.

A cache beside the log, which any question brings up to date and which may be deleted at any time. For each
block of records it keeps, by word, which of them have it. What it finds is read from the log and looked at
again, so that it can add nothing to an answer; whoever may change files of the log could leave something out,
as in the log itself. Proofs and signed slices never use it. It is bound to the log by the root after its last
record: one that belongs to another past is thrown away. Where it cannot be written, the log is read through.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import UTC
from pathlib import Path
from typing import NamedTuple

from .accesses import Classes, Event, classes_of, handle_of, handles_in, parts_of, said_by
from .query import Query
from .reader import LogReader

__all__ = ["BLOCK", "FILE", "Found", "Index", "find", "words_of"]

FILE = "privguard.index"
BLOCK = 8192
"""Records in a block; those after the last whole block are read through."""
_VERSION = 1
_SCHEMA = f"""
create table blocks (number integer primary key, root blob, earliest text, latest text);
create table words (word text, block integer, bits blob, primary key (word, block)) without rowid;
create table classes (dataset text, label text, entity text, primary key (dataset, label, entity)) without rowid;
pragma user_version = {_VERSION};
"""
_OF_EVENTS = ("person", "action", "outcome", "tier", "purpose", "experiment")
_PLAIN = ("person", "action", "outcome", "tier", "purpose", "experiment", "dataset", "column", "how")
"""Fields whose words can be looked up as they are asked for."""


class Found(NamedTuple):
    """What an index knows of a question."""

    numbers: list[int]
    """Of the records up to ``covered`` that may answer, ascending."""
    classes: Classes
    covered: int
    """Later records have to be read."""


def find(reader: LogReader, query: Query, done: Callable[[float], None] | None = None) -> Found | None:
    """What the index beside the log knows of ``query``, once it is up to date; None where it is of no use.

    That is for a small log, a question that asks for nothing, and an index that cannot be written or was damaged,
    which is removed. ``done`` hears the share of what is new. LogError where a line of the log is no event.
    """
    index = Index.open(reader.path.parent, reader) if reader.size >= BLOCK else None
    if index is None:
        return None
    with closing(index):
        try:
            index.update(done)
            numbers = index.candidates(query)
            return None if numbers is None else Found(numbers, index.classes(), index.covered)
        except (sqlite3.Error, zlib.error, OverflowError, TypeError):
            with suppress(OSError):
                (reader.path.parent / FILE).unlink(missing_ok=True)
            return None


class Index:
    """The index of one log; `open` it, `update` it, ask it. Not thread-safe."""

    def __init__(self, connection: sqlite3.Connection, reader: LogReader) -> None:
        """Wrap a connection; use `open`."""
        self._connection = connection
        self._reader = reader

    @classmethod
    def open(cls, folder: Path, reader: LogReader) -> Index | None:
        """The index in ``folder``, begun if there is none; None where there cannot be one.

        One that is damaged or does not belong to the log is removed and begun anew.
        """
        path = folder / FILE
        for _ in range(2):
            try:
                found = cls(_connected(path), reader)
                if found._belongs():
                    return found
                found.close()
                path.unlink(missing_ok=True)
            except sqlite3.DatabaseError:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            except OSError:
                return None
        return None

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @property
    def covered(self) -> int:
        """Number of the last record that it knows."""
        (blocks,) = self._connection.execute("select count(*) from blocks").fetchone()
        return int(blocks) * BLOCK

    def update(self, done: Callable[[float], None] | None = None) -> None:
        """Take in the whole blocks that are new; ``done`` hears the share of the work after each.

        Whatever cannot be written stays out; LogError where a line of the log is no event.
        """
        first, last = self.covered, self._reader.size // BLOCK * BLOCK
        with suppress(sqlite3.OperationalError):
            for before in range(first, last, BLOCK):
                self._add(before)
                if done is not None:
                    done((before + BLOCK - first) / (last - first))

    def classes(self) -> Classes:
        """What columns hold, as far as it knows the log."""
        found = Classes()
        for dataset, label, entity in self._connection.execute("select dataset, label, entity from classes"):
            found.add(dataset, label, entity)
        return found

    def candidates(self, query: Query) -> list[int] | None:
        """Numbers of the records that may answer ``query``, ascending; None where it asks for nothing known here."""
        asked = {name: getattr(query, name) for name in (*_PLAIN, "entity", "token") if getattr(query, name)}
        if not asked and query.since is None and query.until is None:
            return None
        blocks = self._blocks(query)
        for name, texts in sorted(
            asked.items(), key=lambda item: item[0] == "entity"
        ):  # the dearest is asked of the rest
            words = self._words(name, texts, query)
            found = self._entity(words, query, blocks) if name == "entity" else self._any(words, blocks)
            blocks = {block: bits & found[block] for block, bits in blocks.items() if found.get(block, 0)}
        return [number for block in sorted(blocks) for number in _numbers(block, blocks[block])]

    def _belongs(self) -> bool:
        row = self._connection.execute("select number, root from blocks order by number desc limit 1").fetchone()
        if row is None:
            return True
        return self.covered == (row[0] + 1) * BLOCK and bool(row[1]) and self._reader.root_at(self.covered) == row[1]

    def _add(self, before: int) -> None:
        words: dict[str, bytearray] = {}
        classes = set[tuple[str, str, str]]()
        times = []
        for place, event in enumerate(self._reader.events(after=before, limit=BLOCK)):
            times.append(str(event.get("time")))
            for word in words_of(event):
                bits = words.get(word)
                if bits is None:
                    bits = words[word] = bytearray(BLOCK // 8)
                bits[place >> 3] |= 1 << (place & 7)
            classes.update(classes_of(event))
        number = before // BLOCK
        root = self._reader.root_at(before + BLOCK)
        with self._connection as connection:
            connection.execute(
                "insert or ignore into blocks values (?, ?, ?, ?)", (number, root, min(times), max(times))
            )
            rows = ((word, number, zlib.compress(bytes(bits), 1)) for word, bits in words.items())
            connection.executemany("insert or ignore into words values (?, ?, ?)", rows)
            connection.executemany("insert or ignore into classes values (?, ?, ?)", classes)

    def _blocks(self, query: Query) -> dict[int, int]:
        """All records of the blocks that the time asked for may lie in."""
        every = (1 << BLOCK) - 1
        since = query.since.astimezone(UTC).isoformat()[:19] if query.since else ""
        until = query.until.astimezone(UTC).isoformat()[:19] + "~" if query.until else "~"
        found = self._connection.execute(
            "select number from blocks where latest >= ? and earliest <= ?", (since, until)
        )
        return {number: every for (number,) in found}

    def _words(self, name: str, texts: Iterable[str], query: Query) -> list[str]:
        """The words that are here and asked for."""
        if name == "token":
            return [word for text in texts for word in self._handles(handle_of(text) or text)]
        if not any(letter in text for text in texts for letter in "*?"):
            return [f"{name}={text.casefold()}" for text in texts]
        return [word for word in self._between(f"{name}=", f"{name}>") if query.fits(name, (word[len(name) + 1 :],))]

    def _handles(self, handle: str) -> list[str]:
        """Handles that are a form of this one: longer ones begin with it, shorter ones are its beginning."""
        longer = self._between(f"token={handle}", f"token={handle}~")
        return [*longer, *(f"token={handle[:end]}" for end in range(12, len(handle)))]

    def _between(self, first: str, last: str) -> list[str]:
        query = "select distinct word from words where word >= ? and word < ?"
        return [word for (word,) in self._connection.execute(query, (first, last))]

    def _any(self, words: Iterable[str], within: Container[int]) -> dict[int, int]:
        """By block, of those in ``within``, the records that have one of ``words``."""
        found: dict[int, int] = {}
        for word in words:
            for block, bits in self._connection.execute("select block, bits from words where word = ?", (word,)):
                if block in within:
                    found[block] = found.get(block, 0) | int.from_bytes(zlib.decompress(bits), "little")
        return found

    def _entity(self, words: Iterable[str], query: Query, within: Mapping[int, int]) -> dict[int, int]:
        """Records in ``within`` that name an entity themselves, or a column that is known to hold it."""
        found = self._any(words, within)
        used: dict[str, dict[int, int]] = {}
        for dataset, labels in self._holding(query).items():
            named = self._any([f"dataset={dataset}"], within)
            named = {block: bits for block in named if (bits := named[block] & within[block])}
            for label in labels if named else ():
                if label not in used:
                    used[label] = self._any([f"column={label}"], within)
                for block, bits in named.items():
                    found[block] = found.get(block, 0) | (bits & used[label].get(block, 0))
        return found

    def _holding(self, query: Query) -> dict[str, set[str]]:
        """Columns, by data set, that are known to hold an entity that is asked for; the case folded."""
        entities = [entity for (entity,) in self._connection.execute("select distinct entity from classes")]
        asked = {entity for entity in entities if query.fits("entity", (entity,))}
        found: dict[str, set[str]] = {}
        for dataset, label, entity in self._connection.execute("select dataset, label, entity from classes"):
            if entity in asked:
                found.setdefault(dataset.casefold(), set()).add(label.casefold())
        return found


def words_of(event: Event) -> set[str]:
    """The words by which a record can be found: ``field=text``, the case folded."""
    words = {f"person={name.casefold()}" for name in said_by(event)}
    for name in _OF_EVENTS[1:]:
        if isinstance(text := event.get(name), str):
            words.add(f"{name}={text.casefold()}")
    if isinstance(masked := event.get("masked"), Mapping) and masked:
        words.add("how=shown")  # also where the event cannot name what was shown
        words.update(f"entity={entity.casefold()}" for entity in masked)
    for part in parts_of(event):
        for name, texts in (("dataset", (part.dataset, part.source, *part.variables)), ("column", part.columns)):
            words.update(f"{name}={text.casefold()}" for text in texts)
        words.update(f"how={how}" for how in part.how)
        words.update(f"entity={entity.casefold()}" for held in part.entities.values() for entity in held)
    words.update(f"token={handle}" for handle in handles_in(str(event)))
    return words


def _numbers(block: int, bits: int) -> Iterator[int]:
    first = block * BLOCK + 1
    for place, eight in enumerate(bits.to_bytes(BLOCK // 8, "little")):
        if eight:
            yield from (first + place * 8 + bit for bit in range(8) if eight >> bit & 1)


def _connected(path: Path) -> sqlite3.Connection:
    """The file, made with mode 0600 where it is missing; OSError or DatabaseError where that cannot be."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(handle, 0o600)  # whatever the umask
    finally:
        os.close(handle)
    connection = sqlite3.connect(path, timeout=1.0)
    try:
        (version,) = connection.execute("pragma user_version").fetchone()
        if version != _VERSION:
            if connection.execute("select count(*) from sqlite_master").fetchone() != (0,):
                raise sqlite3.DatabaseError("an index of another version")
            connection.executescript(f"begin immediate;{_SCHEMA}commit;")
    except BaseException:
        connection.close()
        raise
    return connection
