"""Tables and code in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["code", "fence", "table"]


def code(text: object) -> str:
    """``text`` as a code span; nothing for nothing."""
    return f"`{text}`" if str(text) else ""


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of cells, which are Markdown of one line."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(cell: object) -> str:
    return " ".join(str(cell).split()).replace("|", "\\|") or " "


def fence(text: str, language: str = "text") -> str:
    """``text`` in a block of code."""
    return f"```{language}\n{text.rstrip()}\n```"
