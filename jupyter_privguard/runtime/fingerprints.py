"""How a server that wants to know again what its kernels' guards know is told: fingerprints over a local socket.

Server and kernel share the key of the kernel's connection; from it both make the key of the fingerprints. Where the
socket is, a file beside the connection file says. A message is a nonce from the server, then from the guard the size
of a batch, the batch and a proof that it comes from somebody with the key, then one byte in answer.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ..errors import PrivguardError
from ..guard.session import Session
from ..guard.texts.fingerprinting import Fingerprinting
from ..guard.texts.fingerprints import LARGEST, Batch
from ..keys.fingerprints import FingerprintKey
from .identity import connection_folder
from .place import is_there

__all__ = ["address_file", "received", "tell_fingerprints"]

PATIENCE_S = 5.0
"""How long either side waits for the other."""
_AT_END_S = 10.0
_NONCE = _PROOF = 32
_SIZE = 4
_KEPT, _FULL = b"+", b"f"
_LARGEST_FILE = 64 * 1024


def address_file(folder: Path, kernel: str) -> Path:
    """Where the server says on which socket it listens to ``kernel``; ``folder`` is that of its connection file."""
    return folder / f"privguard-{kernel}.socket"


def received(connection: socket.socket, key: FingerprintKey, take: Callable[[Batch], bool]) -> bool:
    """Read one batch and give it to ``take``, which says whether there was room; whether there was.

    OSError where nothing comes in time, ValueError for what is no batch or comes from somebody without the key.
    """
    connection.settimeout(PATIENCE_S)
    nonce = os.urandom(_NONCE)
    connection.sendall(nonce)
    size = int.from_bytes(_read(connection, _SIZE), "big")
    if size > LARGEST:
        raise ValueError("a batch that is too large")
    body = _read(connection, size)
    if not key.proves(_read(connection, _PROOF), nonce, body):
        raise ValueError("a batch of somebody without the key")
    has_room = take(Batch.decoded(body))
    with contextlib.suppress(OSError):  # whoever does not wait for the answer has told all the same
        connection.sendall(_KEPT if has_room else _FULL)
    return has_room


def tell_fingerprints(session: Session) -> Callable[[], None]:
    """Tell the server of this kernel what ``session`` knows, from now on; what ends it, once all is told.

    Nothing is told where no server listens.
    """
    kernel, folder = session.kernel, connection_folder()
    if kernel is None or folder is None or not hasattr(socket, "AF_UNIX"):
        return lambda: None
    address = address_file(folder, kernel)
    if not is_there(address):
        return lambda: None
    teller = _Teller(session, address, folder / f"kernel-{kernel}.json", kernel)
    teller.start()
    return teller.stop


class _Teller:
    """A thread that tells what is new, batch by batch."""

    def __init__(self, session: Session, address: Path, connection: Path, kernel: str) -> None:
        self._session = session
        self._address = address
        self._connection = connection
        self._kernel = kernel
        self._news = threading.Event()
        self._ending = threading.Event()
        self._is_full = False
        self._has_failed = False
        self._making: Fingerprinting | None = None
        self._thread = threading.Thread(target=self._run, name="privguard-fingerprints", daemon=True)

    def start(self) -> None:
        self._session.knowledge.values.changed = self._news.set
        self._news.set()  # that there is a guard is told at once
        self._thread.start()

    def stop(self) -> None:
        """Tell what has not been told yet, for ten seconds at most."""
        self._session.knowledge.values.changed = bool
        self._ending.set()
        self._news.set()
        self._thread.join(_AT_END_S)

    def _run(self) -> None:
        while True:
            self._news.wait()
            self._news.clear()
            is_last = self._ending.is_set()
            try:
                if not self._is_full:
                    self._tell()
                    self._has_failed = False
            except Exception as error:  # noqa: BLE001 - whatever it is, cells go on; with the next news all is told anew
                self._failed(error)
            if is_last:
                return

    def _tell(self) -> None:
        making = self._making
        if making is None:
            key = FingerprintKey(_key_in(self._connection), self._kernel)
            self._key, making = key, Fingerprinting(key, self._session.knowledge.values)
            self._send(Batch())
            self._making = making
        with self._session.locked():
            news = making.news()
        began = time.monotonic()
        for batch in making.batches(news):
            if not self._send(batch):
                self._is_full = True
                return
            # As long a rest as the work was, for the cells that run beside it.
            self._ending.wait(time.monotonic() - began)
            began = time.monotonic()

    def _send(self, batch: Batch) -> bool:
        """Whether there was room for it."""
        body = batch.encoded()
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PATIENCE_S)
            connection.connect(_socket_in(self._address))
            nonce = _read(connection, _NONCE)
            connection.sendall(len(body).to_bytes(_SIZE, "big") + body + self._key.proof(nonce, body))
            answer = _read(connection, 1)
        if not hmac.compare_digest(answer, _KEPT) and not hmac.compare_digest(answer, _FULL):
            raise ValueError("no answer of a server")
        return answer == _KEPT

    def _failed(self, error: Exception) -> None:
        if self._making is not None:
            self._making.again()
        if self._has_failed or self._session.is_closed:
            return
        self._has_failed = True
        with contextlib.suppress(PrivguardError):
            self._session.record(
                "alert", "error", about="fingerprints could not be told to the server", reason=type(error).__name__
            )


def _read(connection: socket.socket, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = connection.recv(min(size, 1 << 16))
        if not part:
            raise OSError("the other side has closed the socket")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _key_in(connection: Path) -> bytes:
    with connection.open("rb") as file:
        return str(json.loads(file.read(_LARGEST_FILE))["key"]).encode()


def _socket_in(address: Path) -> str:
    with address.open("rb") as file:
        return str(json.loads(file.read(_LARGEST_FILE))["socket"])
