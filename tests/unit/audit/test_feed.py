"""Sending beside the work, without a server: what goes wrong there never reaches the writer."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.audit import feed as feed_module
from jupyter_privguard.audit.feed import Feed
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.merkle import CompactRange
from jupyter_privguard.audit.stores.postgres import Standing
from jupyter_privguard.errors import InputError, LogError, LogUnavailable
from jupyter_privguard.keys.keyring import KeyRing

CANARY = "canary-4711"


class Store:
    """Takes what is sent, as the real one does."""

    name = "db/log"

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.root: bytes | None = None
        self.closed = 0

    def standing(self, origin: str, vkey: str) -> Standing:
        return Standing(1, len(self.lines), self.root, bool(self.lines))

    def add(self, log: int, first: int, blocks: Any, head: Any) -> None:
        assert first == len(self.lines) + 1
        for block in blocks:
            self.lines += [row.line for row in block]
            self.root = block[-1].root
        root = self.root or CompactRange().root()  # the head of a log without records is sent too
        assert (head.size, head.root) == (len(self.lines), root)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_FIRST_PAUSE_S", "_LONGEST_PAUSE_S", "_BUSY_S", "_GATHER_S"):
        monkeypatch.setattr(feed_module, name, 0.001)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def write(
    folder: Path, keyring: KeyRing, told: list[str], make_event: Callable[..., dict[str, Any]]
) -> Callable[..., AuditLog]:
    def write(connect: Callable[[], Any], until: Callable[[], bool]) -> AuditLog:
        log = AuditLog.open(folder, keyring, feed=Feed(folder, keyring, connect, told.append))
        deadline = time.monotonic() + 20
        while not until():
            log.append(make_event())
            assert time.monotonic() < deadline
        log.close()
        return log

    return write


def test_all_lines_arrive_in_their_order(write, reader) -> None:
    store = Store()
    write(lambda: store, lambda: len(store.lines) > 20)

    assert store.lines == list(reader().lines())
    assert store.closed == 1


@pytest.mark.parametrize("kind", [LogUnavailable, InputError])
def test_a_store_that_is_away_is_told_of_once_and_tried_again(write, reader, told, kind: type[Exception]) -> None:
    store, tries = Store(), []

    def connect() -> Store:
        tries.append(1)
        if len(tries) < 6:
            raise kind("privguard: the store is away.")
        return store

    write(connect, lambda: len(store.lines) > 0 and bool(told))

    assert told == ["privguard: the store is away. The log is kept here and sent later."]
    assert store.lines == list(reader().lines())


def test_a_second_outage_is_told_of_again(write, told) -> None:
    answers = iter([False, True, False])

    class Breaking(Store):
        def standing(self, origin: str, vkey: str) -> Standing:
            if not next(answers, True):
                raise LogUnavailable("privguard: the store is away.")
            return super().standing(origin, vkey)

    store = Breaking()
    write(lambda: store, lambda: len(told) == 2)

    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (LogError("privguard: another past."), "privguard: another past."),
        (ValueError(CANARY), "privguard: the log is not sent to its store any more (ValueError)."),
    ],
)
def test_what_cannot_get_better_is_told_of_and_left(write, told, error: Exception, said: str) -> None:
    tries = []

    def connect() -> Store:
        tries.append(1)
        raise error

    write(connect, lambda: bool(told))

    assert told == [said] and len(tries) == 1


def test_closing_waits_for_no_store_that_is_away(folder, keyring, make_event, told, monkeypatch) -> None:
    monkeypatch.setattr(feed_module, "_FIRST_PAUSE_S", 3600.0)
    tried: list[int] = []

    def connect() -> Store:
        tried.append(1)
        raise LogUnavailable("privguard: the store is away.")

    log = AuditLog.open(folder, keyring, feed=Feed(folder, keyring, connect, told.append))
    log.append(make_event())
    while not tried:
        time.sleep(0.001)
    began = time.monotonic()
    log.close()

    assert time.monotonic() - began < feed_module._LAST_S
    assert len(tried) <= 2 and len(told) == 1  # once more at most, at the end


def test_a_process_without_threads_writes_all_the_same(folder, keyring, make_event, told, monkeypatch) -> None:
    def refuse(self: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", refuse)

    with AuditLog.open(folder, keyring, feed=Feed(folder, keyring, Store, told.append)) as log:
        assert log.append(make_event())["seq"] == 1


def test_another_process_that_sends_is_not_disturbed(folder, keyring, make_event, told) -> None:
    store = Store()
    with feed_module._alone(folder / feed_module.LOCK) as is_alone:
        assert is_alone
        log = AuditLog.open(folder, keyring, feed=Feed(folder, keyring, lambda: store, told.append))
        for _ in range(50):
            log.append(make_event())
        assert store.lines == []
    log.close()

    assert len(store.lines) == 50 and told == []
