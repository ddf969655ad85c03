"""`%privguard audit` in a real kernel: a DataFrame to go on with, and a picture of where columns come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kernel.conftest import EMAIL, Kernel


@pytest.fixture
def asked(reguarded: Kernel, tmp_path: Path) -> Kernel:
    (tmp_path / "staff.csv").write_text(f"email,salary\n{EMAIL},51234\nravi.menon42@corp.example,48765\n" * 6)
    reguarded.run(
        f"%%secure --purpose review\nimport pandas as pd\nstaff = pd.read_csv({str(tmp_path / 'staff.csv')!r})\nstaff"
    )
    return reguarded


def test_the_answer_is_a_data_frame(asked: Kernel) -> None:
    cell = asked.run(
        'found = %privguard audit query --column salary --how shown --during "this year"\n'
        "print(type(found).__name__, len(found), found.purpose[0], found.masks[0], found.time.dt.year[0] > 2000)"
    )

    assert cell.ok and cell.streams.strip() == "DataFrame 1 review salary: generalise True"


def test_the_answer_is_shown_as_a_table(asked: Kernel) -> None:
    cell = asked.run("%privguard audit --column salary --how shown")

    assert cell.ok and "review" in cell.screen
    assert EMAIL not in cell.screen and "51234" not in cell.screen


def test_lineage_is_text_and_a_picture(asked: Kernel) -> None:
    asked.run("kept = staff[['salary']] * 2")
    cell = asked.run("%privguard audit lineage staff")

    assert cell.ok
    (data,) = cell.data
    assert data["image/svg+xml"].startswith("<svg ") and "INCOME" in data["text/plain"]


def test_labels_of_any_script_have_their_lineage(asked: Kernel) -> None:
    asked.run(
        "wide = staff.rename(columns={'salary': 'größe'}).merge(staff[['email']].drop_duplicates(), on='email')\nwide"
    )
    cell = asked.run("%privguard audit lineage wide")

    assert cell.ok and "größe" in cell.screen and "could not be logged" not in cell.screen


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("audit --columnx salary", "audit takes query and what is asked for"),
        ("audit --tier complience", "did you mean compliance?"),
        ("audit lineage", "takes the name of one data set"),
        ("audit lineage nothing", "no table of that name"),
    ],
)
def test_a_wrong_question_is_one_sentence(asked: Kernel, line: str, sentence: str) -> None:
    cell = asked.run(f"%privguard {line}")

    assert sentence in cell.screen and "Traceback" not in cell.screen


def test_a_question_that_nothing_answers_says_so(asked: Kernel) -> None:
    cell = asked.run("%privguard audit query --column nothing_of_that_name")

    assert cell.ok and "no event that you may read answers this" in cell.streams


@pytest.mark.parametrize("command", ["classify", "profile"])
def test_a_table_that_is_misspelled_is_named(asked: Kernel, command: str) -> None:
    assert "did you mean staff?" in asked.run(f"%privguard {command} staf").screen
