"""Tables and text on their way to a screen."""

from __future__ import annotations

import re
import time
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from measure import Row, as_text, in_turns, seconds
from tables import people

_SIZES = (10, 10_000, 1_000_000)
_LINES = "".join(
    f"epoch {n:4d}  loss 0.{n * 37 % 9973:04d}  accuracy 0.{n * 91 % 9967:04d}  step {n * 64}\n" for n in range(20_000)
)
_CHUNK = 4096


def rows() -> list[Row]:
    shell = InteractiveShell.instance()
    frames = {size: people(size) for size in _SIZES}
    format_ = shell.display_formatter.format
    # Before the guard is there: it also watches what pandas itself renders.
    plain = {size: seconds(lambda f=frame: format_(f), times=15) for size, frame in frames.items()}
    shell.run_line_magic("load_ext", "jupyter_privguard")
    return [*_displays(shell, frames, plain), _first_display(shell), _text(shell)]


def _displays(shell: Any, frames: dict[int, Any], plain: dict[int, float]) -> list[Row]:
    found = []
    for size, frame in frames.items():
        shell.display_formatter.format(frame)  # looked at once; what every later display costs is measured
        masked = seconds(lambda f=frame: shell.display_formatter.format(f), times=15)
        peer = f"unguarded {as_text(plain[size])}"
        found.append(Row(f"display of {size:,} × 20, masked", as_text(masked), peer, masked / plain[size], 2.0))
    return found


def _first_display(shell: Any) -> Row:
    frame = people(_SIZES[-1])
    began = time.perf_counter()
    shell.display_formatter.format(frame)
    first = time.perf_counter() - began
    distinct = seconds(lambda: [frame[name].unique() for name in frame.columns], times=1)
    return Row(
        f"first display of {_SIZES[-1]:,} × 20: classified, its sensitive values learned",
        as_text(first),
        f"`unique()` of its columns {as_text(distinct)}",
        first / distinct,
    )


def _text(shell: Any) -> Row:
    session = shell._privguard.session
    chunks = [_LINES[at : at + _CHUNK] for at in range(0, len(_LINES), _CHUNK)]
    assert all(session.clean(chunk, None) is chunk for chunk in chunks), "the text was to be without findings"
    ours, peer = in_turns(
        lambda: [session.clean(chunk, None) for chunk in chunks],
        lambda: [re.findall(r"\w+", chunk) for chunk in chunks],
        times=5,
    )
    size = len(_LINES) / 1e6
    return Row(
        f"text without findings, {len(session.knowledge.values):,} values known",
        f"{size / ours:.1f} MB/s",
        f"`re.findall` of its words {size / peer:.1f} MB/s",
        ours / peer,
        5.0,
    )
