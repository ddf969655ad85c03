"""What a person gives to a command: files to read, and for how long something may hold."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from .._files import read_regular
from ..errors import InputError

__all__ = ["as_term", "check_other", "checkpoint_in", "key_in", "keys_in", "read_input"]

_MIB = 1 << 20


def read_input(path: Path, *, most_mib: int, wanted: str) -> bytes:
    """The bytes of a regular file; a pipe is never waited for.

    InputError, which names ``wanted``, for one that cannot be read or is larger than ``most_mib`` MiB.
    """
    try:
        data = read_regular(path, most_mib * _MIB)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "bad name"
        raise InputError(f"privguard: {path} cannot be read ({reason}); name {wanted}.") from None
    if len(data) > most_mib * _MIB:
        raise InputError(f"privguard: {path} is larger than {most_mib} MiB; name {wanted}.")
    return data


def check_other(output: str, file: str) -> None:
    """InputError where ``output`` is ``file`` itself, also by another name: a link, a relative path."""
    try:
        is_same = Path(output).samefile(file)
    except OSError:  # one of them is not there
        is_same = Path(output).absolute() == Path(file).absolute()
    if is_same:
        raise InputError(f"privguard: {output} is the input itself; name another file with -o.")


def checkpoint_in(path: Path) -> str:
    """The content of a file that should be a kept checkpoint; InputError where it cannot be one."""
    try:
        return read_input(path, most_mib=1, wanted="a kept checkpoint").decode()
    except UnicodeDecodeError:
        raise InputError(f"privguard: {path} is not a signed checkpoint; name a kept one.") from None


def key_in(text: str) -> str:
    """The one verifier key that ``text`` is, or that stands in the file of that name; KeyStoreError where it is none.

    InputError as `keys_in`.
    """
    from ..keys.signatures import VerifierKey

    key = " ".join(keys_in(text))
    VerifierKey.parse(key)
    return key


def keys_in(text: str) -> list[str]:
    """The verifier keys that ``text`` is or, where it is none, that stand in the file of that name, one a line.

    InputError for a file that cannot be read, or is empty, and for an empty ``text``: a variable that is not set
    must not pass as no key asked for.
    """
    if not text.strip():
        raise InputError("privguard: --vkey is empty; name a verifier key or a file with one.")
    if "+" in text and not Path(text).is_file():
        return [text]
    data = read_input(Path(text), most_mib=1, wanted="a verifier key or a file with one")
    if not (keys := data.decode("utf-8", "replace").split()):
        raise InputError(f"privguard: {text} is empty; name a verifier key or a file with one.")
    return keys


def as_term(
    ctx: click.Context, param: click.Parameter, text: str | None, *, longest: timedelta | None = None
) -> timedelta | None:
    """An option's ``text`` as a length of time; BadParameter for what is none, or longer than ``longest``."""
    from ..policy.approvals import LONGEST_TERM, parse_term

    try:
        return parse_term(text, longest=longest or LONGEST_TERM) if text is not None else None
    except ValueError as error:
        raise click.BadParameter(f"{error}.", ctx, param) from None
