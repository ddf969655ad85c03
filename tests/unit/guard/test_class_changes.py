"""A person's word on a column sticks to its data set, and what is known follows it."""

from __future__ import annotations

import pandas as pd
import pytest

import jupyter_privguard as pg
from jupyter_privguard.errors import Refused
from jupyter_privguard.frames import view
from jupyter_privguard.guard.cells.cell import CellOptions
from tests.unit.guard.conftest import PEOPLE, Notebook, opened


def test_a_lowered_column_is_forgotten_and_its_parts_follow(guarded, file) -> None:
    guarded.space["df"] = df = pd.read_csv(file)
    assert guarded.knows("person.3@corp.example")

    guarded.set("df", "email", "NONE")

    assert not guarded.knows("person.3@corp.example") and guarded.knows(PEOPLE["name"][0])
    for part in (df, df.head(), df[df.income > 60_000], df.copy(), df.assign(extra=1), df["email"].head(3)):
        assert guarded.entity(part, "email") == "NONE"
    assert guarded.entity(pd.read_csv(file), "email") == "NONE", "read again"
    assert guarded.session.clean("to person.3@corp.example", None) == "to person.3@corp.example"
    assert "person.3@other" not in guarded.session.clean("to person.3@other.example", None)


@pytest.mark.parametrize(
    "part",
    [
        lambda df: df.head(1),
        lambda df: df.tail(4),
        lambda df: df[["name", "email"]].head(2),
        lambda df: df.sample(5, random_state=1),
        lambda df: df.loc[[2, 3]],
        lambda df: df,
    ],
)
@pytest.mark.parametrize("is_read", [True, False])
def test_a_part_that_was_shown_before_and_lives_on_holds_nothing_back(guarded, file, part, is_read) -> None:
    guarded.space["df"] = df = pd.read_csv(file) if is_read else pd.DataFrame(PEOPLE)
    shown = part(df)  # lives on as the result of a cell does, in no variable
    assert guarded.entity(shown, "email") == "EMAIL_ADDRESS"

    guarded.set("df", "email", "NONE")

    for value in shown["email"]:
        assert not guarded.knows(value)
        assert guarded.session.clean(f"to {value}", None) == f"to {value}"
    assert guarded.entity(shown, "email") == "NONE" and guarded.knows(shown["name"].iloc[0])
    guarded.off("df", "email")
    assert guarded.knows(shown["email"].iloc[0])


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    made = Notebook()
    yield made
    made.close()


def test_a_word_holds_for_what_is_taken_out_although_a_row_was_shown_before(notebook) -> None:
    notebook.run(
        "names = ['Asha Kulkarni', 'Ravi Menon', 'Lena Fischer', 'Omar Haddad', 'Ines Costa', 'Paul Weber'] * 3\n"
        "df = pd.DataFrame({'label': names, 'email': [f'u{n}@corp.example' for n in range(18)], 'n': range(18)})"
    )
    assert "Asha" not in notebook.run("df.head(1)")
    df = notebook.space["df"]

    notebook.session.classes.set(df, view(df), [0], "NONE", save=False)

    assert notebook.run("print(df.label.iloc[0], df.label.iloc[3])") == "Asha Kulkarni Omar Haddad\n"
    assert "u3@" not in notebook.run("print(df.email.iloc[3])")


def test_what_was_shown_of_another_table_stays_hidden(guarded, file) -> None:
    guarded.space["df"] = pd.read_csv(file)
    others = pd.DataFrame(
        {"email": [*PEOPLE["email"][:3], "else.1@corp.example", "else.2@corp.example"], "n": range(5)}
    )
    kept, copied = others.head(4), pd.DataFrame({"contact_email": PEOPLE["email"][:2], "n": range(2)})
    assert guarded.entity(kept, "email") == guarded.entity(copied, "contact_email") == "EMAIL_ADDRESS"

    guarded.set("df", "email", "NONE")

    assert all(map(guarded.knows, [*PEOPLE["email"][:3], "else.1@corp.example"]))
    assert not guarded.knows(PEOPLE["email"][5])
    assert guarded.entity(kept, "email") == guarded.entity(copied, "contact_email") == "EMAIL_ADDRESS"


