"""Fingerprints of what the guards of kernels know, told over a socket of its own for each kernel.

A guard that was taken out of its kernel has told by then what it knew; see `runtime.fingerprints` for how.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import shutil
import socket
import stat
import tempfile
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..guard.texts.fingerprints import FingerprintedValues
from ..keys.fingerprints import FingerprintKey
from ..runtime.fingerprints import address_file, received

__all__ = ["Fingerprints"]

_MOST_WAITING = 8
_IS_LOCAL = hasattr(socket, "AF_UNIX")


class Fingerprints:
    """What the kernels of one server have told it. Used by its loop alone; batches are read in threads."""

    def __init__(self, key_of: Callable[[str], bytes], folder: Callable[[], Path], logger: logging.Logger) -> None:
        """``key_of`` finds the key of a kernel's connection, ``folder`` that of the connection files."""
        self._key_of = key_of
        self._folder = folder
        self._logger = logger
        self._doors: dict[str, _Door] = {}

    def known_to(self, kernel: str) -> FingerprintedValues | None:
        """What ``kernel`` has told; None where it has told nothing yet."""
        door = self._doors.get(kernel)
        return door.values if door is not None else None

    def listen(self, kernel: str) -> None:
        """Listen to ``kernel``, whose process is about to begin. What it told before it began anew stays known.

        OSError where there can be no socket.
        """
        if not _IS_LOCAL:
            return
        if kernel not in self._doors:
            self._doors[kernel] = _Door(kernel, self._key_of, self._logger)
        folder = self._folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._doors[kernel].tell(address_file(folder, kernel))
        self.share(kernel)

    def share(self, kernel: str) -> None:
        """See that the account that ``kernel`` runs as can reach the socket, which may be told late."""
        if (door := self._doors.get(kernel)) is not None:
            door.share(self._folder() / f"kernel-{kernel}.json")

    def forget(self, kernel: str) -> None:
        """``kernel`` has ended."""
        if (door := self._doors.pop(kernel, None)) is not None:
            door.close()
            with contextlib.suppress(OSError):
                address_file(self._folder(), kernel).unlink()


class _Door:
    """The socket of one kernel, and what came through it."""

    def __init__(self, kernel: str, key_of: Callable[[str], bytes], logger: logging.Logger) -> None:
        self.values: FingerprintedValues | None = None
        self._kernel = kernel
        self._key_of = key_of
        self._key: FingerprintKey | None = None
        self._logger = logger
        self._waiting = 0
        self._address: Path | None = None
        self._shared_as: tuple[int, int, bool] | None = None
        self._is_full = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="privguard-fingerprints")
        self._folder = Path(tempfile.mkdtemp(prefix="privguard-"))  # which nobody else can enter
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)  # at the latest when the server ends
        self._path = self._folder / "fingerprints"
        self._listener = socket.socket(socket.AF_UNIX)
        self._loop = asyncio.get_running_loop()
        try:
            self._listener.bind(str(self._path))
            self._path.chmod(0o600)
            self._listener.listen(_MOST_WAITING)
            self._listener.setblocking(False)
            self._loop.add_reader(self._listener.fileno(), self._accept)
        except BaseException:
            self.close()
            raise

    def tell(self, address: Path) -> None:
        """Say where the socket is."""
        self._address, self._shared_as = address, None
        part = address.with_suffix(f".{os.getpid()}.part")
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps({"socket": str(self._path)}).encode())
        part.replace(address)

    def share(self, connection: Path) -> None:
        """Let whoever may read the ``connection`` file of the kernel speak here, if that is its account alone."""
        with contextlib.suppress(OSError):  # not there yet, or not ours to give away: then it is the server's account's
            found = connection.stat()
            wanted = found.st_uid, found.st_gid, bool(found.st_mode & stat.S_IRGRP)
            if wanted == self._shared_as or self._address is None:
                return
            self._shared_as = wanted
            uid, gid, is_for_group = wanted
            for path, alone, group in (
                (self._address, 0o600, 0o040),
                (self._path, 0o600, 0o060),
                (self._folder, 0o700, 0o010),
            ):
                path.chmod(alone | group if is_for_group else alone)
                os.chown(path, uid, gid)

    def close(self) -> None:
        if not self._loop.is_closed():
            self._loop.remove_reader(self._listener.fileno())
        self._listener.close()
        self._thread.shutdown(wait=False, cancel_futures=True)
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
            self._folder.rmdir()

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:  # whoever it was has gone
            return
        if self._waiting >= _MOST_WAITING:
            connection.close()
            return
        self._waiting += 1
        self._thread.submit(self._receive, connection)

    def _receive(self, connection: socket.socket) -> None:
        try:
            with connection:
                if self._key is None:
                    self._key = FingerprintKey(self._key_of(self._kernel), self._kernel)
                values = self.values or FingerprintedValues(self._key)
                has_room = received(connection, self._key, values.take)
                self.values = values
            if not has_room and not self._is_full:
                self._is_full = True
                self._logger.warning(
                    "privguard: kernel %s knows more values than the server keeps fingerprints of; of the rest it "
                    "withholds what shows by its form.",
                    self._kernel,
                )
        except (OSError, ValueError) as error:
            self._logger.warning(
                "privguard: somebody who does not hold the key of kernel %s, or broke off, spoke to its socket (%s).",
                self._kernel,
                type(error).__name__,
            )
        except Exception as error:  # noqa: BLE001 - a thread: what is told next is heard
            self._logger.error("privguard: fingerprints were not taken (%s).", type(error).__name__)
        finally:
            self._waiting -= 1
