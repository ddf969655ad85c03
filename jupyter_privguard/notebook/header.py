"""The line ``%%secure …``: taken away before Python sees the cell, and read. Pure functions."""

from __future__ import annotations

import argparse
import ast
import csv
import re
import shlex
from typing import NamedTuple, NoReturn

from .._later import later
from ..guard.cells.options import CellOptions
from ..model import Tier

__all__ = ["HELP", "MISPLACED", "Header", "is_misplaced", "parse_header", "remove_header"]

HELP = """%%secure [--purpose P] [--experiment E] [--tier public|internal|compliance] [--reason R] [--minimise COLS]

Runs this cell under a purpose, an experiment and a tier, all of which are logged with it.

  --purpose P      what the data is used for, e.g. churn-model
  --experiment E   the experiment that this cell belongs to; its report is `privguard report E`
  --tier T         how much the outputs may show; public if not given. Higher tiers need a grant.
  --reason R       why, in your words; the tier compliance asks for it
  --minimise COLS  the only columns that this cell gets, e.g. age,income or 'age,"last, first"': what pandas, polars
                   and pyarrow read is cut to them, and the use of another column of a table that is there is refused

Another cell magic (%%time, %%capture, %%bash) may stand on the next line.
Example: %%secure --purpose churn-model --experiment exp-1 --tier internal
"""

MISPLACED = "privguard: %%secure must be the first line of its cell; it did not run."
"""The sentence that refuses a cell in which something stands before its header."""

_HEADER = later(r"%%secure(?=\s|$)(.*)", re.DOTALL)
_OPTIONS = ("--purpose", "--experiment", "--tier", "--reason", "--minimise")
_LONGEST = 200
_MOST_COLUMNS = 1000


class Header(NamedTuple):
    """A header that was read; ``problem`` is the sentence that refuses the cell."""

    options: CellOptions
    problem: str = ""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ValueError(message)


def _parser() -> _Parser:
    parser = _Parser(prog="%%secure", add_help=False, allow_abbrev=False, exit_on_error=False)
    for option in _OPTIONS:
        parser.add_argument(option)
    return parser


def remove_header(lines: list[str]) -> list[str]:
    """``lines`` of a cell without its ``%%secure`` line; other cells as they are.

    The line becomes a blank one, so that line numbers stay right; only where another cell magic
    follows it goes away, because a cell magic must stand on the first line.
    """
    if not lines or not _HEADER.match(lines[0]):
        return lines
    rest = lines[1:]
    return rest if rest and rest[0].startswith("%%") else ["\n", *rest]


# IPython then leaves it out when it asks whether typed text is complete: a header alone is not.
remove_header.has_side_effects = True  # type: ignore[attr-defined]  # how IPython marks transformers


def parse_header(cell: str) -> Header | None:
    """The header of the raw source ``cell``; None if it has none."""
    first, *rest = cell.lstrip("\n \t").split("\n", 2)
    match = _HEADER.match(first)
    if match is None:
        if first.startswith("%%") and rest and _HEADER.match(rest[0]):
            return Header(CellOptions(), MISPLACED)
        return None
    try:
        return Header(_options(match.group(1)))
    except ValueError as error:
        return Header(CellOptions(), f"privguard: %%secure: {error}. This cell did not run; %%secure? helps.")


def is_misplaced(cell: ast.Module) -> bool:
    """Whether ``cell``, as IPython has read it, has a header below a comment or code: it holds for nothing there."""
    calls = (node for node in ast.walk(cell) if isinstance(node, ast.Call) and node.args)
    return any(
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "run_line_magic"
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value == "%secure"
        for call in calls
    )


def _options(text: str) -> CellOptions:
    try:
        words = shlex.split(text)
    except ValueError:
        raise ValueError("a quote is not closed") from None
    for word in words:
        name = word.partition("=")[0]
        if name.startswith("--") and name not in _OPTIONS:
            import difflib

            near = difflib.get_close_matches(name, _OPTIONS, n=1)
            hint = f"; did you mean {near[0]}" if near else f"; there are {', '.join(_OPTIONS)}"
            raise ValueError(f"there is no such option{hint}")
    try:
        found, extra = _parser().parse_known_args(words)
    except argparse.ArgumentError as error:
        raise ValueError(f"{error.argument_name} has no value") from None
    if extra:
        raise ValueError("there are words that belong to no option; put text with blanks in quotes")
    for option in ("purpose", "experiment", "reason"):
        _check(option, getattr(found, option))
    return CellOptions(
        tier=Tier.parse(found.tier) if found.tier is not None else Tier.PUBLIC,
        has_tier=found.tier is not None,
        purpose=found.purpose,
        experiment=found.experiment,
        reason=found.reason,
        minimise=_columns(found.minimise),
    )


def _columns(text: str | None) -> tuple[str, ...]:
    """The labels in a list as CSV has them: one that holds a comma stands in double quotes."""
    if text is None:
        return ()
    try:
        rows = list(csv.reader([text], skipinitialspace=True, strict=True))
    except csv.Error:
        raise ValueError('--minimise has a quote too few; write "last, first" for a label with a comma') from None
    labels = [label.strip() for row in rows for label in row]
    if not labels or "" in labels:
        raise ValueError("--minimise has a column without a name")
    if len(labels) > _MOST_COLUMNS:
        raise ValueError(f"--minimise names more than {_MOST_COLUMNS} columns")
    for label in labels:
        _check("minimise", label)
    return tuple(dict.fromkeys(labels))


def _check(option: str, value: str | None) -> None:
    if value is None:
        return
    if not value.strip():
        raise ValueError(f"--{option} is empty")
    if len(value) > _LONGEST:
        raise ValueError(f"--{option} is longer than {_LONGEST} characters")
    if not value.isprintable():
        raise ValueError(f"--{option} holds control characters")