def test_another_table_of_the_same_look_is_not_lowered(guarded) -> None:
    guarded.space["one"] = pd.DataFrame(PEOPLE)
    guarded.space["two"] = two = pd.DataFrame(PEOPLE | {"email": [f"else.{n}@corp.example" for n in range(30)]})
    guarded.session.knowledge.learn()

    guarded.set("one", "email", "NONE")
    guarded.set("one", "income", "NONE")

    assert guarded.entity(two, "email") == guarded.entity(two.head(), "email") == "EMAIL_ADDRESS"
    assert guarded.entity(two, "income") == "INCOME"
    assert guarded.entity(two.head(), "income") == "INCOME", "its numbers are in both tables"
    assert guarded.entity(guarded.space["one"].head(), "email") == "NONE"


def test_what_another_sensitive_column_holds_stays_known_even_when_its_table_is_gone(guarded, file) -> None:
    guarded.space["df"] = pd.read_csv(file)
    guarded.space["other"] = pd.DataFrame({"contact_email": PEOPLE["email"][:5], "n": range(5)})
    guarded.session.knowledge.learn()
    guarded.set("df", "email", "NONE")
    del guarded.space["other"]

    assert guarded.knows("person.3@corp.example") and not guarded.knows("person.9@corp.example")


def test_values_that_a_gone_ancestor_brought_are_forgotten_with_the_column(guarded, file) -> None:
    guarded.space["df"] = pd.read_csv(file).rename(columns=str.lower).assign(extra=1)
    assert guarded.knows("person.3@corp.example")

    guarded.set("df", "email", "NONE")

    assert not guarded.knows("person.3@corp.example")


def test_a_raised_column_is_known_at_once_and_taken_back(guarded, file) -> None:
    guarded.space["df"] = df = pd.read_csv(file)
    assert not guarded.knows("QX-77123")

    guarded.set("df", "shelf", "CUSTOMER_ID")

    assert guarded.session.knowledge.values.find("QX-77123")[0].entity == "CUSTOMER_ID"
    for part in (df.head(), df.assign(extra=1), pd.read_csv(file)):
        assert guarded.entity(part, "shelf") == "CUSTOMER_ID"
    change = guarded.off("df", "shelf")
    assert change.verdict.entity == "NONE" and not guarded.knows("QX-77123")
    assert guarded.off("df", "shelf") is None


def test_taking_back_a_lowering_makes_its_values_known_again(guarded, file) -> None:
    guarded.space["df"] = df = pd.read_csv(file)
    guarded.set("df", "email", "NONE")
    guarded.off("df", "email")

    assert guarded.knows("person.3@corp.example") and guarded.entity(df.head(), "email") == "EMAIL_ADDRESS"
    assert "person.3@" not in guarded.session.clean("to person.3@corp.example", None)


def test_a_stricter_class_is_the_one_that_text_is_masked_by(guarded, file) -> None:
    guarded.space["df"] = pd.read_csv(file)
    guarded.set("df", "email", "CREDENTIAL")

    assert "corp.example" not in guarded.session.clean("to person.3@corp.example", None)


def test_a_column_that_was_no_secret_keeps_its_strays_masked(guarded, tmp_path) -> None:
    notes = ["liked it"] * 299 + ["write to anna.smith@example.org"]
    guarded.space["df"] = df = pd.DataFrame({"note": notes, "n": range(300)})
    before = guarded.entity(df, "note")
    guarded.set("df", "note", before)
    guarded.set("df", "note", before)

    assert "anna.smith" not in str(pg.mask(df).note.iloc[-1])
    assert "anna.smith" not in guarded.session.clean(notes[-1], None)


