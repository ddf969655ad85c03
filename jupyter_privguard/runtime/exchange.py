"""The folder in which accounts hand requests and answers to one another, as files.

The operating system says who wrote a file: its owner. So a file counts only if it is a plain one, has no second
name, and nobody but its owner can write to it; and where several accounts may write to the folder it must be
sticky, so that nobody moves or removes what another one wrote. Whatever else lies there is passed over.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from .._files import Unsettled, write_atomically
from ..errors import StateError
from ..policy.approvals import (
    LARGEST,
    Answer,
    Asked,
    Question,
    answer_bytes,
    asked_bytes,
    parse_answer,
    parse_asked,
)
from ..settings import account_of

__all__ = ["TIERS", "Exchange", "Filed", "Form"]

_Q = TypeVar("_Q", bound=Question)

_MOST = 20_000
"""Names in the folder. Of more nobody could tell in time whether one of them is a refusal."""
_ANSWER = re.compile(r"([0-9a-f]{24})\.(grant|deny)\.[0-9a-f]{16}\.json")


class Form(NamedTuple, Generic[_Q]):
    """What requests and answers of one kind look like as files."""

    word: str
    """What stands in the name of a request's file."""
    asked_bytes: Callable[[_Q], bytes]
    parse_asked: Callable[..., _Q]
    """Of the bytes, and ``by`` whom; ValueError for what is no such request."""
    is_signed: bool = False
    """Whether answers are."""


TIERS: Form[Asked] = Form("request", asked_bytes, parse_asked)
"""Requests for what roles do not give."""


class Filed(NamedTuple, Generic[_Q]):
    """A request as it lies in the folder, with its answers."""

    asked: _Q
    answers: tuple[Answer, ...]


