"""A word is stored, logged and in force as one: or nothing of it is; and it holds outside of sessions too."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pandas as pd
import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.cli.main import main
from jupyter_privguard.errors import LogUnavailable, StateError
from jupyter_privguard.frames import view
from jupyter_privguard.guard.texts.known import KnownValues
from jupyter_privguard.notebook import set_command
from tests.unit.guard.conftest import PEOPLE, opened


def changes() -> list[dict]:
    return [event for event in runtime.log_reader().events() if event["action"] == "class.change"]


@pytest.fixture
def year(tmp_path: Path) -> Path:
    path = tmp_path / "people.2024.csv"
    pd.DataFrame(PEOPLE).to_csv(path, index=False)
    return path


def command(*args: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(arg) for arg in args])
    return int(left.value.code or 0)


def test_a_masked_file_follows_what_was_said_of_it_in_a_notebook(guarded, year, tmp_path, capsys) -> None:
    guarded.space["df"] = pd.read_csv(year)
    guarded.set("df", "shelf", "CUSTOMER_ID", save=True)
    guarded.set("df", "email", "NONE", save=True)
    guarded.session.close()
    other = tmp_path / "elsewhere"
    other.mkdir()
    pd.DataFrame(PEOPLE).to_csv(other / "people.2025.csv", index=False)

    assert command("mask", year, "-o", tmp_path / "a.csv") == 0
    assert command("mask", other / "people.2025.csv", "-o", tmp_path / "b.csv") == 0

    one, two = pd.read_csv(tmp_path / "a.csv"), pd.read_csv(tmp_path / "b.csv")
    assert list(one.email) == PEOPLE["email"] and one.shelf.str.startswith("tok:").all()
    assert not set(two.email) & set(PEOPLE["email"]) and two.shelf.str.startswith("tok:").all()
    applied = [(e["column"], e["after"], e["direction"], e["said"] is not None) for e in changes()]
    assert applied[2:] == [
        ("email", "NONE", "lower", True),
        ("shelf", "CUSTOMER_ID", "raise", True),
        ("shelf", "CUSTOMER_ID", "raise", True),
    ]
    capsys.readouterr()
    assert command("classify", year, "--format", "json") == 0
    found = {c["column"]: c["entity"] for c in json.loads(capsys.readouterr().out)["columns"]}
    assert (found["email"], found["shelf"]) == ("NONE", "CUSTOMER_ID")


def test_a_word_that_cannot_be_logged_leaves_no_masked_file(guarded, year, tmp_path, monkeypatch, capsys) -> None:
    guarded.space["df"] = pd.read_csv(year)
    guarded.set("df", "email", "NONE", save=True)
    guarded.session.close()

    def refuses(*args: object, **kwargs: object) -> None:
        raise LogUnavailable("privguard: the log is full.")

    monkeypatch.setattr("jupyter_privguard.runtime.tables.open_log", refuses)

    assert command("mask", year, "-o", tmp_path / "a.csv") != 0
    assert not (tmp_path / "a.csv").exists()


@pytest.mark.parametrize("error", [LogUnavailable("privguard: the log is full."), KeyboardInterrupt()])
def test_what_the_log_refuses_is_neither_stored_nor_in_force(guarded, file, monkeypatch, error) -> None:
    guarded.space["df"] = df = pd.read_csv(file)
    guarded.set("df", "email", "CREDENTIAL", save=True)
    file_of_words = runtime.home().root / "overrides.json"
    saved = json.loads(file_of_words.read_bytes())["overrides"]

    def refuses(*args: object, **kwargs: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(guarded.session, "record", refuses)
        with pytest.raises(type(error)):
            guarded.set("df", "email", "NONE", save=True)
        with pytest.raises(type(error)):
            guarded.off("df", "email")

    assert json.loads(file_of_words.read_bytes())["overrides"] == saved
    assert guarded.entity(df, "email") == "CREDENTIAL"


def test_what_cannot_be_stored_is_one_event(guarded, file, monkeypatch) -> None:
    guarded.space["df"] = df = pd.read_csv(file)

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jupyter_privguard.guard.overrides.saved.write_atomically", full)

    with pytest.raises(StateError, match="No space left"):
        guarded.session.classes.set(df, view(df), [0], "NONE", save=True)

    assert guarded.entity(df, "email") == "EMAIL_ADDRESS"
    assert [(e["outcome"], e["after"]) for e in changes()] == [("error", "NONE")]


def test_each_word_is_logged_when_it_is_applied_and_again_after_it_was_changed(guarded, file) -> None:
    guarded.space["df"] = pd.read_csv(file)
    guarded.set("df", "shelf", "CUSTOMER_ID", save=True)
    second = opened()
    table = pd.read_csv(file)
    second.knowledge.loaded(table, str(file))
    second.watch_namespace({"t": table})
    for entity in ("CUSTOMER_ID", "CREDENTIAL"):
        guarded.set("df", "shelf", entity, save=True)
        second.classes.renew()
        second.knowledge.learn()
        second.classes.note_applied()
        second.classes.note_applied()
    second.close()

    assert [(e["before"], e["after"]) for e in changes() if e["said"]] == [
        ("NONE", "CUSTOMER_ID"),
        ("NONE", "CREDENTIAL"),
    ]


def test_what_another_session_takes_back_is_hidden_here_in_old_texts_too(guarded, file) -> None:
    guarded.space["df"] = df = pd.read_csv(file)
    guarded.set("df", "email", "NONE", save=True)
    second = opened()
    table = pd.read_csv(file)
    second.watch_namespace({"t": table})
    second.knowledge.loaded(table, str(file))
    second.classes.take_back(table, view(table), [0])
    second.close()
    assert guarded.entity(df, "email") == "NONE", "not before it asks"

    guarded.session.classes.renew()

    assert guarded.entity(df, "email") == "EMAIL_ADDRESS" and guarded.knows("person.3@corp.example")
    assert "person.3@" not in guarded.session.clean("to person.3@corp.example", None)


def test_an_interrupt_while_values_are_judged_anew_loses_none(monkeypatch) -> None:
    known = KnownValues()
    known.learn("EMAIL_ADDRESS", PEOPLE["email"], column="a")
    known.learn("PERSON_NAME", PEOPLE["name"], column="b")
    before = [str(hit) for value in (*PEOPLE["email"], *PEOPLE["name"]) for hit in known.find(value)]

    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("jupyter_privguard.guard.texts.known_index.Index._learn_one", interrupted)
        with pytest.raises(KeyboardInterrupt):
            known.judge("a", None)

    assert [str(hit) for value in (*PEOPLE["email"], *PEOPLE["name"]) for hit in known.find(value)] == before


@pytest.mark.parametrize("name", ["learn", "remember"])
def test_an_interrupt_while_a_table_is_learned_only_puts_it_off(guarded, monkeypatch, name) -> None:
    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"jupyter_privguard.guard.columns.learning.Learning.{name}", interrupted)
        pd.DataFrame(PEOPLE)  # in no variable
        with pytest.raises(KeyboardInterrupt):
            guarded.session.knowledge.learn()

    assert guarded.knows("person.3@corp.example")


def test_an_interrupt_while_a_word_comes_into_force_loses_nothing(guarded, file, monkeypatch) -> None:
    guarded.space["df"] = df = pd.read_csv(file)
    guarded.space["other"] = pd.DataFrame({"email": [f"else.{n}@corp.example" for n in range(30)]})
    guarded.session.knowledge.learn()

    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("jupyter_privguard.guard.columns.learning.Learning.learn", interrupted)
        with pytest.raises(KeyboardInterrupt):
            guarded.set("df", "shelf", "CUSTOMER_ID")

    assert guarded.entity(df, "shelf") == "CUSTOMER_ID" and guarded.knows("QX-77123")
    assert guarded.knows("else.3@corp.example") and guarded.knows("person.3@corp.example")
    assert guarded.entity(df.head(), "email") == "EMAIL_ADDRESS"


class _Lock:
    """Counts who enters."""

    def __init__(self) -> None:
        self.entered = 0
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self.entered += 1
        self._lock.acquire()

    def __exit__(self, *args: object) -> None:
        self._lock.release()


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s.with_renderings("text", None),
        lambda s: s.forget_texts(),
        lambda s: s.safe("text"),
        lambda s: s.record("alert"),
        lambda s: s.run_of(None),
        lambda s: s.open_runs(),
        lambda s: s.classes.renew(),
        lambda s: set_command.run(s, s.knowledge.names.namespace, ["df.shelf", "NONE"]),
    ],
)
def test_what_threads_share_is_looked_at_under_the_lock(guarded, monkeypatch, act) -> None:
    lock = _Lock()
    monkeypatch.setattr(guarded.session, "_lock", lock)
    guarded.space["df"] = pd.DataFrame(PEOPLE)

    act(guarded.session)

    assert lock.entered


def test_what_a_stored_word_says_of_its_author_is_no_value_and_not_long(guarded, file) -> None:
    guarded.space["df"] = df = pd.read_csv(file)
    guarded.set("df", "shelf", "CUSTOMER_ID", save=True)
    place = runtime.home().root / "overrides.json"
    place.write_text(
        place.read_text().replace(f'"by":"{guarded.session.principal.id}"', f'"by":"{"a@b.example " * 99}"')
    )

    guarded.session.classes.renew()

    found = next(v for v in guarded.session.knowledge.classification(df, view(df)) if v.column == "shelf")
    assert "a@b.example" not in str(found.evidence) and len(found.evidence[0]) < 300
    assert sum("override" in reason for reason in found.evidence) == 1
    guarded.session.close()
    outside = next(v for v in pg.classify(df, name="customers") if v.column == "shelf")
    assert outside.entity == "CUSTOMER_ID" and "a@b.example" not in str(outside.evidence)


def test_evidence_does_not_grow_with_each_word(guarded, file) -> None:
    guarded.space["df"] = df = pd.read_csv(file)
    for entity in ("CUSTOMER_ID", "CREDENTIAL", "CUSTOMER_ID", "CREDENTIAL"):
        guarded.set("df", "shelf", entity)
    guarded.entity(pd.read_csv(file).head(), "shelf")

    for table in (df, df.head(), df.assign(extra=1)):
        guarded.entity(table, "shelf")
        found = next(v for v in guarded.session.knowledge.classification(table, view(table)) if v.column == "shelf")
        assert sum("override" in reason for reason in found.evidence) == 1, found.evidence
    assert next(v for v in pg.classify(df) if v.column == "shelf").entity == "CREDENTIAL"


def test_what_was_found_in_a_table_is_found_once(guarded, file, monkeypatch) -> None:
    looked = []
    from jupyter_privguard.guard.columns import assessing

    original = assessing.assess
    monkeypatch.setattr(assessing, "assess", lambda *a, **k: looked.append(1) or original(*a, **k))
    guarded.space["df"] = pd.read_csv(file)
    guarded.space["other"] = pd.DataFrame({"email": PEOPLE["email"]})
    guarded.session.knowledge.learn()
    guarded.set("df", "shelf", "CUSTOMER_ID")
    before = len(looked)

    guarded.set("df", "email", "NONE")
    guarded.off("df", "email")

    assert len(looked) == before
