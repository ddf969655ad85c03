"""The page of a report, not signed, in one call."""

from __future__ import annotations

from typing import Any

from jupyter_privguard.audit.verify import VerifiedLog
from jupyter_privguard.model import Pattern
from jupyter_privguard.report.build import render
from jupyter_privguard.report.context import gather

__all__ = ["unsigned_page"]


def unsigned_page(experiment: str, log: VerifiedLog, *, patterns: tuple[Pattern, ...] = (), **options: Any) -> str:
    """What `render` makes of what `gather` finds, with its ``options``."""
    return render(gather(experiment, log, **({"notebook": None} | options)), patterns=patterns)
