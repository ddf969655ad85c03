"""What the guard adds to a cell that does nothing: two durable records, and little else."""

from __future__ import annotations

from contextlib import ExitStack

from IPython.core.interactiveshell import InteractiveShell
from kernels import kernel, run
from measure import Row, as_text, in_turns, seconds
from own_log import forced_append, own_log

_CELLS = 100
_AIM = 2.0
"""A cell writes two records; as much again for everything else."""


def rows() -> list[Row]:
    return [
        _row("plain IPython", *_in_ipython()),
        _row("a kernel, asked and answered", *_in_kernels()),
    ]


def _row(where: str, bare: float, guarded: float, append: float, force: float) -> Row:
    return Row(
        f"cell `pass` in {where}: guarded {as_text(guarded)}, unguarded {as_text(bare)}",
        f"{(guarded - bare) * 1000:+.1f} ms",
        f"two records appended to a log {as_text(2 * append)} (one forced append to a file {as_text(force)})",
        (guarded - bare) / (2 * append),
        _AIM,
    )


def _in_ipython() -> list[float]:
    shell = InteractiveShell.instance()
    bare = seconds(lambda: shell.run_cell("pass"), times=_CELLS)
    shell.run_line_magic("load_ext", "jupyter_privguard")
    shell.run_cell("pass")
    with own_log() as (_, _, append), forced_append() as force:
        taken = in_turns(lambda: shell.run_cell("pass"), append, force, times=_CELLS)
    shell.run_line_magic("unload_ext", "jupyter_privguard")
    return [bare, *taken]


def _in_kernels() -> list[float]:
    """Two kernels side by side, asked in turns: one as it is, one guarded."""
    with ExitStack() as stack:
        bare, guarded = stack.enter_context(kernel()), stack.enter_context(kernel())
        run(guarded, "%load_ext jupyter_privguard")
        for client in (bare, guarded):
            run(client, "pass")
        _, _, append = stack.enter_context(own_log())
        force = stack.enter_context(forced_append())
        return in_turns(lambda: run(bare, "pass"), lambda: run(guarded, "pass"), append, force, times=_CELLS)
