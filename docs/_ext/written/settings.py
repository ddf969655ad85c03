"""The environment variables, from the README's table, which a test holds against the code."""

from __future__ import annotations

from .files import ROOT, with_links

__all__ = ["page"]


def page() -> str:
    """The README's section on settings."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## Settings\n", 1)[1].split("\n## ", 1)[0]
    return with_links(section.strip())
