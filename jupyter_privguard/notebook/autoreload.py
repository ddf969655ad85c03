"""``%autoreload`` leaves the guard alone: a module that is run anew forgets what it watches."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["Spared"]

_PACKAGE = __name__.partition(".")[0]


class Spared:
    """The modules of this package, which the autoreload of ``shell`` is told to skip."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._done: tuple[int, int] | None = None
        """How many modules there were, and the reloader: nothing is to be done until one of them is another."""

    def renew(self) -> None:
        """Spare what is there by now; nothing where autoreload is not."""
        if "IPython.extensions.autoreload" not in sys.modules:
            return
        reloader = getattr(self._shell.magics_manager.registry.get("AutoreloadMagics"), "_reloader", None)
        now = len(sys.modules), id(reloader)
        if reloader is None or now == self._done:
            return
        for name in list(sys.modules):
            if name.partition(".")[0] == _PACKAGE and name not in reloader.skip_modules:
                reloader.mark_module_skipped(name)
        self._done = now
