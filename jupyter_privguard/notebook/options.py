"""Options among the words of a magic."""

from __future__ import annotations

import argparse
from typing import NoReturn

from IPython.core.error import UsageError

__all__ = ["Options"]


class Options(argparse.ArgumentParser):
    """The options of one magic, written in full; ``usage`` is the one sentence that is said of all mistakes.

    What was typed is never quoted: it may be a value.
    """

    def __init__(self, usage: str) -> None:
        super().__init__(add_help=False, allow_abbrev=False)
        self._usage = usage

    def error(self, message: str) -> NoReturn:
        """UsageError in place of the end of the process."""
        raise UsageError(self._usage)
