"""`jupyter_privguard.mask` in a guarded notebook: what is known of tables holds for the copies too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.guard.columns.labels import short_handle
from jupyter_privguard.guard.sight import Sight
from jupyter_privguard.model import Tier
from tests.unit.guard.conftest import PEOPLE, Guarded

TABLE = {
    **PEOPLE,
    "customer_id": [10_001 + n for n in range(30)],
    "date_of_birth": [f"19{60 + n}-03-0{1 + n % 9}" for n in range(30)],
    "diagnosis": ["Asthma", "Diabetes", "Hypertension"] * 10,
    "day": ["mon", "tue"] * 15,
}
MADE: dict[str, Callable[[pd.DataFrame], Any]] = {
    "a part": lambda df: df[["name", "income"]].head(2),
    "renamed": lambda df: df[["name", "income"]].rename(columns={"name": "wer", "income": "was"}),
    "an index": lambda df: df.set_index("name")[["income"]],
    "an index that lost its name": lambda df: df.set_index("name")[["income"]].rename_axis(index=None),
    "groups": lambda df: df.groupby("name")["income"].sum(),
    "a pivot": lambda df: df.pivot_table(index="day", columns="name", values="income", aggfunc="sum"),
    "a pivot by a number": lambda df: df.pivot_table(index="day", columns="customer_id", values="income"),
    "a pivot without a name": lambda df: df.pivot_table(
        index="day", columns="name", values="income", aggfunc="sum"
    ).rename_axis(columns=None),
    "unstacked": lambda df: df.set_index(["day", "name"])[["income", "shelf"]].unstack(),
    "a cut of the unstacked": lambda df: df.set_index(["day", "name"])[["income", "shelf"]].unstack()[["income"]],
    "on its side": lambda df: df[["email", "name", "income", "customer_id"]].head(3).T,
    "on its side by name": lambda df: df.set_index("name")[["income", "shelf"]].head(3).T,
    "a row": lambda df: df.iloc[4],
    "a row by name": lambda df: df.set_index("name")[["email", "income"]].iloc[4],
    "a name over the columns": lambda df: df[["shelf"]].rename_axis(columns=PEOPLE["name"][3]),
    "a name over the rows": lambda df: df[["shelf"]].rename_axis(index=PEOPLE["name"][3]),
    "an index alone": lambda df: pd.Index(df["name"]),
    "levels alone": lambda df: pd.MultiIndex.from_frame(df[["day", "name"]]),
    "notes": lambda df: pd.DataFrame({"note": [f"called {name} twice" for name in df["name"]]}),
}
SECRETS = [
    *PEOPLE["name"],
    *PEOPLE["email"],
    *map(str, PEOPLE["income"]),
    *map(str, TABLE["customer_id"]),
]


def texts(table: Any) -> str:
    """All that stands in a table, in unused levels of its labels too."""
    frame = table.to_frame() if isinstance(table, (pd.Series, pd.Index)) else table
    parts = [frame.to_csv(), repr(table), repr(frame.columns.names), repr(frame.index.names)]
    for axis in (frame.index, frame.columns):
        levels = axis.levels if isinstance(axis, pd.MultiIndex) else [axis]
        parts += [str(value) for level in levels for value in level]
    return "\n".join(parts)


@pytest.fixture
def met(guarded: Guarded) -> Guarded:
    guarded.space["df"] = pd.DataFrame(TABLE)
    guarded.session.knowledge.learn()
    return guarded


def test_no_cell_label_or_name_is_anybodys_value(met: Guarded) -> None:
    for made, make in MADE.items():
        table = make(met.space["df"])
        before = table.copy()

        masked = pg.mask(table)

        left = texts(masked)
        assert [secret for secret in SECRETS if secret in left] == [], made
        assert type(masked) is type(table) and masked.shape == table.shape, made
        assert table.equals(before) and texts(table) == texts(before), made


@pytest.mark.parametrize("made", MADE)
def test_the_copy_is_shown_as_it_is(made: str, met: Guarded) -> None:
    masked = met.space["copy"] = pg.mask(MADE[made](met.space["df"]))

    shown = met.session.show(masked, None)

    assert shown is not None
    assert len(set(texts(shown.native).replace(",", " ").split())) >= min(
        3, len(set(texts(masked).replace(",", " ").split()))
    )
    again = pg.mask(masked)
    assert texts(again) == texts(masked)


def test_what_nobody_owns_keeps_its_labels(met: Guarded) -> None:
    df = met.space["df"]
    for table in (df.groupby("day").size(), df.pivot_table(index="day", columns="shelf", aggfunc="size"), df.isna().T):
        assert repr(pg.mask(table)) == repr(table)


def test_statistics_of_many_stay_exact_and_those_of_one_do_not(met: Guarded) -> None:
    df = met.space["df"]
    means, description = df.groupby("day")["income"].mean(), df[["income"]].describe()

    assert pg.mask(means).tolist() == means.tolist()
    masked = pg.mask(description)["income"]
    assert masked["mean"] == description["income"]["mean"] and masked["max"] != description["income"]["max"]


def test_a_policy_may_tighten_and_not_loosen_what_is_known(met: Guarded, tmp_path) -> None:
    stricter, looser = tmp_path / "s.yaml", tmp_path / "l.yaml"
    stricter.write_text("version: 1\nrules: [{entity: PERSON_NAME, public: redact}]\n")
    looser.write_text("version: 1\nrules: [{entity: PERSON_NAME, public: clear}]\n")
    pivot = MADE["a pivot"](met.space["df"])

    assert set(pg.mask(pivot, policy=str(stricter)).columns) == {"[redacted]"}
    assert list(pg.mask(pivot, policy=str(looser)).columns) == list(pg.mask(pivot).columns)


def test_statistics_of_fewer_than_the_policys_k_are_masked(met: Guarded, tmp_path) -> None:
    (tmp_path / "k.yaml").write_text("version: 1\nk: 20\n")
    means = met.space["df"].groupby("day")["income"].mean()  # of fifteen each

    assert pg.mask(means, policy=str(tmp_path / "k.yaml")).tolist() != means.tolist()


def test_a_policy_that_hides_more_hides_what_copies_show_too(met: Guarded, tmp_path) -> None:
    copy = met.space["copy"] = pg.mask(met.space["df"])
    row = copy.iloc[3]
    met.session.knowledge.learn()
    (tmp_path / "s.yaml").write_text("version: 1\nrules: [{entity: PERSON_NAME, public: redact}]\n")

    met.session.knowledge.use(runtime.policy(tmp_path / "s.yaml"))

    for table in (copy, copy.head(2), row):
        shown = met.session.show(table, None)
        assert shown is not None and "[redacted]" in texts(shown.native)
        assert not [name for name in copy["name"] if name[4:16] in texts(shown.native)]


# --- copies for other tiers --------------------------------------------------------------------


def test_a_copy_for_inside_shows_its_handles_and_hides_what_the_public_may_not_see(met: Guarded) -> None:
    copy = met.space["copy"] = pg.mask(met.space["df"], tier="internal")
    sealed, tokens = copy["name"].tolist(), copy["diagnosis"].tolist()
    assert sealed[0].startswith("enc:") and tokens[0].startswith("tok:")
    assert copy["date_of_birth"].tolist() == TABLE["date_of_birth"]

    shown = met.session.show(copy, None)

    assert shown is not None
    public = shown.native
    handles = public["name"].tolist()
    assert all(len(handle) == 12 and handle.startswith("enc_") for handle in handles) and len(set(handles)) == 30
    assert public["email"].str.startswith("enc_").all()
    assert public["customer_id"].str.startswith("enc_").all()
    assert set(public["diagnosis"]) == {"[redacted]"}
    assert public["date_of_birth"].tolist() == [text[:4] for text in TABLE["date_of_birth"]]


def test_inside_it_is_as_it_was_made(met: Guarded) -> None:
    copy = met.space["copy"] = pg.mask(met.space["df"], tier="internal")
    met.session.knowledge.learn()

    inside = met.session._shower.masked_copy(copy, Sight.of(Tier.INTERNAL))
    again = pg.mask(copy, tier="internal")

    assert inside is not None
    assert inside.native["diagnosis"].str.startswith("tok_").all() and inside.native["diagnosis"].nunique() == 3
    assert inside.native["date_of_birth"].tolist() == TABLE["date_of_birth"]
    assert again.equals(copy)


@pytest.mark.parametrize("part", ["head", "two columns", "on its side", "a row"])
def test_parts_and_rows_of_such_a_copy_are_shown_so_too(part: str, met: Guarded) -> None:
    copy = met.space["copy"] = pg.mask(met.space["df"], tier="internal")
    met.session.knowledge.learn()
    table = {
        "head": copy.head(3),
        "two columns": copy[["name", "diagnosis"]].tail(2),
        "on its side": copy.head(2).T,
        "a row": copy.iloc[3],
    }[part]

    shown = met.session.show(table, None)

    assert shown is not None
    text = texts(shown.native)
    assert not [date for date in TABLE["date_of_birth"] if date in text]
    assert "enc" in text and "tok" not in text
    if part in ("head", "two columns"):
        assert "enc:" not in text


def test_a_table_that_looks_like_a_copy_is_none(met: Guarded) -> None:
    pg.mask(met.space["df"], tier="internal")
    other = pd.DataFrame({"name": ["Zebulon Quartermain", "Ottoline Featherstone"], "diagnosis": ["Asthma", "Gout"]})

    shown = met.session.show(other, None)

    assert shown is not None and "Zebulon" not in texts(shown.native) and "Gout" not in texts(shown.native)


def test_labels_of_a_copy_are_short_on_a_screen(met: Guarded) -> None:
    copy = met.space["copy"] = pg.mask(MADE["a pivot"](met.space["df"]))

    shown = met.session.show(copy, None)

    assert shown is not None
    labels = list(shown.native.columns)
    assert all(label.startswith("tok_") for label in labels) and len(set(labels)) == 30


@pytest.mark.parametrize("made", ["renamed", "two levels"])
def test_a_part_of_the_copy_of_a_table_that_is_gone_has_the_handles_of_the_copy(made: str, met: Guarded) -> None:
    def make(df: pd.DataFrame) -> pd.DataFrame:
        if made == "renamed":
            return df.rename(columns={"name": "q"})
        return df.set_index(["name", "email"])[["shelf"]]

    copy = met.space["copy"] = pg.mask(make(met.space["df"]))
    met.session.knowledge.learn()

    shown = met.session.show(copy[["q"]].head(2) if made == "renamed" else copy.head(2), None)

    assert shown is not None
    handles = set(map(short_handle, texts(copy).replace(",", " ").split()))
    assert {word for word in texts(shown.native).replace(",", " ").split() if word.startswith("tok_")} <= handles
