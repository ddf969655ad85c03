"""Who asks for a prediction: bearer keys, of which only a keyed code is kept, each for one person and for a time."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from .._files import Mark, Newest, Unsettled, alone, read_regular, write_atomically
from ..errors import InputError, KeyStoreError, StateError, reason_of, what_now

__all__ = ["KNOWN_AS", "Record", "ServingKey", "ServingKeys"]

KNOWN_AS = "pgs_"
"""How each key begins, so that scanners of secrets find one that was left somewhere."""
_LONGEST = 200
_LARGEST_BYTES = 8 << 20
_VERSION = 1
_SKEW = timedelta(minutes=5)
"""By how much a clock may be set right after a key was made."""


class ServingKey(NamedTuple):
    """What is kept of a key; the key itself is not."""

    id: str
    person: str
    key_id: str
    """The deployment's masking key under which ``code`` was made."""
    code: str
    created: str
    expires: str


Record = Callable[[ServingKey, str], object]
"""Takes down what is done with a key, and the outcome: ``ok``, or ``error`` where it could not be done after all."""


class ServingKeys:
    """The file of the keys of one deployment, mode 0600; looked at again whenever it changed."""

    def __init__(
        self, path: Path, code: Callable[[str, str | None], tuple[str, str]], mark: Mark | None = None
    ) -> None:
        """``code`` gives for a text, under the deployment key of that id (None: the current), the id and its code.

        KeyStoreError from it means that there is no such key any more. The ``mark`` tells a file that is older than
        it was: a key that was taken away since would hold again.
        """
        self._path = path
        self._code = code
        self._newest = Newest(mark)
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._read: tuple[tuple[int, int, int], tuple[dict[str, ServingKey], int]] | None = None

    def __repr__(self) -> str:
        return f"ServingKeys({str(self._path)!r})"

    def issue(self, person: str, *, now: datetime, days: int = 90, record: Record | None = None) -> str:
        """A new key for ``person``, good for ``days``; nobody can show it again. InputError for a wrong argument.

        It is recorded before it holds: what ``record`` raises ends it.
        """
        if not person.strip() or len(person) > _LONGEST:
            raise InputError(f"privguard: a person has a name of 1 to {_LONGEST} characters; name one of the policy's.")
        if not 1 <= days <= 3650:
            raise InputError("privguard: a key holds for 1 to 3650 days; choose a number between.")
        name, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        key_id, code = self._code(f"{name}_{secret}", None)
        end = now + timedelta(days=days)
        made = ServingKey(
            name, person, key_id, code, now.isoformat(timespec="seconds"), end.isoformat(timespec="seconds")
        )
        self._change(lambda keys: {**keys, name: made}, made, record)
        return f"{KNOWN_AS}{name}_{secret}"

    def revoke(self, key: str, *, record: Record | None = None) -> ServingKey:
        """Take the key with this id away, from the next request on; InputError where there is none.

        It is recorded before it happens: what ``record`` raises ends it.
        """
        found = self.all().get(key)
        if found is None:
            raise InputError(
                "privguard: there is no bearer key of this id; `privguard keys list` shows those that are."
            )
        self._change(lambda keys: {name: one for name, one in keys.items() if name != key}, found, record)
        return found

    def all(self) -> dict[str, ServingKey]:
        """The keys by id; KeyStoreError for a file that is no such, StateError where there was a later one."""
        keys, generation = self._all()
        if self._newest.is_older(generation):
            is_there = self._path.exists()
            what = "an older copy, in which keys that were taken away may hold again" if is_there else "missing"
            raise StateError(
                f"privguard: {self._path} is {what}; put the newest one back, or go on without by `privguard doctor "
                f"--accept {self._path.name}` and look over `privguard keys list`."
            )
        return keys

    @property
    def generation(self) -> int:
        """How often the file was written; 0 where there is none. Errors as `all`."""
        return self._all()[1]

    def _all(self) -> tuple[dict[str, ServingKey], int]:
        """The keys and how often the file was written; the mark is asked before the file is read."""
        self._newest.ask()
        try:
            found = self._path.stat()
            mark = (found.st_mtime_ns, found.st_size, found.st_ino)
            if self._read is None or self._read[0] != mark:
                self._read = mark, _parsed(self._path)
        except FileNotFoundError:
            return {}, 0
        except OSError as error:
            raise StateError(
                f"privguard: {self._path} cannot be read ({reason_of(error)}); check its rights."
            ) from None
        return self._read[1]

    def person(self, key: str, *, now: datetime) -> str | None:
        """Whose ``key`` this is; None for one that was never issued, is revoked, has ended or not begun.

        A clock that is set back brings no key back that has ended for whoever asks here.
        """
        self._latest = now = max(now, self._latest)
        name, _, secret = key.removeprefix(KNOWN_AS).partition("_")
        found = self.all().get(name) if key.startswith(KNOWN_AS) and len(key) <= _LONGEST else None
        if found is None or not secret.isascii():
            return None
        try:
            _, code = self._code(f"{name}_{secret}", found.key_id)
        except KeyStoreError:  # the deployment's key was destroyed, and with it what was made under it
            return None
        is_right = hmac.compare_digest(code, found.code)
        begin, end = map(datetime.fromisoformat, (found.created, found.expires))
        return found.person if is_right and begin - _SKEW <= now < end else None

    def _change(
        self,
        change: Callable[[dict[str, ServingKey]], dict[str, ServingKey]],
        changed: ServingKey,
        record: Record | None,
    ) -> None:
        tell = record or (lambda *_: None)
        is_told = False
        try:
            with alone(self._path.with_suffix(".lock")):
                self._newest.ask(anew=True)
                keys, generation = change(self.all()), self.generation + 1
                body = {"version": _VERSION, "keys": [one._asdict() for one in keys.values()], "written": generation}
                tell(changed, "ok")
                is_told = True
                self._write(json.dumps(body, indent=1).encode(), generation)
        except Unsettled as error:
            raise StateError(
                f"privguard: {self._path} was changed, but a loss of power may undo that ({error.strerror}); check the "
                "disk, and look over `privguard keys list`."
            ) from None
        except OSError as error:
            if is_told:
                tell(changed, "error")
            now = what_now(error, "check its owner and mode")
            raise StateError(f"privguard: {self._path} cannot be written ({error.strerror}); {now}.") from None

    def _write(self, data: bytes, generation: int) -> None:
        """The file, and that it is the newest: noted from when it holds, also where it is `Unsettled`.

        That the note fails undoes nothing: the file is as it was told, and the next change notes a later one.
        """
        try:
            write_atomically(self._path, data)
        finally:
            if self._holds(generation):
                with suppress(StateError):
                    self._newest.written(generation)

    def _holds(self, generation: int) -> bool:
        try:
            return _parsed(self._path)[1] == generation
        except (OSError, KeyStoreError):
            return False


def _parsed(path: Path) -> tuple[dict[str, ServingKey], int]:
    try:
        told: Any = json.loads(read_regular(path, _LARGEST_BYTES))
        keys = [ServingKey(**{name: str(one[name]) for name in ServingKey._fields}) for one in told["keys"]]
        if told["version"] != _VERSION or any(
            datetime.fromisoformat(time).tzinfo is None for one in keys for time in (one.created, one.expires)
        ):
            raise ValueError("another version")
        if type(generation := told.get("written", 0)) is not int or generation < 0:
            raise ValueError("no count")
    except (ValueError, TypeError, KeyError, RecursionError):
        raise KeyStoreError(
            f"privguard: {path} is damaged; restore it from a backup, or take it away, and issue the keys anew after "
            f"`privguard doctor --accept {path.name}`."
        ) from None
    return {one.id: one for one in keys}, generation
