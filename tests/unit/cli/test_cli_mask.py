"""``privguard mask``: what it writes, says, logs and refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jupyter_privguard import runtime
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.errors import LogUnavailable
from jupyter_privguard.guard.files import masking
from jupyter_privguard.settings import account_name
from tests.command_line import Run

SECRET = "alice.secret@corp.example"


@pytest.fixture(autouse=True)
def folder(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    mails = [SECRET, *(f"user{n}@mail{n}.example" for n in range(29))]
    frame = pd.DataFrame({"email": mails, "amount": range(100, 130), "note": ["=1+1", "@x", "ok"] * 10})
    frame.to_csv(tmp_path / "people.csv", index=False)
    return tmp_path


@pytest.fixture
def run(privguard: Run) -> Run:
    """``privguard mask`` that never shows a value or a traceback."""

    def checked(*args: str) -> tuple[object, str, str]:
        code, out, err = privguard("mask", *args)
        assert SECRET not in out + err and "Traceback" not in err
        return code, out, err

    return checked


def events(folder: Path) -> list[dict[str, Any]]:
    return list(LogReader.open(folder / "home" / "log", None).events())


@pytest.mark.parametrize("name", ["out.csv", "out.tsv", "out.parquet"])
def test_a_masked_copy_is_written_and_counted(name: str, folder: Path, run: Run) -> None:
    before = (folder / "people.csv").read_bytes()

    code, out, err = run("people.csv", "-o", name)

    said = err.splitlines()[-1]
    assert (code, out) == (0, "") and "30 rows" in said and "EMAIL_ADDRESS 30" in said
    assert SECRET.encode() not in (folder / name).read_bytes()
    assert (folder / name).stat().st_mode & 0o777 == 0o600
    assert (folder / "people.csv").read_bytes() == before
    read = pd.read_parquet(name) if name.endswith("parquet") else pd.read_csv(name, sep="\t" if "tsv" in name else ",")
    assert list(read.columns) == ["email", "amount", "note"] and read["amount"].tolist() == list(range(100, 130))
    if not name.endswith("parquet"):
        assert read["note"].tolist()[:3] == ["'=1+1", "'@x", "ok"]


def test_the_access_is_logged_before_the_copy_exists(folder: Path, run: Run) -> None:
    run("people.csv", "-o", "out.csv", "--tier", "internal")

    (last,) = [event for event in events(folder) if event["action"] == "data.load"]
    assert last["tier"] == "internal" and last["masked"] == {"EMAIL_ADDRESS": 30}
    assert last["dataset"]["name"] == "people" and last["dataset"]["rows"] == 30
    assert last["sinks"] == [{"kind": "file", "target": "out.csv"}]
    assert SECRET not in str(last)


def test_what_cannot_be_logged_is_not_written(folder: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise LogUnavailable("privguard: the log cannot be written.")

    monkeypatch.setattr("jupyter_privguard.runtime.events.open_log", full)

    assert run("people.csv", "-o", "out.csv")[0] == 3
    assert not (folder / "out.csv").exists()


@pytest.mark.parametrize("out", ["people.csv", "./people.csv", "link.csv"])
def test_the_input_is_never_the_output(out: str, folder: Path, run: Run) -> None:
    (folder / "link.csv").symlink_to("people.csv")
    before = (folder / "people.csv").read_bytes()

    code, _, err = run("people.csv", "-o", out)

    assert code == 3 and "is the input itself" in err and (folder / "people.csv").read_bytes() == before


def test_a_tier_is_asked_for_never_taken(folder: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    code, _, err = run("people.csv", "-o", "out.csv", "--tier", "compliance", "--reason", "r")
    assert (
        code == 3 and err.startswith("privguard: tier compliance is not granted") and not (folder / "out.csv").exists()
    )
    assert [(e["outcome"], e["tier"]) for e in events(folder) if e["action"] == "data.load"] == [
        ("refused", "compliance")
    ]

    grant = f"roles: {{c: {{tiers: [compliance]}}}}\nprincipals: {{{account_name()}: {{roles: [c]}}}}\n"
    (folder / "p.yaml").write_text("version: 1\n" + grant)
    monkeypatch.setenv("PRIVGUARD_POLICY", "p.yaml")
    assert "needs a reason" in run("people.csv", "-o", "out.csv", "--tier", "compliance")[2]
    assert run("people.csv", "-o", "out.csv", "--tier", "compliance", "--reason", f"ask {SECRET}")[0] == 0
    assert SECRET in (folder / "out.csv").read_text() and SECRET not in str(events(folder))


@pytest.mark.parametrize(
    "args",
    [
        ("nope.csv", "-o", "out.csv"),
        ("people.csv", "-o", "out.xlsx"),
        ("people.csv", "-o", "no/folder/out.csv"),
        ("people.csv", "-o", "home.csv"),
        ("ragged.csv", "-o", "out.csv"),
        ("people.csv",),
        ("people.csv", "-o", "out.csv", "--tier", "secret"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_half_written(args: tuple[str, ...], folder: Path, run: Run) -> None:
    (folder / "ragged.csv").write_text(f"a,b\n{SECRET}\n")
    (folder / "home.csv").mkdir()
    before = sorted(path.name for path in folder.iterdir())

    code, out, err = run(*args)

    assert (code, out) == (3, "") and err.startswith("privguard: ") and err.count("\n") == 1
    assert sorted(path.name for path in folder.iterdir()) == before


def test_an_unusable_policy_stops_before_anything_is_read(folder: Path, monkeypatch: Any, run: Run) -> None:
    monkeypatch.setenv("PRIVGUARD_POLICY", "nope.yaml")

    assert run("people.csv", "-o", "out.csv")[0] == 3
    assert not (folder / "out.csv").exists() and not (folder / "home").exists()


def test_random_surrogates_are_drawn_once_kept_sealed_and_can_be_looked_up(
    folder: Path, run: Run, privguard: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "policy.yaml").write_text(
        f"version: 1\nsurrogates: random\nprincipals:\n  {account_name()}: {{roles: [officer]}}\n"
        "roles:\n  officer: {tiers: [public, internal, compliance], reveal: true}\n"
        "rules:\n  - {entity: EMAIL_ADDRESS, public: surrogate, internal: encrypt, compliance: clear}\n"
    )
    monkeypatch.setenv("PRIVGUARD_POLICY", str(folder / "policy.yaml"))

    drawn = []
    for name in ("one.csv", "two.csv"):
        assert run("people.csv", "-o", name)[0] == 0
        drawn.append(pd.read_csv(name)["email"].tolist())

    assert drawn[0] == drawn[1] and len(set(drawn[0])) == 30
    assert all(re.fullmatch("sur_[0-9a-f]{32}", one) for one in drawn[0])
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in (folder / "home").rglob("*") if path.is_file())
    code, out, _ = privguard("reveal", drawn[0][0], "--reason", "ticket")
    assert (code, out.strip()) == (0, SECRET)


def test_of_too_many_handles_it_is_said_which_can_still_be_looked_up(
    folder: Path, run: Run, privguard: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "policy.yaml").write_text(
        f"version: 1\nprincipals:\n  {account_name()}: {{roles: [officer]}}\n"
        "roles:\n  officer: {tiers: [public, internal], reveal: true}\n"
        "rules:\n  - {entity: EMAIL_ADDRESS, public: token, internal: encrypt, compliance: clear}\n"
    )
    monkeypatch.setenv("PRIVGUARD_POLICY", str(folder / "policy.yaml"))
    monkeypatch.setattr(masking, "_MOST_HANDLES", 29)

    said, looked_up = [], []
    for tier in ("public", "internal"):
        said.append(run("people.csv", "-o", f"{tier}.csv", "--tier", tier)[2])
        handle = pd.read_csv(f"{tier}.csv")["email"][0]
        looked_up.append(privguard("reveal", handle, "--reason", "ticket")[:2])

    assert all("opens what begins with enc:siv256 or sur_, and no token" in text for text in said)
    assert looked_up == [(3, ""), (0, f"{SECRET}\n")]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("customer_id,date_of_birth\nC-{n:05d},1980-03-{day}\n", "where `customer_id` is the same"),
        ("customer_id,date_of_birth\nC-{n:05d},03/04/1980\n", "`date_of_birth` make sense day first and month first"),
        ("date_of_birth,amount\n1980-03-{day},{n}\n", "`date_of_birth` should be shifted, but no column tells whose"),
    ],
)
def test_it_is_said_whose_dates_were_shifted_and_what_was_not(
    table: str, said: str, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "policy.yaml").write_text("version: 1\nrules: [{entity: DATE_OF_BIRTH, public: shift}]\n")
    monkeypatch.setenv("PRIVGUARD_POLICY", str(folder / "policy.yaml"))
    head, row = table.split("\n", 1)
    (folder / "t.csv").write_text(head + "\n" + "".join(row.format(n=n, day=10 + n % 15) for n in range(40)))

    code, _, err = run("t.csv", "-o", "out.csv")

    assert code == 0 and said in err and "1980" not in err
    before, after = (pd.read_csv(folder / name, dtype=str)["date_of_birth"] for name in ("t.csv", "out.csv"))
    assert (before != after).all()


def test_nothing_is_said_of_dates_that_nobody_shifts(run: Run) -> None:
    assert "shifted" not in run("people.csv", "-o", "out.csv")[2]


def test_a_column_that_keeps_an_older_domain_than_the_policy_names_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, run: Run, privguard: Run
) -> None:
    run("people.csv", "-o", "before.csv")
    (folder / "policy.yaml").write_text("version: 1\ndomains: {contact: [people.email, visits.mail]}\n")
    monkeypatch.setenv("PRIVGUARD_POLICY", str(folder / "policy.yaml"))

    said = run("people.csv", "-o", "after.csv")[2]
    assert privguard("keys", "rotate")[0] == 0
    anew = run("people.csv", "-o", "anew.csv")[2]

    assert (
        "privguard: the handles of `email` stay apart from the other columns of domain `contact`, for some were made "
        "before; `privguard keys rotate` begins anew for all."
    ) in said.splitlines()
    assert "contact" not in anew


def test_a_passphrase_is_asked_for_before_the_bar_is_drawn(folder: Path, run: Run, monkeypatch: Any) -> None:
    order: list[str] = []
    monkeypatch.setattr("jupyter_privguard.cli.progress.long_work", lambda what: _noted(order))
    run("people.csv", "-o", "first.csv")
    keyring = runtime.keyring
    monkeypatch.setattr("jupyter_privguard.runtime.keyring", lambda home: order.append("keys") or keyring(home))
    order.clear()

    run("people.csv", "-o", "out.csv")

    assert order == ["keys", "bar"]


@contextmanager
def _noted(order: list[str]) -> Iterator[Callable[[float], None]]:
    order.append("bar")
    yield lambda share: None
