"""What the system refuses to a magic is one sentence with a cure, and no traceback."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import Any

import pytest
from IPython.core.error import UsageError

from jupyter_privguard.notebook import magics


class Shell:
    def __init__(self) -> None:
        self.line: Callable[[str], Any] = print

    def register_magic_function(self, function: Callable[..., Any], kind: str, name: str) -> None:
        if kind == "line":
            self.line = function


@pytest.mark.parametrize(
    ("number", "cure"),
    [
        (errno.EMFILE, "close some of this process's files, in a notebook after `%unload_ext jupyter_privguard`"),
        (errno.ENOSPC, "free some space on that disk"),
        (errno.EACCES, "see to it and try again"),
    ],
)
def test_an_error_of_the_system_names_the_file_and_the_cure(
    monkeypatch: pytest.MonkeyPatch, number: int, cure: str
) -> None:
    def refused(*_: object) -> None:
        raise OSError(number, os.strerror(number), "/srv/a.py")

    shell = Shell()
    monkeypatch.setitem(magics.COMMANDS, "doctor", refused)
    magics.register_magics(shell, object())  # type: ignore[arg-type]

    with pytest.raises(UsageError, match=r"^privguard: /srv/a\.py: .+; .+\.$") as told:
        shell.line("doctor")
    assert cure in str(told.value)
    assert told.value.__cause__ is None and told.value.__suppress_context__
