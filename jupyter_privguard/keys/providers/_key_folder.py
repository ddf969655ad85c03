"""What lies in a folder of keys, by its names alone: which keys there are, which are dead, what has changed."""

from __future__ import annotations

import re
from pathlib import Path

from ...errors import KeyStoreError
from ._key_files import BACKUP, cannot_be_read, damaged, read

__all__ = ["KeyFolder", "State"]

State = tuple[object, ...]
"""Compared only: two are equal when nothing happened in between."""


class KeyFolder:
    """The files of `jupyter_privguard.keys.providers.file`, by name; opens none but ``current``."""

    def __init__(self, path: Path) -> None:
        """Take the folder, which need not be there yet."""
        self.path = path
        self.log_key = path / "log.key"
        self.log_vkey = path / "log.vkey"
        self.passphrase = path / "passphrase"
        self.current_file = path / "current"

    def exists(self) -> bool:
        """Whether the folder holds anything."""
        try:
            return any(not path.name.startswith(".") for path in self.path.iterdir())
        except FileNotFoundError:
            return False
        except NotADirectoryError:
            raise KeyStoreError(f"privguard: {self.path} is not a folder; {BACKUP}.") from None
        except OSError as error:
            raise cannot_be_read(self.path, error) from None

    def state(self) -> State:
        """What is other after keys were renewed or destroyed: each step makes, replaces or takes away a file."""
        try:
            names = frozenset(path.name for path in self.path.iterdir())
            current = self.current_file.stat()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise cannot_be_read(self.path, error) from None
        return names, current.st_ino, current.st_mtime_ns

    def current(self) -> str:
        """Id of the masking key in use; KeyStoreError where the file that names it cannot be used."""
        path = self.current_file
        current = read(path).decode("ascii", "replace").strip()
        if not re.fullmatch("[0-9a-f]{8}", current):
            raise damaged(path)
        if current in self.destroyed():
            raise KeyStoreError(
                f"privguard: {path} names a key that {self.mark(current).name} says was destroyed; {BACKUP}."
            )
        return current

    def living(self) -> list[str]:
        """Ids of the masking keys that have not been destroyed."""
        dead = self.destroyed()
        return [one for one in self.with_file() if one not in dead]

    def with_file(self) -> list[str]:
        """Ids of the masking keys that have a file, also one whose erasing was cut short."""
        return sorted(path.stem for path in self.path.glob("*.key") if path != self.log_key)

    def destroyed(self) -> set[str]:
        """Ids of the masking keys that are marked as destroyed."""
        return {path.stem for path in self.path.glob("*.destroyed")}

    def key_file(self, key_id: str) -> Path:
        """The file of a masking key."""
        return self.path / f"{key_id}.key"

    def mark(self, key_id: str) -> Path:
        """The file that says that a masking key was destroyed."""
        return self.path / f"{key_id}.destroyed"
