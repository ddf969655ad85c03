"""Tracebacks show what the program did, as without us."""

from __future__ import annotations

import sys
import traceback

import pandas as pd
import pytest

from jupyter_privguard.frames.engines import pandas_uses
from jupyter_privguard.frames.uses import Tracker
from jupyter_privguard.notebook.own_frames import without_own_frames, wrap_exc_info

CODES = ("df['nowhere']", "df.nowhere", "df.astype(int)", "df.apply(lambda row: row['x'], axis=1)", "1 / 0")


@pytest.mark.parametrize("code", CODES)
def test_frames_are_those_of_a_program_without_hooks(code: str) -> None:
    plain = _frames(code)
    undo = pandas_uses.install(Tracker(lambda table: None))
    try:
        hooked = _frames(code)
    finally:
        undo()

    assert hooked == plain


def _frames(code: str) -> list[list[tuple[str, str]]]:
    df = pd.DataFrame({"a": ["x", "y"]})
    try:
        exec(code, {"df": df, "__name__": "__main__"})
    except Exception as error:
        without_own_frames(error, error.__traceback__)
        chain: list[BaseException | None] = [error, error.__cause__, error.__context__]
        return [
            [(frame.filename, frame.name) for frame in traceback.extract_tb(one.__traceback__)] for one in chain if one
        ]
    raise AssertionError("the code has to fail")


def test_what_cannot_be_looked_at_is_shown_as_it_is() -> None:
    try:
        raise ValueError
    except ValueError:
        info = sys.exc_info()

    assert wrap_exc_info(lambda: info)()[1] is info[1]
    assert wrap_exc_info(lambda: (None, None, None))() == (None, None, None)
    assert without_own_frames(None, None) is None
