"""Files sealed and opened again: whole or not at all, and recorded before there is anything to find."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from ... import _files
from ...audit.event import classified_column
from ...errors import InputError, KeyStoreError, Refused, what_now
from ...frames import view
from ...frames.watch import Watcher
from ...keys.keyring import KeyRing
from ...keys.sealed_file import CHUNK, MAGIC, Sealed, is_sealed, open_sealed, seal
from ...model import Tier
from ...policy.rules import Policy
from ..columns.assess import assess
from ..columns.datasets import name_of_source
from ..texts.masker import mask_spans

__all__ = [
    "ENDING",
    "Done",
    "Progress",
    "check_removable",
    "read_on_record",
    "read_sealed_table",
    "remove_original",
    "seal_bytes",
    "seal_file",
    "unseal_file",
]

ENDING = ".sealed"
"""What is added to the name of a sealed file."""

Progress = Callable[[float], None]
"""Hears the share of the work that is done, in [0, 1]."""


class Done(NamedTuple):
    """What was sealed or opened."""

    size: int
    """Bytes in plain."""
    sha256: bytes
    """Of the bytes in plain."""
    key_id: str


def seal_file(path: str, out: str, *, keyring: KeyRing, ready: Callable[[Done], None], progress: Progress) -> Done:
    """Seal the file ``path``, of any size, as ``out``: whole, or not at all. The original stays.

    ``ready`` hears of it before ``out`` exists; what it raises prevents that. InputError for what
    cannot be read, is sealed already or cannot be written.
    """
    target, name = Path(out), Path(path).name
    _files.check_target(target)
    if "\\" in name:  # elsewhere it would be a path
        raise InputError(f"privguard: {path}: a name with a backslash cannot be sealed; rename the file first.")
    with _opened(path) as file:
        if is_sealed(file.read(len(MAGIC))):
            raise InputError(f"privguard: {path}: this file is sealed already.")
        file.seek(0)
        plain = _Hashed(file, progress)
        with _written(target) as sealed:
            seal(plain, sealed, keyring, name=name)
            done = Done(plain.size, plain.sha256, keyring.key_id)
            ready(done)
    return done


def seal_bytes(data: bytes, *, called: str, out: Path, keyring: KeyRing, ready: Callable[[Done], None]) -> Done:
    """Seal ``data``, which never were a file, under the name ``called`` as ``out``. The rest as `seal_file`."""
    _files.check_target(out)
    with _written(out) as sealed:
        seal(io.BytesIO(data), sealed, keyring, name=called)
        done = Done(len(data), hashlib.sha256(data).digest(), keyring.key_id)
        ready(done)
    return done


def check_removable(path: str) -> None:
    """InputError for a file that would still be there in plain, under another name, when this one is deleted."""
    file = Path(path)
    if file.is_symlink() or (file.exists() and file.stat().st_nlink > 1):
        raise InputError(f"privguard: {path} has another name too, under which it would stay; seal it by its only one.")


def remove_original(path: str, out: str, *, keyring: KeyRing, done: Done, progress: Progress) -> None:
    """Delete the file ``path`` after ``out`` was opened, read to its end and found to hold all of it.

    InputError where the original is another one by now or cannot be deleted, KeyStoreError where
    ``out`` does not open; the original stays then. A disk may keep old blocks of what was deleted.
    """
    with _opened(out) as file:
        inside = hashlib.sha256()
        for part in open_sealed(file, keyring, called=out).chunks:
            inside.update(part)
    with _opened(path) as file:
        plain = _Hashed(file, progress)
        while plain.read(CHUNK):
            pass
    if not inside.digest() == plain.sha256 == done.sha256:
        raise InputError(f"privguard: {path} has changed since it was sealed, so it was not deleted; seal it again.")
    try:
        Path(path).unlink()
        _files.sync_folder(Path(path).absolute().parent)
    except OSError as error:
        raise InputError(f"privguard: {path} is sealed but cannot be deleted ({error.strerror}).") from None


def unseal_file(path: str, out: str, *, keyring: KeyRing, ready: Callable[[Done], None], progress: Progress) -> Done:
    """Write what is in the sealed file ``path`` to ``out``: whole, or not at all, and nothing unverified.

    ``ready`` as for `seal_file`. KeyStoreError for a file that was changed or whose key is not here.
    """
    target = Path(out)
    _files.check_target(target)
    with _opened(path) as file:
        found = open_sealed(_Hashed(file, progress), keyring, called=path)
        plain, size = hashlib.sha256(), 0
        with _written(target) as opened:
            for part in found.chunks:
                opened.write(part)
                plain.update(part)
                size += len(part)
            done = Done(size, plain.digest(), found.key_id)
            ready(done)
    return done


def read_sealed_table(path: str, *, keyring: KeyRing) -> tuple[Any, Sealed]:
    """The table in a sealed CSV, TSV or Parquet file as a frame, and what was sealed. No plain byte touches a disk.

    InputError for what is no table, KeyStoreError as `unseal_file`.
    """
    from ...frames.files import SUFFIXES, read_from

    with _opened(path) as file:
        found = open_sealed(file, keyring, called=path)
        if Path(found.name).suffix.lower() not in SUFFIXES:
            raise InputError(f"privguard: {path}: no table is sealed in it; `privguard unseal` writes it to a file.")
        plain = io.BytesIO()
        for part in found.chunks:
            plain.write(part)
    return read_from(plain, found.name), found


def read_on_record(
    path: str,
    *,
    reason: str | None,
    policy: Policy,
    keyring: KeyRing,
    record: Callable[..., Any],
    check: Callable[[], None],
    watcher: Watcher | None,
) -> Any:
    """The frame of a sealed table, recorded before it is returned, and when it is not.

    ``check`` raises Refused where this is not granted. ``watcher`` is that of a guarded session, whose
    record tells of the table too; without one ``data.load`` is recorded here.
    """

    def safe(text: str) -> str:
        return mask_spans(text, tier=Tier.PUBLIC, policy=policy, keyring=keyring, on_screen=True)

    dataset: dict[str, Any] = {"name": safe(name_of_source(path)), "source": safe(path)}
    why = reason and safe(reason)
    try:
        check()
        frame, sealed = read_sealed_table(path, keyring=keyring)
    except Refused as refused:
        record("data.unseal", outcome="refused", rule=refused.rule, dataset=dataset, reason=why)
        raise
    except KeyStoreError:
        record("data.unseal", outcome="error", dataset=dataset, reason=why)
        raise
    record("data.unseal", key_id=sealed.key_id, dataset=dataset, reason=why)
    seen = view(frame)
    assert seen is not None  # noqa: S101 - read_sealed_table() returns a pandas frame
    if watcher is not None:
        watcher.loaded(frame, path)
        return frame
    verdicts = assess(seen, policy=policy, dataset=name_of_source(path), source=path)
    columns = [classified_column(verdict, safe(verdict.column)) for verdict in verdicts]
    record("data.load", dataset={**dataset, "rows": seen.rows, "columns": columns})
    return frame


class _Hashed:
    """A file as it is read: counted, hashed, and its progress told."""

    def __init__(self, file: BinaryIO, progress: Progress) -> None:
        self._file, self._progress, self._hash, self.size = file, progress, hashlib.sha256(), 0
        self._whole = max(1, file.seek(0, 2))
        file.seek(0)

    def read(self, size: int = -1) -> bytes:
        part = self._file.read(size)
        self._hash.update(part)
        self.size += len(part)
        self._progress(min(1.0, self.size / self._whole))
        return part

    @property
    def sha256(self) -> bytes:
        return self._hash.digest()


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    file = Path(path)
    try:
        if not file.exists():
            raise InputError(f"privguard: {path}: there is no such file.")
        if not file.is_file():
            raise InputError(f"privguard: {path}: this is not a regular file.")
        handle = file.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from None
    with handle:
        yield handle


@contextmanager
def _written(target: Path) -> Iterator[BinaryIO]:
    try:
        with _files.whole_file(target) as file:
            yield file
    except OSError as error:
        now = what_now(error, "name another file")
        raise InputError(f"privguard: {target}: cannot be written ({error.strerror or 'I/O error'}); {now}.") from None


def _unreadable(path: str, error: OSError) -> InputError:
    return InputError(f"privguard: {path}: the file cannot be read ({error.strerror or 'I/O error'}).")