def test_a_saved_word_that_hides_holds_for_the_same_name_outside_of_a_session(guarded, file) -> None:
    guarded.space["df"] = pd.read_csv(file)
    guarded.set("df", "email", "NONE", save=True)
    guarded.set("df", "shelf", "CUSTOMER_ID", save=True)
    guarded.session.close()

    df = pd.DataFrame(PEOPLE)
    named = {v.column: v.entity for v in pg.classify(df, name="customers")}
    other = {v.column: v.entity for v in pg.classify(df, name="other")}
    assert (named["email"], named["shelf"]) == ("EMAIL_ADDRESS", "CUSTOMER_ID"), "a name alone shows nothing more"
    assert (other["email"], other["shelf"]) == ("EMAIL_ADDRESS", "NONE")


def test_in_a_session_classify_and_mask_say_what_holds_there(guarded, file) -> None:
    guarded.space["df"] = df = pd.read_csv(file)
    guarded.set("df", "email", "NONE")

    assert next(v.entity for v in pg.classify(df) if v.column == "email") == "NONE"
    assert pg.mask(df).email.equals(df.email) and not pg.mask(df).name.equals(df.name)


def test_a_saved_lowering_is_void_without_the_right(guarded, file, tmp_path, monkeypatch) -> None:
    guarded.space["df"] = pd.read_csv(file)
    guarded.set("df", "email", "NONE", save=True)
    guarded.session.close()
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nprincipals: {somebody: {roles: []}}\n")
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))

    assert next(v.entity for v in pg.classify(pd.DataFrame(PEOPLE), name="customers")) == "EMAIL_ADDRESS"
    session = opened()
    with pytest.raises(Refused):
        table = pd.read_csv(file)
        session.watch_namespace({"t": table})
        session.classes.set(table, view(table), [0], "NONE", save=False)
    session.close()


def test_labels_that_are_no_text_and_labels_that_are_there_twice(guarded) -> None:
    frame = pd.DataFrame([[n, f"A-{n}", f"B-{n}"] for n in range(30)], columns=[0, ("a", "b"), ("a", "b")])
    guarded.space["t"] = frame
    seen = view(frame)
    guarded.session.classes.set(frame, seen, [0], "INCOME", save=True)
    guarded.session.classes.set(frame, seen, [1, 2], "CUSTOMER_ID", save=True)

    assert [v.entity for v in guarded.session.knowledge.classification(frame, seen)] == [
        "INCOME",
        "CUSTOMER_ID",
        "CUSTOMER_ID",
    ]


def shown(guarded, table) -> str:
    guarded.session.open_run("1", CellOptions(), "", execution_count=1, cell_id=None)
    answer = guarded.session.show(table, guarded.session.run_of("1"))
    guarded.session.close_run("1", "ok")
    return str(answer.native)


def test_a_masked_copy_is_not_masked_again(guarded, file) -> None:
    guarded.space["df"] = df = pd.read_csv(file)
    guarded.session.knowledge.learn()

    copy = pg.mask(df)

    columns = ["name", "income", "shelf"]
    assert shown(guarded, copy[columns].head(2)) == shown(guarded, df[columns].head(2))
    guarded.space["copy"] = copy
    assert shown(guarded, copy) == shown(guarded, df)


def test_what_is_put_into_a_masked_copy_is_masked(guarded, file) -> None:
    guarded.space["df"] = df = pd.read_csv(file)
    guarded.session.knowledge.learn()
    guarded.space["copy"] = copy = pg.mask(df)
    back = dict(zip(copy.name, df.name, strict=True))

    copy["email"] = df["email"]
    copy["name"] = copy.name.map(back)

    text = shown(guarded, copy.head())
    assert "person.3" not in text and "Kulkar" not in text


def test_a_copy_for_insiders_is_masked_again(guarded, file) -> None:
    guarded.space["df"] = df = pd.read_csv(file)
    guarded.session.knowledge.learn()
    guarded.space["copy"] = copy = pg.mask(df, tier="internal")

    assert "50123" not in shown(guarded, copy)
