"""``%privguard selftest``: the leak probe in kernels beside this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from IPython.display import display

from ..selftest.apart import run_apart
from .progress import Progress

if TYPE_CHECKING:
    from .extension import Extension

__all__ = ["selftest"]


def selftest(extension: Extension, words: list[str]) -> None:
    """Run the probe in a process of its own and show its table; UsageError for other words."""
    if words not in ([], ["--baseline"]):
        raise UsageError("privguard: selftest takes --baseline, or nothing.")
    progress = Progress("self-test")
    try:
        report = run_apart(baseline=bool(words), say=progress.say)
    except KeyboardInterrupt:
        raise UsageError("privguard: the self-test was interrupted; nothing can be told.") from None
    finally:
        progress.end()
    display(report)