class Exchange(Generic[_Q]):
    """The exchange in ``folder`` of requests of one form; ``is_shared`` if the policy names it for several accounts."""

    def __init__(self, folder: Path, *, is_shared: bool, form: Form[Any] = TIERS) -> None:
        self.folder = folder
        self.is_shared = is_shared
        self._form: Form[_Q] = form
        self._request_name = re.compile(rf"[0-9a-f]{{24}}\.{form.word}\.json")

    def requests(self, *, by: int | None = None) -> list[Filed[_Q]]:
        """What was asked, the oldest first; ``by``: by the account of that number only.

        StateError where the folder cannot be trusted to keep what is in it.
        """
        if not self.is_shared and not self.folder.exists():
            return []
        with self._opened() as (handle, owner):
            names = self._names(handle)
            found = [self._request(handle, name, by) for name in names if self._request_name.fullmatch(name)]
            filed, to_request = [], _answers_among(names)
            for asked, writer in (one for one in found if one is not None):
                if writer == owner != 0 and self.is_shared:
                    continue  # whose folder it is can remove a refusal of what they ask themselves
                answers = tuple(self._answers(handle, to_request.get(asked.id, ()), asked))
                filed.append(Filed(asked, answers))
        return sorted(filed, key=lambda one: (one.asked.at, one.asked.id))

    def ask(self, asked: _Q) -> None:
        """Put a request there. StateError if that cannot be done."""
        self._put(f"{asked.id}.{self._form.word}.json", self._form.asked_bytes(asked))

    def answer(self, answer: Answer) -> None:
        """Put an answer there; errors as `ask`. It has a name that nobody could have taken before."""
        word = "grant" if answer.is_grant else "deny"
        self._put(
            f"{answer.request}.{word}.{secrets.token_hex(8)}.json", answer_bytes(answer, is_signed=self._form.is_signed)
        )

    def check(self) -> None:
        """StateError where `ask` and `answer` could not be done, or would not count."""
        if not self.is_shared:
            self.folder.mkdir(mode=0o700, exist_ok=True)
        with self._opened():
            if not os.access(self.folder, os.W_OK | os.X_OK):
                raise StateError(f"privguard: {self.folder} cannot be written; ask its owner for access.")

    # --- reading --------------------------------------------------------------------------------

    @contextmanager
    def _opened(self) -> Iterator[tuple[int, int]]:
        if os.name == "nt":
            raise StateError("privguard: approvals need a system that tells who wrote a file; Windows does not.")
        try:
            handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise StateError(
                f"privguard: the folder of approvals {self.folder} cannot be opened ({error.strerror}); an "
                f"administrator makes it with `mkdir -m 1777 {self.folder}`."
            ) from None
        try:
            found = os.fstat(handle)
            if found.st_mode & 0o022 and not found.st_mode & stat.S_ISVTX:
                raise StateError(
                    f"privguard: in {self.folder} accounts can remove one another's answers; an administrator makes it "
                    f"sticky with `chmod +t {self.folder}`."
                )
            yield handle, found.st_uid
        finally:
            os.close(handle)

    def _names(self, handle: int) -> list[str]:
        try:
            with os.scandir(handle) as entries:
                names = [entry.name for _, entry in zip(range(_MOST + 1), entries, strict=False)]
        except OSError as error:
            raise StateError(f"privguard: {self.folder} cannot be listed ({error.strerror}); check its mode.") from None
        if len(names) > _MOST:
            raise StateError(f"privguard: {self.folder} holds more than {_MOST} files; have old ones removed from it.")
        return sorted(names)

    def _request(self, handle: int, name: str, by: int | None) -> tuple[_Q, int] | None:
        if by is not None and _owner(handle, name) != by:
            return None
        found = _read(handle, name)
        if found is None:
            return None
        data, owner = found
        try:
            asked = self._form.parse_asked(data, by=account_of(owner))
        except ValueError:
            return None
        return (asked, owner) if name.startswith(asked.id) else None

    def _answers(self, handle: int, names: Iterable[tuple[str, str]], asked: _Q) -> Iterator[Answer]:
        for name, word in names:
            if word == "deny":
                # Its name and owner are enough: what others might do to the file must not undo a refusal.
                owner = _owner(handle, name)
                if owner is not None:
                    yield self._denial(handle, name, asked, owner)
                continue
            found = _read(handle, name)
            if found is not None and (answer := self._answer(*found)) is not None and answer.is_grant:
                yield answer

    def _denial(self, handle: int, name: str, asked: _Q, owner: int) -> Answer:
        found = _read(handle, name)
        answer = self._answer(*found) if found is not None else None
        if answer is not None and not answer.is_grant and answer.request == asked.id:
            return answer
        return Answer(asked.id, account_of(owner), is_grant=False, at=asked.at, until=None)

    def _answer(self, data: bytes, owner: int) -> Answer | None:
        try:
            return parse_answer(data, by=account_of(owner), is_signed=self._form.is_signed)
        except ValueError:
            return None

    # --- writing --------------------------------------------------------------------------------

    def _put(self, name: str, data: bytes) -> None:
        self.check()
        try:
            write_atomically(self.folder / name, data, mode=0o644 if self.is_shared else 0o600)
        except Unsettled as error:
            raise StateError(
                f"privguard: {self.folder / name} was written, but a loss of power may undo that ({error.strerror}); "
                "check the disk."
            ) from None
        except OSError as error:
            raise StateError(
                f"privguard: {self.folder} cannot be written ({error.strerror}); ask its owner for access."
            ) from None


def _answers_among(names: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """By the id of a request the names of the answers to it, each with ``grant`` or ``deny``."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        if (form := _ANSWER.fullmatch(name)) is not None:
            found.setdefault(form[1], []).append((name, form[2]))
    return found


def _owner(handle: int, name: str) -> int | None:
    """Whose plain file that is, whatever may be done with it; None if it is none."""
    try:
        found = os.stat(name, dir_fd=handle, follow_symlinks=False)
    except OSError:
        return None
    return found.st_uid if stat.S_ISREG(found.st_mode) else None


def _read(handle: int, name: str) -> tuple[bytes, int] | None:
    """The bytes and the owner of a file that only its owner can have written; None of any other."""
    try:
        # Without waiting: a pipe would keep us until somebody writes to it.
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, dir_fd=handle)
    except OSError:
        return None
    try:
        found = os.fstat(file)
        is_own = stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and not found.st_mode & 0o022
        if not is_own or found.st_size > LARGEST:
            return None
        return os.read(file, LARGEST + 1), found.st_uid
    except OSError:
        return None
    finally:
        os.close(file)
