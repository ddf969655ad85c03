"""A guard tells its server what it knows, and goes on where no server listens."""

from __future__ import annotations

import json
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.guard.texts.fingerprints import Batch, FingerprintedValues
from jupyter_privguard.guard.texts.known import KnownValues
from jupyter_privguard.keys.fingerprints import FingerprintKey
from jupyter_privguard.runtime import fingerprints
from jupyter_privguard.runtime.fingerprints import address_file, received, tell_fingerprints

NAME = "Ottokar Quellenbergson"


class Knowledge:
    def __init__(self) -> None:
        self.values = KnownValues()


class FakeSession:
    def __init__(self, kernel: str | None = "k") -> None:
        self.kernel = kernel
        self.knowledge = Knowledge()
        self.is_closed = False
        self.recorded: list[str] = []

    def locked(self) -> Any:
        return threading.RLock()

    def record(self, action: str, outcome: str, **fields: Any) -> None:
        self.recorded.append(f"{action} {outcome} {fields}")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pg-") as place:  # short: the path of a socket may not be long
        monkeypatch.setattr(fingerprints, "connection_folder", lambda: Path(place))
        (Path(place) / "kernel-k.json").write_text(json.dumps({"key": "shared"}))
        yield Path(place)


class Server:
    """Takes batches until it is closed; answers with what ``room`` says."""

    def __init__(self, folder: Path, *, most: int = 1000) -> None:
        self.key = FingerprintKey(b"shared", "k")
        self.values = FingerprintedValues(self.key, most=most)
        self._listener = socket.socket(socket.AF_UNIX)
        path = folder / "s"
        self._listener.bind(str(path))
        self._listener.listen(5)
        address_file(folder, "k").write_text(json.dumps({"socket": str(path)}))
        self.batches = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                received(connection, self.key, self._take)

    def _take(self, batch: Batch) -> bool:
        self.batches += 1  # before the guard has its answer, and ends
        return self.values.take(batch)


def test_all_that_was_learned_is_told_at_the_latest_when_it_ends(folder: Path) -> None:
    server, session = Server(folder), FakeSession()
    stop = tell_fingerprints(session)  # type: ignore[arg-type]  # all that is used of one

    session.knowledge.values.learn("PERSON_NAME", [NAME], column="a")
    session.knowledge.values.learn("CUSTOMER_ID", [f"K-{n:05}-X" for n in range(120)], column="b")
    stop()

    assert server.values.entities_in(f"{NAME}, k-00119-x") == {"PERSON_NAME", "CUSTOMER_ID"}
    assert session.recorded == []
    session.knowledge.values.learn("PERSON_NAME", ["Wilhelmine Obermuellerin"], column="a")
    assert server.values.entities_in("Wilhelmine Obermuellerin") == frozenset()


def test_it_ends_where_the_server_keeps_no_more(folder: Path) -> None:
    server, session = Server(folder, most=1), FakeSession()
    session.knowledge.values.learn("CUSTOMER_ID", [f"K-{n:05}-X" for n in range(3000)], column="b")

    tell_fingerprints(session)()  # type: ignore[arg-type]

    assert server.values.is_full
    assert server.batches == 3  # an empty one, one that is kept, one that is not
    assert session.recorded == []


@pytest.mark.parametrize("address", ["no JSON", "{}", '{"socket": "/nonexistent/s"}', '["socket"]'])
def test_where_it_cannot_tell_the_log_says_so_once(folder: Path, address: str) -> None:
    session = FakeSession()
    address_file(folder, "k").write_text(address)
    stop = tell_fingerprints(session)  # type: ignore[arg-type]

    for name in (NAME, "Wilhelmine Obermuellerin"):
        session.knowledge.values.learn("PERSON_NAME", [name], column="a")
    stop()

    (said,) = session.recorded
    assert said.startswith("alert error")
    assert "Quellenberg" not in said


def test_what_did_not_get_there_is_told_anew(folder: Path) -> None:
    session = FakeSession()
    address_file(folder, "k").write_text('{"socket": "/nonexistent/s"}')
    stop = tell_fingerprints(session)  # type: ignore[arg-type]
    session.knowledge.values.learn("PERSON_NAME", [NAME], column="a")

    server = Server(folder)
    stop()

    assert server.values.entities_in(NAME) == {"PERSON_NAME"}


@pytest.mark.parametrize("kernel", [None, "embedded", "another"])
def test_without_a_server_nothing_is_begun(folder: Path, kernel: str | None) -> None:
    session = FakeSession(kernel)

    tell_fingerprints(session)()  # type: ignore[arg-type]

    assert session.knowledge.values.changed is bool
    assert session.recorded == []
