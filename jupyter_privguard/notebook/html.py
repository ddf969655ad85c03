"""The one line under a masked table."""

from __future__ import annotations

__all__ = ["with_legend"]


def with_legend(table: str, legend: str) -> str:
    """The HTML of a table with its legend line. Theme colours are inherited, so it reads in any."""
    from html import escape

    return f'{table}\n<div class="privguard-legend" style="font-size:smaller;opacity:.85">{escape(legend)}</div>'
