"""Stored overrides: whole or refused, private, without values, and no writer loses another one's."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from jupyter_privguard._canonical import canonical_json
from jupyter_privguard._files import write_atomically
from jupyter_privguard.errors import StateError
from jupyter_privguard.guard.overrides.saved import SavedOverrides, _entry
from jupyter_privguard.guard.overrides.statements import Column, DataSet, Names, Override, Overrides

MASKED = Names(lambda text: text.replace("Asha", "tok_1"), lambda text: [f"k1:{text.encode().hex()}"])


def made(
    dataset: str, label: str, entity: str = "NONE", *, is_variable: bool = False, notebook: str = "", source: str = ""
) -> Override:
    overrides = Overrides(MASKED, notebook=notebook)
    column = Column(DataSet(dataset, is_variable, source), label)
    return overrides.made(column, entity, by="me", since="2026-01-02T03:04:05Z", saved=True)


@pytest.fixture
def store(tmp_path: Path) -> SavedOverrides:
    return SavedOverrides(tmp_path / "overrides.json", lambda: ["k1"])


def test_what_was_put_is_read_again_privately_and_without_values(store: SavedOverrides) -> None:
    written = [
        made("customers", "email", source="/Asha/customers.csv"),
        made("people", "Asha"),
        made("df", "x", "AGE", is_variable=True),
    ]
    for override in written:
        store.put(override)

    assert store.read() == written
    assert store.path.stat().st_mode & 0o777 == 0o600
    assert b"Asha" not in store.path.read_bytes()
    again = store.put(made("customers", "email", "CUSTOMER_ID", source="/Asha/customers.csv"))
    assert [o.entity for o in again] == ["NONE", "AGE", "CUSTOMER_ID"]
    assert [o.dataset.shown for o in store.put(instead_of=written[:1])] == ["people", "df"]


def test_a_file_that_is_not_there_says_nothing(store: SavedOverrides) -> None:
    assert store.read() == [] and not store.path.exists()


ENTRY = {"dataset": {"shown": "a"}, "column": {"shown": "b"}, "notebook": None, "by": "me", "since": "2026-01-02"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 0, "overrides": []}',
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


def test_a_file_of_a_later_version_is_refused_and_never_overwritten(store: SavedOverrides) -> None:
    text = '{"version": 2, "overrides": []}'
    store.path.write_text(text)
    store.path.chmod(0o600)

    for attempt in (store.read, lambda: store.put(made("a", "b"))):
        with pytest.raises(StateError, match=r"overrides\.json was written by a later version .* update this one"):
            attempt()
    assert store.path.read_text() == text


def test_a_file_that_others_can_write_is_refused(store: SavedOverrides) -> None:
    store.put(made("a", "b"))
    store.path.chmod(0o622)

    with pytest.raises(StateError, match="chmod 0600"):
        store.read()


def test_a_folder_in_its_place_is_refused(store: SavedOverrides) -> None:
    store.path.mkdir()

    with pytest.raises(StateError, match="move it away"):
        store.read()


def test_a_writer_waits_for_another_one_and_then_loses_nothing(store: SavedOverrides) -> None:
    put = threading.Thread(target=store.put, args=(made("b", "y"),))
    with store._alone():
        put.start()
        put.join(0.2)
        assert put.is_alive() and not store.path.exists()
        write_atomically(store.path, canonical_json({"version": 1, "overrides": [_entry(made("a", "x"))]}))
    put.join(5)

    assert [o.dataset.shown for o in store.read()] == ["a", "b"]


def test_a_writer_that_waits_too_long_says_so(store: SavedOverrides, monkeypatch) -> None:
    monkeypatch.setattr("jupyter_privguard.guard.overrides.saved._PATIENCE_S", 0.0)
    with store._alone(), pytest.raises(StateError, match=r"another process is writing .* try again"):
        store.put(made("a", "x"))


@pytest.mark.parametrize(
    ("override", "dataset", "is_own"),
    [
        (made("data", "email", source="/1/data.csv"), DataSet("data", source="/1/data.csv"), True),
        (made("data", "email", source="/1/data.csv"), DataSet("data", source="/2/data.csv"), False),
        (made("data", "email", source="/1/data.csv"), DataSet("data"), False),
        (made("data", "email", source="/1/data.csv"), DataSet("data", is_variable=True), False),
        (made("data", "email"), DataSet("data", source="/1/data.csv"), False),
        (made("df", "email", is_variable=True, notebook="a.ipynb"), DataSet("df", is_variable=True), True),
        (made("df", "email", is_variable=True, notebook="b.ipynb"), DataSet("df", is_variable=True), False),
        (made("df", "email", is_variable=True, notebook="a.ipynb"), DataSet("df"), False),
        (made("Asha", "email", source="/Asha"), DataSet("Asha", source="/Asha"), True),
    ],
)
def test_a_word_is_about_one_source_or_one_notebook(override: Override, dataset: DataSet, is_own: bool) -> None:
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
    SavedOverrides(tmp_path / "o.json", lambda: ["k1"]).put(
        Overrides(old).made(column, "AGE", by="me", since="2026-01-02T03:04:05Z", saved=True)
    )

    SavedOverrides(tmp_path / "s.json", lambda: ["k1"]).put(
        Overrides(old).made(Column(DataSet("d", source="/d.csv"), "x"), "NONE", by="me", since="2026-01-02", saved=True)
    )
    both = SavedOverrides(tmp_path / "o.json", lambda: ["k2", "k1"])

    assert len(Overrides(new, saved=both.read()).on(column)) == 1
    with pytest.raises(StateError, match="belongs to a key that is not here"):
        SavedOverrides(tmp_path / "o.json", lambda: ["k2"]).read()
    lone = Names(MASKED._safe, lambda text: [f"k2:{text}"])
    left = SavedOverrides(tmp_path / "s.json", lambda: ["k2"]).read()
    assert Overrides(new, saved=left).on(Column(DataSet("d", source="/d.csv"), "x")) == [(left[0], True)]
    assert Overrides(lone, saved=left).on(Column(DataSet("d", source="/d.csv"), "x")) == [(left[0], False)]


def test_where_a_table_has_a_word_of_its_own_others_are_not_heard() -> None:
    here = made("df", "email", "EMAIL_ADDRESS", is_variable=True, notebook="a.ipynb")
    there = made("df", "email", "CREDENTIAL", is_variable=True, notebook="b.ipynb")
    overrides = Overrides(MASKED, notebook="a.ipynb", saved=[there, here])

    assert overrides.on(Column(DataSet("df", is_variable=True), "email")) == [(here, True)]


def test_a_notebook_whose_name_has_become_a_value_is_the_same_notebook() -> None:
    before = Names(str, MASKED._digests)
    column = Column(DataSet("df", is_variable=True), "email")
    plain = Overrides(before, notebook="Asha.ipynb").made(column, "NONE", by="me", since="2026-01-02", saved=True)
    masked = made("df", "email", is_variable=True, notebook="Asha.ipynb")

    for names in (before, MASKED):
        for override in (plain, masked):
            assert Overrides(names, notebook="Asha.ipynb", saved=[override]).own(column) == [override]


def test_overrides_are_looked_up_anew_after_each_change() -> None:
    overrides = Overrides(MASKED, notebook="n")
    column = Column(DataSet("df", is_variable=True), "email")
    override = overrides.made(column, "NONE", by="me", since="2026-01-02", saved=False)

    assert overrides.on(column) == []
    overrides.put(override)
    assert overrides.on(column) == [(override, True)]
    overrides.take(override)
    assert overrides.on(column) == []
