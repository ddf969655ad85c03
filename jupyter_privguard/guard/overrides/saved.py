"""The overrides that outlast a session, in one JSON file of the user's own.

No cell value is in it: a data set's name or a label that looks like one is stored as its mask and a keyed digest.
Writers take turns under a lock file, read what others wrote, and replace the file as a whole.

A file that cannot be read is refused as a whole, never passed over: it may be what hides a column that nothing
else recognises, and without it that column would be shown. So is one that is missing or older than the file
that there was: it counts how often it was written, and a mark elsewhere tells that.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from ..._canonical import canonical_json
from ..._files import LATER, Mark, Newest, is_later, lock_file, write_atomically
from ..._later import later
from ...errors import StateError, reason_of
from .statements import Name, Override

__all__ = ["FILE", "SavedOverrides"]

FILE = "overrides.json"
"""Its name in PRIVGUARD_HOME."""

_LARGEST = 8 << 20
_PATIENCE_S, _PAUSE_S = 1.0, 0.02  # cells wait meanwhile
_ENTITY = later(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_TEXTS = ("entity", "by", "since")


class SavedOverrides:
    """The file at ``path``; ``key_ids`` names the keys under which the digests in it can be made again."""

    def __init__(self, path: Path, key_ids: Callable[[], Collection[str]], mark: Mark | None = None) -> None:
        self.path = path
        self._key_ids = key_ids
        self._newest = Newest(mark)

    @property
    def generation(self) -> int:
        """How often the file was written; 0 where there is none. StateError if it cannot be used."""
        return self._read()[1]

    def read(self) -> list[Override]:
        """What the file says; nothing where there was none. StateError if it cannot be used or is not the newest."""
        return self._newest_one()[0]

    def _newest_one(self, *, anew: bool = False) -> tuple[list[Override], int]:
        """As `_read`; StateError also where there was a later file. ``anew`` as in `Newest.ask`."""
        self._newest.ask(anew=anew)
        entries, generation = self._read()
        if self._newest.is_older(generation):
            raise self._older()
        return entries, generation

    def _read(self) -> tuple[list[Override], int]:
        """What the file says, and how often it was written."""
        data = self._bytes()
        if data is None:
            return [], 0
        try:
            document = json.loads(data)
            if is_later(document["version"], 1):
                raise StateError(f"privguard: {self.path} {LATER}")
            if document["version"] != 1:
                raise ValueError
            entries = [_override(entry) for entry in document["overrides"]]
            if type(generation := document.get("written", 0)) is not int or generation < 0:
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise StateError(
                f"privguard: {self.path} is damaged, so nobody knows which classes were given to columns; "
                "restore it from a backup, or move it away and set them again after `privguard doctor --accept "
                f"{FILE}`."
            ) from None
        # A source whose key is gone is one that nobody knows: what was said of it shows nothing more.
        names = [name for o in entries for name in (o.dataset, o.column, o.notebook)]
        digests = [name.hmac for name in names if name and name.hmac]
        if not {digest.partition(":")[0] for digest in digests}.issubset(self._key_ids()):
            raise StateError(
                f"privguard: {self.path} belongs to a key that is not here any more; put it back, or move the file "
                "away and set the classes again."
            )
        return entries, generation

    def put(self, *overrides: Override, instead_of: Iterable[Override] = ()) -> list[Override]:
        """Add ``overrides`` in place of what was said of their columns and of those of ``instead_of``.

        All that the file says then. StateError if it cannot be changed.
        """
        gone = {override.key for override in (*overrides, *instead_of)}
        return self._changed(lambda kept: [*(o for o in kept if o.key not in gone), *overrides])

    def _changed(self, change: Callable[[list[Override]], list[Override]]) -> list[Override]:
        try:
            with self._alone():
                kept, generation = self._newest_one(anew=True)
                overrides = change(kept)
                document = {
                    "version": 1,
                    "overrides": [_entry(o) for o in overrides],
                    "written": generation + 1,
                }
                write_atomically(self.path, canonical_json(document) + b"\n")
                self._newest.written(generation + 1)
        except TimeoutError:
            raise StateError(
                f"privguard: another process is writing {self.path}, so nothing was changed; try again."
            ) from None
        except OSError as error:
            raise StateError(
                f"privguard: {self.path} cannot be written ({error.strerror or type(error).__name__}), so nothing "
                "was changed; free the disk or check its owner."
            ) from None
        return overrides

    def _older(self) -> StateError:
        what = "is an older copy" if self.path.exists() else "is missing"
        return StateError(
            f"privguard: {self.path} {what}, so nobody knows which classes were given to columns; put the newest one "
            f"back, or set the classes again after `privguard doctor --accept {self.path.name}`."
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process writes meanwhile; TimeoutError when one does for too long."""
        import fcntl

        handle = lock_file(self.path.with_suffix(".lock"))
        try:
            deadline = time.monotonic() + _PATIENCE_S
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # goes with the handle, also when we die
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise TimeoutError from None
                    time.sleep(_PAUSE_S)
            yield
        finally:
            os.close(handle)

    def _bytes(self) -> bytes | None:
        try:
            # Without blocking and without following: neither a pipe nor a link in the file's place is of use.
            handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StateError(
                f"privguard: {self.path} cannot be read ({reason_of(error)}); check its owner, or restore it from a "
                "backup."
            ) from None
        try:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise StateError(
                    f"privguard: {self.path} is not a regular file; move it away, and restore the file from a backup."
                )
            if found.st_uid != os.geteuid() or found.st_mode & 0o022:
                raise StateError(
                    f"privguard: {self.path} is not a file that only you can write; run `chmod 0600 {self.path}`, "
                    "or restore it from a backup."
                )
            with os.fdopen(handle, "rb", closefd=False) as file:
                data = file.read(_LARGEST + 1)
        finally:
            os.close(handle)
        if len(data) > _LARGEST:
            raise StateError(f"privguard: {self.path} is larger than 8 MiB; move it away and set the classes again.")
        return data


def _entry(override: Override) -> dict[str, Any]:
    return {
        "dataset": _name(override.dataset),
        "notebook": _name(override.notebook) if override.notebook else None,
        "source": _name(override.source) if override.source else None,
        "column": _name(override.column),
        **{field: getattr(override, field) for field in _TEXTS},
    }


def _name(name: Name) -> dict[str, str]:
    return {"shown": name.shown} | ({"hmac": name.hmac} if name.hmac else {})


def _override(entry: Any) -> Override:
    """An entry of the file; any of several errors if it is none."""
    texts = {field: entry[field] for field in _TEXTS}
    if not all(isinstance(text, str) for text in texts.values()) or not _ENTITY.fullmatch(texts["entity"]):
        raise ValueError
    datetime.fromisoformat(texts["since"])
    notebook, source = entry["notebook"], entry.get("source")
    return Override(
        dataset=_read_name(entry["dataset"]),
        column=_read_name(entry["column"]),
        notebook=_read_name(notebook) if notebook is not None else None,
        source=_read_name(source) if source is not None else None,
        saved=True,
        **texts,
    )


def _read_name(value: Any) -> Name:
    shown, hmac = value["shown"], value.get("hmac", "")
    if not isinstance(shown, str) or not isinstance(hmac, str):
        raise TypeError
    return Name(shown, hmac)
