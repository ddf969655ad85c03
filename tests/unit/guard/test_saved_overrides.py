"""Stored overrides: whole or refused, private, without values, and no writer loses another one's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_privguard.errors import StateError
from jupyter_privguard.guard.overrides import Column, DataSet, Names, Override, Overrides
from jupyter_privguard.guard.saved_overrides import SavedOverrides

MASKED = Names(lambda text: text.replace("Asha", "tok_1"), lambda text: [f"k1:{text.encode().hex()}"])


def made(dataset: str, label: str, entity: str = "NONE", *, is_variable: bool = False, notebook: str = "") -> Override:
    overrides = Overrides(MASKED, notebook=notebook)
    column = Column(DataSet(dataset, is_variable), label)
    return overrides.made(column, entity, by="me", since="2026-01-02T03:04:05Z", saved=True)


@pytest.fixture
def store(tmp_path: Path) -> SavedOverrides:
    return SavedOverrides(tmp_path / "overrides.json", ["k1"])


def test_what_was_put_is_read_again_privately_and_without_values(store: SavedOverrides) -> None:
    written = [made("customers", "email"), made("people", "Asha"), made("df", "x", "AGE", is_variable=True)]
    for override in written:
        store.put(override)

    assert store.read() == written
    assert store.path.stat().st_mode & 0o777 == 0o600
    assert b"Asha" not in store.path.read_bytes()
    assert store.put(made("customers", "email", "CUSTOMER_ID"))[-1].entity == "CUSTOMER_ID"
    assert [o.dataset.shown for o in store.take(written[0])] == ["people", "df"]


def test_a_file_that_is_not_there_says_nothing(store: SavedOverrides) -> None:
    assert store.read() == [] and not store.path.exists()


ENTRY = {"dataset": {"shown": "a"}, "column": {"shown": "b"}, "notebook": None, "by": "me", "since": "2026-01-02"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 2, "overrides": []}',
        '{"version": 1}',
        json.dumps({"version": 1, "overrides": [ENTRY]}),
        json.dumps({"version": 1, "overrides": [ENTRY | {"entity": "not one"}]}),
        json.dumps({"version": 1, "overrides": [ENTRY | {"entity": "AGE", "since": "lately"}]}),
        json.dumps({"version": 1, "overrides": [ENTRY | {"entity": "AGE", "column": "b"}]}),
        json.dumps({"version": 1, "overrides": [ENTRY | {"entity": "AGE", "column": {"shown": "", "hmac": "00"}}]}),
    ],
)
def test_a_damaged_file_is_refused_and_never_overwritten(store: SavedOverrides, text: str) -> None:
    store.path.write_text(text)
    store.path.chmod(0o600)

    for attempt in (store.read, lambda: store.put(made("a", "b"))):
        with pytest.raises(StateError, match=r"^privguard: .*overrides\.json .*move .* away"):
            attempt()
    assert store.path.read_text() == text


def test_a_file_that_others_can_write_is_refused(store: SavedOverrides) -> None:
    store.put(made("a", "b"))
    store.path.chmod(0o622)

    with pytest.raises(StateError, match="chmod 0600"):
        store.read()


def test_two_writers_lose_nothing(store: SavedOverrides) -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from jupyter_privguard.guard.saved_overrides import SavedOverrides as S\n"
        "from jupyter_privguard.guard.overrides import Name as N, Override as O\n"
        "for n in range(15):\n"
        "    S(Path(sys.argv[1]), ['k1']).put(O(N(sys.argv[2]), N(str(n)), 'NONE', 'me', '2026-01-02', saved=True))"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(store.path), name]) for name in ("one", "two")]

    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert len(store.read()) == 30


@pytest.mark.parametrize(
    ("override", "dataset", "is_own"),
    [
        (made("customers", "email"), DataSet("customers"), True),
        (made("customers", "email"), DataSet("customers", is_variable=True), False),
        (made("df", "email", is_variable=True, notebook="a.ipynb"), DataSet("df", is_variable=True), True),
        (made("df", "email", is_variable=True, notebook="b.ipynb"), DataSet("df", is_variable=True), False),
        (made("df", "email", is_variable=True, notebook="a.ipynb"), DataSet("df"), False),
        (made("Asha", "email"), DataSet("Asha"), True),
    ],
)
def test_a_name_from_a_variable_is_one_of_its_notebook(override: Override, dataset: DataSet, is_own: bool) -> None:
    overrides = Overrides(MASKED, notebook="a.ipynb", saved=[override])

    assert overrides.on(Column(dataset, "email")) == [(override, is_own)]
    assert overrides.on(Column(dataset, "mail")) == [] and overrides.on(Column(DataSet("other"), "email")) == []


def test_a_label_that_looked_like_no_value_then_is_found_still(store: SavedOverrides) -> None:
    store.put(
        Overrides(Names(str, lambda text: [text])).made(
            Column(DataSet("d"), "Asha"), "AGE", by="me", since="2026-01-02", saved=True
        )
    )

    assert len(Overrides(MASKED, saved=store.read()).on(Column(DataSet("d"), "Asha"))) == 1


def test_a_name_stored_under_an_older_key_is_found_under_a_new_one_and_refused_without_it(tmp_path: Path) -> None:
    old = Names(MASKED._safe, lambda text: [f"k1:{text}"])
    new = Names(MASKED._safe, lambda text: [f"k2:{text}", f"k1:{text}"])
    column = Column(DataSet("d"), "Asha")
    SavedOverrides(tmp_path / "o.json", ["k1"]).put(
        Overrides(old).made(column, "AGE", by="me", since="2026-01-02T03:04:05Z", saved=True)
    )

    both = SavedOverrides(tmp_path / "o.json", ["k2", "k1"])

    assert len(Overrides(new, saved=both.read()).on(column)) == 1
    with pytest.raises(StateError, match="belongs to a key that is not here"):
        SavedOverrides(tmp_path / "o.json", ["k2"]).read()
