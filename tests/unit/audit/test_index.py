"""The index says nothing of its own: the same answers as without, from a log of any past."""

from __future__ import annotations

import os
import sqlite3
import stat
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard._canonical import canonical_json
from jupyter_privguard.audit import index as index_module
from jupyter_privguard.audit.checkpoint import Checkpoint, sign
from jupyter_privguard.audit.index import FILE, Index, find
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.merkle import CompactRange, leaf_hash
from jupyter_privguard.audit.query import accesses, question
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.keys.keyring import KeyRing
from tests.unit.audit.log_story import HANDLE, story

NOW = datetime(2026, 11, 26, tzinfo=UTC)
QUESTIONS: list[dict[str, list[str]]] = [
    {"column": ["salary"]},
    {"column": ["sal*"], "how": ["shown"]},
    {"dataset": ["ORDERS"], "person": ["ravi"]},
    {"dataset": ["/data/*"]},
    {"entity": ["INCOME"]},
    {"entity": ["income"], "how": ["exported"]},
    {"entity": ["*"], "person": ["asha"]},
    {"token": [HANDLE]},
    {"token": [f"{HANDLE}00112233"]},
    {"tier": ["internal"], "purpose": ["churn"]},
    {"outcome": ["refused"]},
    {"outcome": ["started"], "experiment": ["exp-?"]},
    {"action": ["approval.*"]},
    {"during": ["2026-10-15"]},
    {"since": ["2026-10-20"], "column": ["salary"]},
    {"until": ["2026-10-14"], "person": ["asha"]},
    {"column": ["nothing"]},
    {"dataset": ["a"], "column": ["b"]},
]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "BLOCK", 8)


@pytest.fixture
def filled(folder: Path, keyring: KeyRing) -> Path:
    fill(folder, keyring, [e for _ in range(3) for e in story()])
    return folder


def fill(folder: Path, keyring: KeyRing, events: list[dict[str, Any]]) -> None:
    """A log of these events with the times that they have, which a writer would set itself."""
    AuditLog.open(folder, keyring).close()
    tree = CompactRange()
    with sqlite3.connect(folder / "privguard.db") as connection:
        for number, event in enumerate(events, 1):
            line = canonical_json({**event, "seq": number})
            tree.append(leaf_hash(line))
            connection.execute(
                "insert into records values (?, ?, ?, ?)", (number, line.decode(), leaf_hash(line), tree.root())
            )
        note = sign(Checkpoint(keyring.origin, tree.size, tree.root()), keyring)
        head = (tree.size, tree.root(), bytes(tree), note)
        connection.execute("update head set size = ?, root = ?, frontier = ?, checkpoint = ?", head)
    connection.close()


@pytest.fixture
def index(filled: Path, reader: Callable[[], LogReader]) -> Iterator[Index]:
    found = Index.open(filled, reader())
    assert found is not None
    found.update()
    yield found
    found.close()


@pytest.mark.parametrize("asked", QUESTIONS, ids=str)
def test_with_and_without_the_answer_is_the_same(
    index: Index, reader: Callable[[], LogReader], asked: dict[str, list[str]]
) -> None:
    query = question(asked, NOW)

    numbers = index.candidates(query)

    assert numbers is not None and numbers == sorted(set(numbers))
    newest = list(reader().events(after=index.covered))
    found = list(accesses([*reader().at(numbers), *newest], query, index.classes()))
    assert found == list(accesses(reader().events(), query))


def test_a_question_that_asks_for_nothing_is_not_for_the_index(index: Index) -> None:
    assert index.candidates(question({}, NOW)) is None


def test_whole_blocks_alone_are_taken_in_and_told(index: Index, filled: Path, reader: Callable[[], LogReader]) -> None:
    assert index.covered == 48 and reader().size == 54
    heard: list[float] = []
    (filled / FILE).unlink()
    again = Index.open(filled, reader())
    assert again is not None

    again.update(heard.append)

    assert heard == [1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1.0]
    again.close()


@pytest.mark.parametrize("mask", [0o000, 0o777])
def test_it_is_for_its_owner_alone(filled: Path, reader: Callable[[], LogReader], mask: int) -> None:
    before = os.umask(mask)
    try:
        found = Index.open(filled, reader())
    finally:
        os.umask(before)

    assert found is not None
    assert stat.S_IMODE((filled / FILE).stat().st_mode) == 0o600
    found.close()


def test_an_index_of_another_past_is_begun_anew(filled: Path, index: Index, keyring: KeyRing) -> None:
    index.close()
    for path in filled.glob("privguard.db*"):
        path.unlink()
    fill(filled, keyring, story()[::-1] * 4)

    found = Index.open(filled, LogReader.open(filled, keyring.vkey))

    assert found is not None and found.covered == 0
    found.close()


@pytest.mark.parametrize("content", [b"", b"no database" * 500, b"SQLite format 3\x00" + bytes(4000)])
def test_a_damaged_index_is_begun_anew(filled: Path, reader: Callable[[], LogReader], content: bytes) -> None:
    (filled / FILE).write_bytes(content)

    found = Index.open(filled, reader())

    assert found is not None and found.covered == 0
    found.update()
    assert found.covered == 48
    found.close()


def test_where_there_can_be_no_file_there_is_no_index(filled: Path, reader: Callable[[], LogReader]) -> None:
    (filled / FILE).mkdir()

    assert Index.open(filled, reader()) is None


def test_a_question_finds_through_it_or_not_at_all(filled: Path, reader: Callable[[], LogReader]) -> None:
    found = find(reader(), question({"column": ["salary"]}, NOW))

    assert found is not None and found.covered == 48 and found.numbers
    assert find(reader(), question({}, NOW)) is None


@pytest.mark.parametrize("bits", ["x'00'", "zeroblob(5000)", "null", "'text'", "5"])
def test_words_that_were_damaged_are_no_answer(filled: Path, reader: Callable[[], LogReader], bits: str) -> None:
    query = question({"column": ["salary"]}, NOW)
    find(reader(), query)
    with sqlite3.connect(filled / FILE) as connection:
        connection.execute(f"update words set bits = {bits} where word = 'column=salary'")
    connection.close()

    assert find(reader(), query) is None
    assert not (filled / FILE).exists()


def test_bits_beyond_a_block_are_no_answer(filled: Path, reader: Callable[[], LogReader]) -> None:
    query = question({"column": ["salary"]}, NOW)
    find(reader(), query)
    with sqlite3.connect(filled / FILE) as connection:
        connection.execute("update words set bits = ?", (zlib.compress(bytes(100) + b"\x01"),))
    connection.close()

    found = find(reader(), query)

    assert found is None or found.numbers == []


def test_a_small_log_has_none(folder: Path, keyring: KeyRing, reader: Callable[[], LogReader]) -> None:
    fill(folder, keyring, story()[:5])

    assert find(reader(), question({"column": ["salary"]}, NOW)) is None
    assert not (folder / FILE).exists()
