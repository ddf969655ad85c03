"""Joins IPython's events to runs: each cell is opened once and closed once, however it ends."""

from __future__ import annotations

import ast
import itertools
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..guard.cells.options import CellOptions
from .gate import is_way_out
from .header import MISPLACED, Header, is_misplaced, parse_header

if TYPE_CHECKING:
    from ..guard.cells.cell import CellRun
    from ..guard.session import Session

__all__ = ["Recorder"]


class Recorder:
    """Opens a run when a cell begins, admits or refuses its body, closes it when it ends.

    Order of IPython's events: pre_run_cell, gate, post_execute, post_run_cell. Silent cells have
    only gate and post_execute, and cells with a syntax error never reach the gate.
    """

    def __init__(self, shell: Any, guard: Session, check: Callable[[bool], None]) -> None:
        """``check`` looks whether all hooks are there; it is told whether this is the place to say what was not."""
        self._shell = shell
        self._guard = guard
        self._check = check
        self._numbers = itertools.count(1)
        self._terminal_keys: list[str] = []
        self._waiting: dict[str, CellRun] = {}
        self._silent: set[str] = set()
        """Keys of runs in plain IPython that have neither pre_run_cell nor post_run_cell."""
        self._depth = 0

    # In a kernel a run is called by the message that asked for it, in plain IPython by a number.

    @property
    def _is_terminal(self) -> bool:
        return getattr(self._shell, "kernel", None) is None

    def key(self) -> str | None:
        """The key of the cell that this thread is running."""
        if self._is_terminal:
            return self._terminal_keys[-1] if self._terminal_keys else None
        try:
            return str(self._shell.kernel.get_parent()["header"]["msg_id"])
        except (KeyError, LookupError, TypeError):
            return None

    def current(self) -> CellRun | None:
        """The run that this thread's output belongs to."""
        return self._guard.run_of(self.key())

    def _new_key(self) -> str:
        if self._is_terminal:
            self._terminal_keys.append(f"cell-{next(self._numbers)}")
        return self.key() or f"cell-{next(self._numbers)}"

    def pre_run_cell(self, info: Any) -> None:
        """A cell begins: write its start before anything of it runs."""
        self._look(says=True)
        key = self._new_key()
        header = parse_header(info.raw_cell)
        self._waiting[key] = self._guard.open_run(
            key,
            header.options if header is not None else CellOptions(),
            info.raw_cell,
            # IPython has counted on already when it keeps this cell in its history.
            execution_count=self._shell.execution_count - bool(info.store_history),
            cell_id=getattr(info, "cell_id", None),
            problem=header.problem if header is not None else "",
        )

    def admit(self, cell: ast.Module) -> str:
        """The sentence that refuses the body ``cell``; empty if it may run."""
        key = self.key()
        run = self._waiting.pop(key, None) if key is not None else None
        if run is None:
            if self._guard.run_of(key) is not None and key in self._guard.open_runs():
                return self._part(key, cell)  # a magic such as %time compiles a part of a cell that was admitted
            run = self._open_silent(ast.unparse(cell))
        self._guard.admission.decide_use(run, cell)
        if not run.refused and "%%secure" in run.source and is_misplaced(cell):
            run.refused, run.rule = MISPLACED, ""
        if run.refused and is_way_out(cell) and parse_header(run.source) is None:
            run.refused = ""
        return run.refused

    def _part(self, key: str, cell: ast.Module) -> str:
        run = self._guard.run_of(key)
        return self._guard.admission.problem_of_part(run, cell) if run is not None else ""

    def admit_expressions(self, code: ast.Module, text: str) -> str:
        """The sentence that refuses ``text``, which a kernel evaluates beside a cell or on its own; empty if it may."""
        key = self.key()
        run = self._guard.run_of(key) if key in self._guard.open_runs() else None
        if run is not None:
            self._guard.goes_on(run, text)
            return self._guard.admission.problem_of_part(run, code)
        run = self._open_silent("")
        self._guard.goes_on(run, text)
        self._guard.admission.decide_use(run, code)
        return run.refused

    def _open_silent(self, source: str) -> CellRun:
        self._look()
        key = self._new_key()
        if self._is_terminal:
            self._silent.add(key)
        header = self._header_of_request(key)
        return self._guard.open_run(
            key,
            header.options if header is not None else CellOptions(),
            source,
            execution_count=self._shell.execution_count,
            cell_id=None,
            problem=header.problem if header is not None else "",
        )

    def _header_of_request(self, key: str) -> Header | None:
        """The header of the cell that a kernel was asked for, where no event told of it; None if there is none."""
        if self._is_terminal or self._guard.run_of(key) is not None:
            return None
        try:
            return parse_header(str(self._shell.kernel.get_parent()["content"]["code"]))
        except (KeyError, LookupError, TypeError):
            return None

    def post_run_cell(self, result: Any) -> None:
        """A cell ended; in a kernel its reply closes it, when all of its output has been sent."""
        key = self.key()
        if key is None:
            return
        self._waiting.pop(key, None)
        nested = self._guard.open_runs().count(key) > 1
        if self._is_terminal or nested:
            self._flush()
            self._guard.close_run(key, _outcome(result.error_before_exec or result.error_in_exec))
        if self._terminal_keys and self._terminal_keys[-1] == key:
            self._terminal_keys.pop()
        self._look()

    def wrap_run_cell(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """``run_cell`` of plain IPython, after which all of the cell is over whatever it did to IPython's events."""

        def run_cell(*args: Any, **kwargs: Any) -> Any:
            self._depth += 1
            try:
                return original(*args, **kwargs)
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._close_left()
                    self._look()

        return run_cell

    def _close_left(self) -> None:
        while self._terminal_keys:
            self._flush()
            self._guard.close_run(self._terminal_keys.pop(), "ok" if self._shell.last_execution_succeeded else "error")

    def _look(self, *, says: bool = False) -> None:
        if not self._terminal_keys:  # within a cell its streams may be redirected for a while
            self._check(says)

    def post_execute(self) -> None:
        """The only event at the end of a silent cell; in a kernel its reply closes it."""
        key = self.key()
        if key is not None and key in self._silent:
            self._silent.discard(key)
            self._flush()
            self._guard.close_run(key, "ok" if self._shell.last_execution_succeeded else "error")
            self._terminal_keys.remove(key)

    def replied(self, key: str, content: dict[str, Any]) -> None:
        """A kernel sends the reply of the request ``key``: whatever it ran is over."""
        while key in self._guard.open_runs():
            self._waiting.pop(key, None)
            self._guard.close_run(key, _reply_outcome(content))

    def _flush(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()


def _outcome(error: BaseException | None) -> str:
    if error is None:
        return "ok"
    from asyncio import CancelledError

    return "interrupted" if isinstance(error, (KeyboardInterrupt, CancelledError)) else "error"


def _reply_outcome(content: dict[str, Any]) -> str:
    if content.get("status") == "ok":
        return "ok"
    ended = content.get("status") == "aborted" or content.get("ename") in ("KeyboardInterrupt", "CancelledError")
    return "interrupted" if ended else "error"
