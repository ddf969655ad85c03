"""How often files beside the log were written, noted in the log's database: an older copy of one is known by that.

The numbers are no part of what is signed. They show that a file was lost or put back, not what somebody did who may
write the home: against that stands a checkpoint that is kept elsewhere.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from ..._files import Mark
from .failures import BUSY_S, translated
from .snapshot import Snapshot, read
from .sqlite import FILE

__all__ = ["mark", "set_mark"]

_TABLE = "create table if not exists marks (name text primary key, number integer not null) without rowid"
_RAISE = "insert into marks values (?, ?) on conflict (name) do update set number = max(number, excluded.number)"
_SET = "insert into marks values (?, ?) on conflict (name) do update set number = excluded.number"


def mark(folder: Path, name: str) -> Mark:
    """The mark of this ``name`` in the log in ``folder``, 0 where it has none or there is no log.

    Its calls raise LogUnavailable where the log cannot be used now, LogError where it is damaged.
    """
    return Mark(partial(_reached, folder / FILE, name), partial(_write, folder / FILE, name, _RAISE))


def set_mark(folder: Path, name: str, number: int) -> None:
    """Set a mark, lower than it was as well: what was lost is accepted. Errors as those of `mark`."""
    _write(folder / FILE, name, _SET, number)


def _reached(path: Path, name: str) -> int:
    with translated(path):
        is_there = path.exists()
    return read(path, partial(_number, name)) if is_there else 0


def _number(name: str, snapshot: Snapshot) -> int:
    return snapshot.mark(name)


def _write(path: Path, name: str, how: str, number: int) -> None:
    with translated(path):
        if not path.exists():  # whoever appends next is told that it is missing
            return
        uri = f"{path.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None)) as connection:
            connection.execute("pragma trusted_schema = off")
            connection.execute("begin immediate")
            connection.execute(_TABLE)
            connection.execute(how, (name, number))
            connection.execute("commit")
