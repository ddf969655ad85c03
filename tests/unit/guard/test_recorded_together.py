"""What one moment says in several records is one durable write, all of it or none."""

from __future__ import annotations

import pandas as pd
import pytest

from jupyter_privguard import runtime
from jupyter_privguard.audit.stores import sqlite
from jupyter_privguard.guard.cells.cell import CellOptions
from jupyter_privguard.guard.session import Session
from tests.unit.guard.conftest import PEOPLE


@pytest.fixture
def forced(guarded, monkeypatch) -> list[int]:
    """An item for each time that the log was forced to the disk."""
    found: list[int] = []
    real = sqlite._fdatasync
    monkeypatch.setattr(sqlite, "_fdatasync", lambda handle: (found.append(1), real(handle)))
    return found


def ran(session: Session, load: object) -> None:
    run = session.open_run("1", CellOptions(), "load()", execution_count=1, cell_id=None)
    assert not run.refused
    load()
    session.close_run("1", "ok")


def test_a_cell_that_loads_many_tables_forces_the_log_three_times(guarded, forced) -> None:
    def load() -> None:
        for number in range(5):
            guarded.space[f"df{number}"] = pd.DataFrame({**PEOPLE, "more": range(30 * number, 30 * number + 30)})

    ran(guarded.session, load)

    actions = [event["action"] for event in runtime.log_reader().events()]
    assert actions[-7:] == ["cell.start", *["data.load"] * 5, "cell.run"]
    assert len(forced) == 3
    names = [event["dataset"]["name"] for event in runtime.log_reader().events() if event["action"] == "data.load"]
    assert names == [f"df{number}" for number in range(5)]


def test_a_cell_that_loads_nothing_forces_it_twice(guarded, forced) -> None:
    ran(guarded.session, lambda: None)

    assert len(forced) == 2


def test_one_that_cannot_be_recorded_keeps_all_out(guarded) -> None:
    with pytest.raises(TypeError):
        guarded.session.record_many("alert", [{"outcome": "ok", "about": "this"}, {"outcome": "ok", "about": 0.5}])

    assert "alert" not in [event["action"] for event in runtime.log_reader().events()]
    stored = guarded.session.record_many(
        "alert", [{"outcome": "ok", "about": "this"}, {"outcome": "error", "about": "that"}]
    )
    assert [(event["about"], event["outcome"]) for event in stored] == [("this", "ok"), ("that", "error")]
