"""Tells each kernel who runs it: a short-lived grant that the server signs, where an identity provider knows people.

Where the server only knows its own account there is nothing to tell, and nothing is written.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .. import runtime
from ..keys.keyring import LogKey
from ..model import Principal
from ..runtime.identity import LONGEST
from ..settings import Home
from .record import ServerRecord

__all__ = ["Grants"]

_OLD = timedelta(seconds=60)
"""The age from which a grant is written anew when a cell is asked for."""


class Grants:
    """The grants of one server. Written by its loop alone; a grant takes less than a millisecond."""

    def __init__(self, at: Home, record: ServerRecord, folder: Callable[[], Path]) -> None:
        """``at`` is the home of the kernels, ``folder`` finds that of their connection files."""
        self._at = at
        self._record = record
        self._folder = folder
        self._given: dict[str, runtime.Grant] = {}
        self._key: LogKey | None = None

    def give(self, kernel: str, who: Principal) -> None:
        """Write a new grant for ``kernel``, whose person is ``who``; OSError or PrivguardError where that fails."""
        if who.assurance not in ("server", "hub"):
            self.take(kernel)
            return
        now = datetime.now(UTC)
        grant = runtime.Grant(kernel, who.id, who.groups, who.assurance, now, now + LONGEST)
        folder = self._folder()
        text = runtime.signed_grant(grant, self._signer())
        _write(runtime.grant_file(folder, kernel), text, like=folder / f"kernel-{kernel}.json")
        before, self._given[kernel] = self._given.get(kernel), grant
        if before is None or (before.person, before.groups) != (grant.person, grant.groups):
            told = {"kernel": kernel, "groups": list(grant.groups)}
            self._record.add("identity.grant", who, lambda _: told)

    def renew(self, kernel: str, who: Principal) -> None:
        """``who`` is about to run a cell in ``kernel``: see that the grant is theirs and holds a while."""
        given = self._given.get(kernel)
        is_same = given is not None and (given.person, given.groups) == (who.id, who.groups)
        if given is None or not is_same or datetime.now(UTC) - given.issued > _OLD:
            self.give(kernel, who)

    def again(self, kernel: str) -> None:
        """The process of ``kernel`` begins anew by itself, for whom it ran before."""
        given = self._given.get(kernel)
        if given is not None:
            self.give(kernel, given.principal)

    def groups_of(self, kernel: str, person: str) -> tuple[str, ...]:
        """The groups that the server has told ``kernel`` of, if it runs for ``person``. May be asked in any thread."""
        given = self._given.get(kernel)
        return given.groups if given is not None and given.person == person else ()

    def take(self, kernel: str) -> None:
        """``kernel`` has ended, or runs for nobody who is known."""
        if self._given.pop(kernel, None) is not None:
            with contextlib.suppress(OSError):
                runtime.grant_file(self._folder(), kernel).unlink()

    def _signer(self) -> LogKey:
        if self._key is None:
            self._key = runtime.keyring(self._at.server)[0]
        return self._key


def _write(path: Path, text: str, *, like: Path) -> None:
    """Whole or not at all, and readable for whoever reads ``like``, where that is there already.

    It holds two minutes, so it is not forced to the disk.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            _as_for(like, handle)
            file.write(text.encode())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _as_for(like: Path, handle: int) -> None:
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):  # not there yet, or not ours to give away: then it is the server's account's
        found = like.stat()
        os.fchmod(handle, stat.S_IMODE(found.st_mode) & 0o640)
        os.fchown(handle, found.st_uid, found.st_gid)
