"""A policy file read, checked and made into a Policy; anything doubtful is refused as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .._files import IrregularFile, read_regular
from ..errors import PolicyError
from .build import policy_from
from .builtin import built_in
from .rules import Policy

if TYPE_CHECKING:
    from .yaml12 import Document, Place

__all__ = ["AND_MORE", "Examined", "examine", "load"]

_LARGEST = 1 << 20
_MOST_PROBLEMS = 50
AND_MORE = "and more"
"""The last line where there are more than these."""


class Examined(NamedTuple):
    """What there is to say about one policy file."""

    problems: tuple[str, ...]
    """Why it cannot be used; empty when it can."""
    findings: tuple[str, ...]
    """What works otherwise than its author may think; it can be used all the same."""


def load(admin: Path | None, named: Path | None, *, user_can_write: Callable[[Path], bool]) -> Policy:
    """The policy in force: the administrator's file, tightened by the named one.

    With one file it is that file's, with none the built-in. A file that was named and is missing,
    unreadable or invalid is a PolicyError, never a reason to fall back on a laxer policy.
    """
    policies = [_read(path, user_can_write) for path in (admin, named) if path is not None]
    if not policies:
        return built_in()
    return policies[0] if len(policies) == 1 else policies[0].tightened(policies[1])


def examine(path: Path) -> Examined:
    """The problems and findings of the file, told apart. PolicyError when it cannot be read."""
    from .findings import findings

    problems, document = _examined(_bytes(path))
    if problems or document is None:
        return Examined(tuple(problems), ())
    return Examined((), tuple(_lines(findings(document, today=datetime.now(UTC).date()))))


def _read(path: Path, user_can_write: Callable[[Path], bool]) -> Policy:
    data = _bytes(path)
    problems, document = _examined(data)
    if problems or document is None:
        more = f" and {len(problems) - 1} more" if len(problems) > 1 else ""
        raise PolicyError(
            f"privguard: the policy {path} cannot be used: {problems[0]}{more}; "
            "`privguard policy check` lists what to mend.",
            tuple(problems),
        )
    from .shipped import with_packs

    own = policy_from(
        document.value,
        source=str(path),
        sha256=hashlib.sha256(data).hexdigest(),
        author_is_self=user_can_write(path),
    )
    return with_packs(own, document.value.get("include", ()))


def _examined(data: bytes) -> tuple[list[str], Document | None]:
    # Only where there is a file: the built-in policy needs neither parser nor schema.
    from .custom import pattern_problems
    from .meaning import meaning_problems
    from .schema import schema_problems
    from .yaml12 import YamlError, parse

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return [f"line {line}, column 1: not UTF-8 text"], None
    try:
        document = parse(text)
    except YamlError as problem:
        return [str(problem)], None
    found = [*document.problems, *schema_problems(document)]
    if not found:
        found = [*meaning_problems(document), *pattern_problems(document)]
    return _lines(found), document


def _lines(found: list[tuple[Place, str]]) -> list[str]:
    lines = [f"line {at[0]}, column {at[1]}: {what}" for at, what in sorted(found)]
    if len(lines) > _MOST_PROBLEMS:
        return [*lines[:_MOST_PROBLEMS], AND_MORE]
    return lines


def _bytes(path: Path) -> bytes:
    """The bytes of a regular file of at most 1 MiB; a pipe is never waited for."""
    try:
        data = read_regular(path, _LARGEST)
    except FileNotFoundError:
        raise PolicyError(
            f"privguard: there is no policy file {path}; mend PRIVGUARD_POLICY, "
            "or write one with `privguard policy init`."
        ) from None
    except IrregularFile:
        raise PolicyError(f"privguard: the policy {path} is not a regular file; name a YAML file.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "bad name"
        raise PolicyError(f"privguard: the policy {path} cannot be read ({reason}); ask whoever owns it.") from None
    if len(data) > _LARGEST:
        raise PolicyError(f"privguard: the policy {path} is larger than 1 MiB; a policy is a few pages.")
    return data
