"""What the tests of column use have in common."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from typing import Any

from jupyter_privguard.frames.uses import Tracker, Uses


def runner(tracker: Tracker, space: dict[str, Any]) -> Callable[[str], dict[str, set[str]]]:
    """A function that runs code in ``space`` as a program's and says what it used, by table."""

    def run(code: str) -> dict[str, set[str]]:
        tracker.now = uses = Uses()
        name = "<string>"
        linecache.cache[name] = len(code), None, code.splitlines(keepends=True), name  # as IPython does
        try:
            exec(compile(code, name, "exec"), space)
        finally:
            tracker.now = None
            del linecache.cache[name]
        uses.settle()
        tables = [one for one in uses.tables() if one.owner != "another"]
        return {str(one.owner): {str(label) for label in one.labels if label is not None} for one in tables}

    run.space = space  # type: ignore[attr-defined]  # for tests that put more into it
    return run
