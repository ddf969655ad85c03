"""A column that the policy lowers is shown in parts of its table too, and nothing else is shown with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import polars as pl
import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.frames import view
from jupyter_privguard.frames.watch import watch
from jupyter_privguard.guard.tables.watch import TableWatcher
from tests.unit.guard.conftest import PEOPLE, Guarded, opened

TABLE = {**PEOPLE, "age": [20 + n for n in range(30)]}
LOWERED = 'version: 1\ndatasets: {"people*": {columns: {age: NONE, name: NONE, income: AGE}}}\n'
PARTS: dict[str, Callable[[Any], Any]] = {
    "the first rows": lambda df: df.head(),
    "a slice": lambda df: df[:6],
    "columns": lambda df: df[["age", "name"]],
    "a filter": lambda df: df[df.age > 30],
    "a copy": lambda df: df.copy(),
    "an index": lambda df: df.set_index("name").head(4),
    "with a new column": lambda df: df.head(8).assign(more=1),
    "a part of a part": lambda df: df.head(9).tail(3),
}


@pytest.fixture
def under(tmp_path, monkeypatch) -> Iterator[Callable[..., Guarded]]:
    """A session under policy files, the administrator's first, with the table ``df`` that was read from people.csv."""
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    ends: list[Callable[[], Any]] = []

    def under(first: str = LOWERED, other: str | None = None) -> Guarded:
        from jupyter_privguard.policy.load import load

        files = [tmp_path / "0.yaml", tmp_path / "1.yaml"]
        for file, text in zip(files, (first, other), strict=True):
            file.write_text(text or "version: 1\n")
        in_force = load(files[0], files[1] if other else None, user_can_write=lambda _: False)
        monkeypatch.setattr(runtime, "policy", lambda *args, **kwargs: in_force)
        session = opened()
        ends.extend((session.close, watch(TableWatcher(session))))
        guarded = Guarded(session)
        pd.DataFrame(TABLE).to_csv(tmp_path / "people.csv", index=False)
        session.knowledge._pending.clear()
        guarded.space["df"] = pd.read_csv(tmp_path / "people.csv")
        return guarded

    yield under
    for end in reversed(ends):
        end()


def text_of(guarded: Guarded, table: Any) -> str:
    """A table as it stands on a screen."""
    shown = guarded.session.show(table, None)
    with guarded.session.rendering():
        native = shown.native
        text = native.to_string() if hasattr(native, "to_string") else str(native)
    return guarded.session.clean(shown.fix(text), None)


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS.keys())
def test_parts_are_shown_as_their_table_is(under, part) -> None:
    guarded = under()
    table = part(guarded.space["df"])

    found = {name: guarded.entity(table, name) for name in ("age", "name", "email", "income") if name in named(table)}

    expected = {"age": "NONE", "name": "NONE", "email": "EMAIL_ADDRESS", "income": "AGE"}
    assert found == {name: expected[name] for name in found} and found


def named(table: Any) -> set[str]:
    return {str(label) for label in view(table).labels}


def test_a_series_a_row_and_a_table_of_another_library_are_shown_too(under, tmp_path) -> None:
    guarded = under()
    df = guarded.space["df"]

    assert "Aaravind Kulkarb" in text_of(guarded, df.name) and "21" in text_of(guarded, df.age)
    row = text_of(guarded, df.loc[1])
    assert "Aaravind Kulkarb" in row and "person.1@" not in row and "50914" not in row
    other = pl.read_csv(tmp_path / "people.csv")
    guarded.space["other"] = other
    assert guarded.entity(other, "age") == guarded.entity(other.head(3), "age") == "NONE"
    assert guarded.entity(other.head(3), "email") == "EMAIL_ADDRESS"


def test_a_masked_copy_of_a_part_shows_what_the_part_does(under) -> None:
    guarded = under()

    copy = pg.mask(guarded.space["df"].head(4))

    assert list(copy["age"]) == [20, 21, 22, 23] and list(copy["name"]) == PEOPLE["name"][:4]
    assert "person.0@" not in copy.to_csv() and "50123" not in copy.to_csv()
    assert not pg.mask(guarded.space["df"].head(4), name="staff")["name"].isin(PEOPLE["name"]).any()


