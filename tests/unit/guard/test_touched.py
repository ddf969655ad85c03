"""Which data sets a cell touched, where several could be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_privguard.guard.cells.cell import CellOptions, CellRun, Guessed


@pytest.fixture
def run() -> CellRun:
    return CellRun("1", CellOptions(), "", 1)


def _touched(run: CellRun) -> list[tuple[str, str | None, list[str]]]:
    return [(one.name, one.source, list(one.columns)) for one in run.touched.values()]


def test_files_of_one_name_in_two_folders_are_two_data_sets(
    run: CellRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for path in (Path("people.csv"), Path("old/people.csv"), Path("people.parquet")):
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    for source in ("people.csv", str(tmp_path / "people.csv"), "old/people.csv", "./people.csv", "people.parquet"):
        run.touch("people", how="loaded", columns=[f"in {Path(source).suffix}"], rows=1, source=source)
    run.touch("people", how="shown", columns=["shown"], rows=1)
    run.touch("people", how="loaded", columns=["asked"], rows=1, source="select asked from people")

    assert _touched(run) == [
        ("people", "people.csv", ["in .csv", "shown", "asked"]),
        ("people", "old/people.csv", ["in .csv"]),
        ("people", "people.parquet", ["in .parquet"]),
    ]


def test_what_looks_like_a_part_of_another_table_is_one_of_what_the_cell_touches(run: CellRun) -> None:
    run.touch("visits", how="loaded", columns=["id", "fee"], rows=9, source="visits.csv")
    run.touch("other", how="computed", columns=["town"], rows=9)
    run.guessed += [
        Guessed("people", "people.csv", "exported", ["id"], 9),
        Guessed("people", "people.csv", "shown", ["pay"], 9),
        Guessed("people", "people.csv", "shown", [], 9),
    ]

    run.settle_guesses()

    assert _touched(run) == [
        ("visits", "visits.csv", ["id", "fee"]),
        ("other", None, ["town"]),
        ("people", "people.csv", ["pay"]),
    ]
    assert run.touched["visits"].how == {"loaded", "exported"}
    assert run.guessed == []


def test_a_table_that_the_cell_touches_itself_is_meant_before_others(run: CellRun) -> None:
    for name in ("people", "visits"):
        run.touch(name, how="computed", columns=["id"], rows=9)
    run.guessed.append(Guessed("people", None, "shown", ["id"], 9))

    run.settle_guesses()

    assert {name: one.how for name, one in run.touched.items()} == {
        "people": {"computed", "shown"},
        "visits": {"computed"},
    }
