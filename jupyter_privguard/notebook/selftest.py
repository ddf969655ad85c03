"""``%privguard selftest``: the leak probe in kernels beside this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from IPython.display import display

from ..selftest.apart import run_apart

if TYPE_CHECKING:
    from .extension import Extension

__all__ = ["selftest"]


def selftest(extension: Extension, words: list[str]) -> None:
    """Run the probe in a process of its own and show its table; UsageError for other words."""
    if words not in ([], ["--baseline"]):
        raise UsageError("privguard: selftest takes --baseline, or nothing.")
    progress = _Progress()
    try:
        report = run_apart(baseline=bool(words), say=progress.say)
    except KeyboardInterrupt:
        raise UsageError("privguard: the self-test was interrupted; nothing can be told.") from None
    finally:
        progress.end()
    display(report)


class _Progress:
    """One line that is written anew for each tenth."""

    def __init__(self) -> None:
        self._tenths = -1

    def say(self, share: float) -> None:
        tenths = int(share * 10)
        if tenths > self._tenths:
            self._tenths = tenths
            print(f"\rprivguard: self-test {tenths * 10:3d} %", end="", flush=True)

    def end(self) -> None:
        if self._tenths >= 0:
            print()
