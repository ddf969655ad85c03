"""Notes about people: what has no form in them is masked wherever it comes out."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

import jupyter_privguard as pg
from tests.unit.guard.conftest import Notebook

PEOPLE = [
    ("Umvelt Zorgan", "1956-08-16", "2594 Cobblestone Avenue", "CUST-39087"),
    ("Brixol Quendry", "1971-02-03", "17 Larkspur Lane", "CUST-51120"),
    ("Tavqa Ostwick", "1988-11-30", "804 Foxhollow Drive", "CUST-70014"),
]
NOTES = [
    f"{name}, born {born}, of {street} asks for a copy; mail u{n}@mail.example. "
    f"Customer {number} pays on 2024-05-0{n + 1}."
    for n, (name, born, street, number) in enumerate(PEOPLE)
]
SECRETS = [secret for person in PEOPLE for secret in person]


@pytest.fixture
def notebook(tmp_path, monkeypatch) -> Iterator[Notebook]:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    book = Notebook()
    book.space["texts"] = NOTES
    book.run("notes = pd.DataFrame({'ticket': [7001, 7002, 7003], 'note': texts})")
    book.run("pd.set_option('display.max_colwidth', 300)")
    yield book
    book.close()
    pd.reset_option("display.max_colwidth")


@pytest.mark.parametrize(
    "code",
    [
        "notes.note[0]",
        "print(notes.note[1])",
        "print(notes.note.tolist())",
        "for text in notes.note: print(text.upper() if 0 else text)",
        "print(' | '.join(notes.note))",
        "for row in notes.itertuples(): print(row)",
        "for _, row in notes.iterrows(): print(row.note)",
        "notes.to_dict('records')",
        "print(notes)",
        "print(notes.to_csv())",
        "print(notes.note.values)",
        "print(notes.note[2].split(' asks')[0])",
        "import json; print(json.dumps(notes.note[0].split(',')))",
    ],
)
def test_no_way_out_of_a_column_of_notes(notebook: Notebook, code: str) -> None:
    seen = notebook.run(code)

    assert [secret for secret in SECRETS if secret in seen] == []
    assert seen.strip()


def test_the_rest_of_a_note_stays(notebook: Notebook) -> None:
    seen = notebook.run("print(notes.note[0])")

    for kept in (", born ", " asks for a copy; mail ", "pays on 2024-05-01."):
        assert kept in seen


def test_a_copy_is_masked_without_a_session_too() -> None:
    masked = pg.mask(pd.DataFrame({"ticket": [1, 2, 3], "note": NOTES}))["note"].tolist()

    assert [secret for secret in SECRETS if secret in " ".join(masked)] == []
    assert masked[0].endswith("pays on 2024-05-01.")
