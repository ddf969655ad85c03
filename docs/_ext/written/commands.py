"""The command line and the magics, from the help that they give themselves."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator

import click

from jupyter_privguard.cli.main import privguard
from jupyter_privguard.notebook.header import HELP
from jupyter_privguard.notebook.magics import COMMANDS

from .markdown import code, fence, table

__all__ = ["magics", "page"]


def page() -> str:
    """A section a command, with its sub-commands below it."""
    return "\n\n".join(_sections(privguard, ("privguard",)))


def _sections(command: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    context = click.Context(command, info_name=" ".join(path))
    yield _section(command, context, path)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from _sections(inner, (*path, name))


def _section(command: click.Command, context: click.Context, path: tuple[str, ...]) -> str:
    said, _, example = inspect.cleandoc(command.help or "").partition("Example: ")
    parts = [
        f"{'#' * min(len(path) + 1, 4)} `{' '.join(path)}`",
        _paragraphs(said),
        fence(" ".join([" ".join(path), *command.collect_usage_pieces(context)])),
        _options(command, context),
    ]
    if example:
        parts.append(f"For example `{example.strip()}`.")
    return "\n\n".join(part for part in parts if part)


def _paragraphs(text: str) -> str:
    r"""Markdown for click's help, where ``\b`` keeps the lines of a paragraph."""
    made = []
    for part in re.split(r"\n\s*\n", text.strip()):
        kept = part.startswith("\b")
        made.append(fence(part.lstrip("\b\n")) if kept else _plain(part))
    return "\n\n".join(made)


def _plain(text: str) -> str:
    """Words in angle brackets and stars are no markup."""
    return re.sub(r"(?<!`)([<>*])", r"\\\1", " ".join(text.split()))


def _options(command: click.Command, context: click.Context) -> str:
    rows = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and "--help" not in record[0]:
            rows.append((code(record[0]), _plain(record[1])))
    return table(["option", "does"], rows) if rows else ""


def magics() -> str:
    """``%privguard`` and ``%%secure``."""
    rows = [(code(f"%privguard {name}"), _plain(inspect.cleandoc(one.__doc__ or ""))) for name, one in COMMANDS.items()]
    secure = fence(textwrap.dedent(HELP))
    return f"{table(['magic', 'does'], rows)}\n\n## `%%secure`\n\n{secure}"