def test_a_part_is_shown_when_its_table_is_gone(under) -> None:
    guarded = under()
    guarded.session.knowledge.learn()

    guarded.space["df"] = guarded.space["df"].head(8)

    assert guarded.entity(guarded.space["df"], "age") == guarded.entity(guarded.space["df"].tail(2), "name") == "NONE"
    assert guarded.entity(guarded.space["df"], "email") == "EMAIL_ADDRESS"


# --- near misses ------------------------------------------------------------------------------------


def test_a_table_with_the_same_label_and_other_values_stays_masked(under) -> None:
    guarded = under()
    guarded.session.knowledge.learn()

    other = pd.DataFrame(
        {"name": [f"Wilhelmina Stra{chr(97 + n)}" for n in range(8)], "age": [61 + n for n in range(8)]}
    )

    assert guarded.entity(other, "age") == guarded.entity(other.head(2), "age") == "AGE"
    assert guarded.entity(other, "name") == guarded.entity(other.head(2), "name") == "PERSON_NAME"


def test_a_column_that_is_hidden_elsewhere_stays_hidden(under, tmp_path) -> None:
    guarded = under()
    pd.DataFrame(TABLE).to_csv(tmp_path / "staff.csv", index=False)
    guarded.space["staff"] = staff = pd.read_csv(tmp_path / "staff.csv")

    assert guarded.entity(staff, "name") == guarded.entity(staff.head(), "name") == "PERSON_NAME"
    assert guarded.entity(staff.head(), "age") == "AGE"
    assert guarded.entity(guarded.space["df"], "name") == "NONE"
    assert guarded.knows("Aaravind Kulkarb")


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("version: 1\n", LOWERED),
        (LOWERED, LOWERED.replace("age: NONE, name: NONE", "age: AGE, name: PERSON_NAME")),
    ],
)
def test_a_policy_that_only_tightens_lowers_nothing(under, first, other) -> None:
    guarded = under(first, other)

    for part in (guarded.space["df"], guarded.space["df"].head(), guarded.space["df"][["age", "name"]]):
        assert (guarded.entity(part, "age"), guarded.entity(part, "name")) == ("AGE", "PERSON_NAME")
    assert guarded.knows("Aaravind Kulkarb")


def test_a_persons_word_on_such_a_column_is_the_last(under) -> None:
    guarded = under()
    guarded.set("df", "name", "PERSON_NAME")
    df = guarded.space["df"]
    assert guarded.entity(df, "name") == guarded.entity(df.head(), "name") == "PERSON_NAME"
    assert guarded.knows("Aaravind Kulkarb") and guarded.entity(df.head(), "age") == "NONE"

    guarded.off("df", "name")
    assert guarded.entity(df, "name") == guarded.entity(df.head(), "name") == "NONE"
    assert not guarded.knows("Aaravind Kulkarb")

    guarded.set("df", "name", "NONE")
    assert guarded.entity(df.tail(4), "name") == "NONE"


def test_a_stricter_policy_takes_it_back_for_parts_too(under, tmp_path) -> None:
    from jupyter_privguard.policy.load import load

    guarded = under()
    part, gone = guarded.space["df"].head(), pd.read_csv(tmp_path / "people.csv").head(7)
    assert guarded.entity(part, "age") == guarded.entity(gone, "age") == "NONE"
    (tmp_path / "2.yaml").write_text('version: 1\ndatasets: {"people*": {columns: {age: AGE}}}\n')

    guarded.session.knowledge.use(load(tmp_path / "0.yaml", tmp_path / "2.yaml", user_can_write=lambda _: False))

    assert guarded.entity(part, "age") == guarded.entity(guarded.space["df"].tail(3), "age") == "AGE"
    assert guarded.entity(gone, "age") == "AGE" and guarded.entity(part, "name") == "NONE"
