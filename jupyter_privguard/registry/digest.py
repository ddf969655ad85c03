"""The digest of a model's files: the same for the same files, wherever they lie and in whatever order they are read.

SHA-256 over the canonical JSON (RFC 8785) ``{"files": [[path, bytes, sha256], …], "version": 1}``: paths are relative,
with ``/`` between parts, sorted by code points; each file's SHA-256 is in lower hex.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from .._canonical import canonical_json
from ..errors import InputError

__all__ = ["directory_digest"]

_ADDED_BY_DOWNLOADS = frozenset({"registered_model_meta"})
"""What MLflow writes beside the files of a model when somebody downloads it."""
_MOST_FILES = 100_000


def directory_digest(folder: Path) -> str:
    """The digest (64 lower hex) of the files in ``folder``, or of the one file that it is.

    InputError where there are none, where one cannot be read or is no plain file: a link may lead elsewhere tomorrow.
    """
    try:
        files = [[name, *_file(path)] for name, path in sorted(_files(folder))]
    except OSError as error:
        raise InputError(
            f"privguard: the model's files in {folder} cannot be read ({error.strerror}); name its folder, or check "
            "its owner."
        ) from None
    if not files:
        raise InputError(f"privguard: there are no files in {folder}; name the folder that holds the model.")
    return hashlib.sha256(canonical_json({"version": 1, "files": files})).hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    if stat.S_ISREG(folder.stat().st_mode):
        yield folder.name, folder
        return
    count = 0
    for place, folders, names in os.walk(folder, onerror=_raise):
        for name in (*folders, *names):
            path = Path(place, name)
            relative = path.relative_to(folder).as_posix()
            if name in folders and not path.is_symlink():
                continue
            if relative in _ADDED_BY_DOWNLOADS:
                continue
            count += 1
            if count > _MOST_FILES:
                raise InputError(f"privguard: {folder} holds more than {_MOST_FILES:,} files; name the model's own.")
            if not stat.S_ISREG(path.lstat().st_mode):
                raise InputError(
                    f"privguard: {relative} in {folder} is no plain file, so the model has no digest; put a file there."
                )
            try:
                relative.encode()
            except UnicodeEncodeError:
                raise InputError(f"privguard: a file in {folder} has a name that is no text; rename it.") from None
            yield relative, path


def _raise(error: OSError) -> None:
    raise error


def _file(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return os.fstat(file.fileno()).st_size, digest
