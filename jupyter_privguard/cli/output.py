"""How commands speak: tables, JSON, files, and names that cannot steer a terminal."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from .._files import Unsettled, write_atomically
from ..errors import InputError, what_now

__all__ = ["format_option", "json_text", "printable", "table", "write_output"]


def format_option(*forms: str, about: str = "How to print.") -> Callable[[Any], Any]:  # Any: click's own type
    """The option ``--format`` with these choices, the first of them the default, as argument ``form``."""
    return click.option("--format", "form", type=click.Choice(forms), default=forms[0], show_default=True, help=about)


def json_text(value: Any) -> str:  # Any: whatever JSON can write
    """``value`` as indented JSON, letters of all scripts as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def printable(text: str) -> str:
    """``text`` without what would steer a terminal; a name is whatever its author typed."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Headings and rows as columns that a terminal shows aligned, a line each, without a last line break."""
    lines = [[printable(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _width(text: str) -> int:
    """Cells of a terminal: two for a wide letter (UAX #11), none for a mark that stands on the one before."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(letter) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


def write_output(path: Path, data: bytes) -> None:
    """Write a file that was asked for, mode 0600; InputError in one sentence when that fails."""
    try:
        write_atomically(path, data)
    except Unsettled as error:
        raise InputError(
            f"privguard: {path} was written, but a loss of power may undo that ({error.strerror}); check the disk."
        ) from None
    except OSError as error:
        now = what_now(error, "name another file")
        raise InputError(f"privguard: {path} cannot be written ({error.strerror}); {now}.") from None
