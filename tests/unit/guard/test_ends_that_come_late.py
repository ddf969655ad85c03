"""The log does not take the end of a cell: no other cell runs before it does, and none is lost by that."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_privguard.errors import LogUnavailable
from jupyter_privguard.guard.cells.cell import CellOptions, CellRun
from jupyter_privguard.guard.cells.ends import Ends
from jupyter_privguard.guard.session import Session
from tests.unit.guard.conftest import opened

FULL = "privguard: there is no space left for the log; free some and run the cell again."


class Log:
    """The session's log, which takes ends of cells or raises."""

    def __init__(self, log: Any) -> None:
        self._log = log
        self.error: Exception | None = None
        self.ended: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def end_run(self, run_id: str, event: dict[str, Any]) -> None:
        if self.error is not None:
            raise self.error
        self._log.end_run(run_id, event)
        self.ended.append(run_id)


@pytest.fixture
def session(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    made = opened()
    monkeypatch.setattr(made, "_log", Log(made._log))
    monkeypatch.setattr(made, "_ends", Ends(made._log))
    return made


def cell(session: Session, key: str) -> CellRun:
    return session.open_run(key, CellOptions(), "1", execution_count=int(key), cell_id=None)


def test_the_next_cell_waits_for_it_and_runs_once_it_is_in_the_log(session: Session) -> None:
    log: Any = session._log
    first = cell(session, "1")
    log.error = LogUnavailable(FULL)
    session.close_run("1", "ok")

    refused = cell(session, "2")
    assert refused.refused == f"{FULL} This cell did not run." and not refused.run_id
    session.close_run("2", "error")
    log.error = None
    third = cell(session, "3")
    session.close_run("3", "ok")

    assert third.refused == "" and log.ended == [first.run_id, third.run_id]
    session.close()


def test_the_last_one_is_written_when_the_session_ends(session: Session) -> None:
    log: Any = session._log
    first = cell(session, "1")
    log.error = LogUnavailable(FULL)
    session.close_run("1", "ok")
    log.error = None

    session.close()

    assert log.ended == [first.run_id]


def test_what_is_not_for_want_of_the_log_stops_all_cells(session: Session) -> None:
    log: Any = session._log
    cell(session, "1")
    log.error = ValueError("zq.canary@corp.example")
    session.close_run("1", "ok")
    log.error = None

    for key in ("2", "3"):
        refused = cell(session, key)
        assert "the end of cell [1] could not be logged (ValueError)" in refused.refused
        session.close_run(key, "error")
    session.close()
