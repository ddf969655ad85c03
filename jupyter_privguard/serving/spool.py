"""Events that wait on the disk while the log cannot be written: durable, in order, and in the log once.

One file of lines, each with a code under the deployment's key, so that nobody puts events there that were none.
How far it has been sent stands beside it. A process that dies between sending and noting sends again, and is told
by the log's newest events what it has already.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .._canonical import canonical_json
from .._files import alone, sync_folder, write_atomically
from ..errors import LogUnavailable, StateError

__all__ = ["Spool", "key_of"]

_FILE, _SENT, _LOCK = "predictions.jsonl", "predictions.sent", "predictions.lock"
_BLOCK = 500
"""Events that are sent at once."""


class Spool:
    """The file of one deployment; processes that serve the same one share it."""

    def __init__(self, folder: Path, code: Callable[[bytes], str]) -> None:
        """``code`` is a keyed code over a line, as text without spaces."""
        self._folder = folder
        self._code = code

    def __repr__(self) -> str:
        return f"Spool({str(self._folder)!r})"

    def holds_any(self) -> bool:
        """Whether anything waits."""
        try:
            return (self._folder / _FILE).stat().st_size > 0
        except OSError:
            return False

    def add(self, events: Sequence[dict[str, Any]]) -> None:
        """Add ``events``, durable on return; LogUnavailable where they cannot be kept here either."""
        lines = b"".join(self._line(event) for event in events)
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with alone(self._folder / _LOCK):
                self._write(lines)
        except StateError as error:
            raise LogUnavailable(str(error)) from None
        except OSError as error:
            raise LogUnavailable(
                f"privguard: neither the log nor {self._folder} can be written ({error.strerror}), so nothing is "
                "predicted; check the disk and its rights."
            ) from None

    def send(
        self, write: Callable[[Sequence[dict[str, Any]]], None], known: Callable[[int], set[str]]
    ) -> tuple[int, int]:
        """Hand what waits to ``write``, in order; how many events that were, and how many lines were no events of ours.

        ``known`` tells the keys (`key_of`) of the newest so many events in the log. Errors of both pass through, and
        what was not written waits on.
        """
        sent = bad = 0
        is_first = True
        while True:
            with alone(self._folder / _LOCK):
                start = self._start()
                lines, end = self._block(start)
                if not lines:
                    self._clear()
                    return sent, bad
                events = [event for event in map(self._event, lines) if event is not None]
                bad += len(lines) - len(events)
                if is_first and events:
                    there = known(len(events))
                    events = [event for event in events if key_of(event) not in there]
                if events:
                    write(events)
                sent += len(events)
                write_atomically(self._folder / _SENT, str(end).encode())
                is_first = False

    def _line(self, event: dict[str, Any]) -> bytes:
        line = canonical_json(event)
        return self._code(line).encode() + b" " + line + b"\n"

    def _event(self, line: bytes) -> dict[str, Any] | None:
        code, _, text = line.partition(b" ")
        if not hmac.compare_digest(code, self._code(text).encode()):
            return None
        event: dict[str, Any] = json.loads(text)
        return event

    def _write(self, lines: bytes) -> None:
        path = self._folder / _FILE
        is_new = not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.fchmod(handle, 0o600)
            size = os.fstat(handle).st_size
            whole = _whole(handle, size)  # what a crash has left of a line was promised to nobody
            if whole < size:
                os.ftruncate(handle, whole)
            written = os.write(handle, lines)
            if written < len(lines):
                os.ftruncate(handle, whole)
                raise OSError(28, os.strerror(28))
            os.fsync(handle)
        finally:
            os.close(handle)
        if is_new:
            sync_folder(self._folder)

    def _start(self) -> int:
        try:
            return int((self._folder / _SENT).read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def _block(self, start: int) -> tuple[list[bytes], int]:
        lines: list[bytes] = []
        try:
            with (self._folder / _FILE).open("rb") as file:
                file.seek(start)
                for line in file:
                    if not line.endswith(b"\n") or len(lines) == _BLOCK:
                        break
                    lines.append(line[:-1])
                    start += len(line)
        except FileNotFoundError:
            pass
        return lines, start

    def _clear(self) -> None:
        for name in (_FILE, _SENT):  # in this order: an old mark beside a new file would skip what is in it
            (self._folder / name).unlink(missing_ok=True)
            sync_folder(self._folder)


def key_of(event: Mapping[str, Any]) -> str:
    """What tells an event from all others: the id of a prediction, else all that it says."""
    own = event.get("prediction")
    if isinstance(own, str):
        return own
    said = {name: value for name, value in event.items() if name not in ("seq", "time")}
    return hashlib.sha256(canonical_json(said)).hexdigest()


def _whole(handle: int, size: int) -> int:
    """Where the last whole line ends."""
    at = size
    while at:
        step = min(at, 4096)
        found = os.pread(handle, step, at - step).rfind(b"\n")
        if found >= 0:
            return at - step + found + 1
        at -= step
    return 0
