"""For whom a program is started."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from jupyter_privguard.guard.files.callers import is_of_library


def _within(modules: list[str], asked: Callable[[], bool]) -> bool:
    """What ``asked`` answers when functions of these ``modules``, the outermost first, have called it."""
    call: Any = asked
    for name in reversed(modules):
        place = "/cell.py" if name == "__main__" else f"/x/site-packages/{name.replace('.', '/')}.py"
        space: dict[str, Any] = {"__name__": name, "inner": call}
        exec(compile("def call():\n    return inner()", place, "exec"), space)
        call = space["call"]
    return bool(call())


@pytest.mark.parametrize(
    ("modules", "is_theirs"),
    [
        (["__main__", "mlflow.tracking", "git.cmd"], True),
        (["__main__", "git.cmd"], False),
        (["__main__", "mlflow.projects"], False),
        (["__main__", "joblib.externals"], True),
        (["__main__"], False),
    ],
)
def test_programs_that_libraries_start_to_look_around_are_theirs(modules: list[str], is_theirs: bool) -> None:
    assert _within(modules, partial(is_of_library, starts_program=True)) is is_theirs
