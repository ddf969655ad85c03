"""A guard session with tables in its user's variables, and ways to say what their columns hold."""

from __future__ import annotations

import ast
import contextlib
import io
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jupyter_privguard import runtime
from jupyter_privguard.frames import view
from jupyter_privguard.frames.watch import watch
from jupyter_privguard.guard.cells.cell import CellOptions
from jupyter_privguard.guard.session import Session
from jupyter_privguard.guard.tables.watch import TableWatcher

PEOPLE = {
    "email": [f"person.{n}@corp.example" for n in range(30)],
    "name": [f"Aaravind Kulkar{chr(97 + n)}" for n in range(26)] + [f"Menonath Ravi{chr(97 + n)}" for n in range(4)],
    "income": [50_123 + 791 * n for n in range(30)],
    "shelf": [f"QX-{77_120 + n % 6}" for n in range(30)],
}


class Guarded:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.space: dict[str, Any] = {}
        session.watch_namespace(self.space)

    def set(self, name: str, label: str, entity: str, *, save: bool = False) -> None:
        seen = view(self.space[name])
        at = [str(one) for one in seen.labels].index(label)
        self.session.classes.set(self.space[name], seen, [at], entity, save=save)

    def off(self, name: str, label: str) -> Any:
        seen = view(self.space[name])
        return self.session.classes.take_back(self.space[name], seen, [[*seen.labels].index(label)])

    def entity(self, table: Any, label: str) -> str:
        self.session.knowledge.learn()
        found = self.session.knowledge.classification(table, view(table))
        return next(v.entity if v.is_sensitive else "NONE" for v in found if v.column == label)

    def knows(self, text: Any) -> bool:
        self.session.knowledge.learn()
        return bool(self.session.knowledge.values.find(str(text)))


def opened() -> Session:
    at = runtime.home()
    ring, _ = runtime.keyring(at)
    return runtime.open_session(at, runtime.policy(), ring, kernel=None)


class Notebook:
    """Runs code as cells of a guarded session; `run` gives what would be seen."""

    def __init__(self) -> None:
        self.session = opened()
        self.space: dict[str, Any] = {"__name__": "__main__", "pd": pd, "np": np}
        self.session.watch_namespace(self.space)
        self._end = watch(TableWatcher(self.session), self.session.takings.taker)
        self._keys = itertools.count(1)

    def run(self, code: str) -> str:
        number = next(self._keys)
        run = self.session.open_run(str(number), CellOptions(), code, execution_count=number, cell_id=None)
        assert not run.refused
        out, tree = io.StringIO(), ast.parse(code)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(out):
            exec(compile(tree, "cell", "exec"), self.space)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), "cell", "eval"), self.space)
                if value is not None:
                    self._keep(number, value)
                    print(repr(value))
        seen = self.session.clean(out.getvalue(), run)
        self.session.close_run(str(number), "ok")
        return seen

    def _keep(self, number: int, value: Any) -> None:
        """As IPython keeps outputs."""
        for name, before in (("___", "__"), ("__", "_")):
            if before in self.space:
                self.space[name] = self.space[before]
        self.space["_"] = self.space[f"_{number}"] = value
        self.space.setdefault("Out", {})[number] = value

    def close(self) -> None:
        self._end()
        self.session.close()


@pytest.fixture
def guarded(tmp_path, monkeypatch):
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    session = opened()
    end = watch(TableWatcher(session))
    yield Guarded(session)
    end()
    session.close()


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "customers.csv"
    pd.DataFrame(PEOPLE).to_csv(path, index=False)
    return path
