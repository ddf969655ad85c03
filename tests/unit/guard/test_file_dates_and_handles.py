"""Files in chunks: dates are read one way from beginning to end, and handles are kept or not as a whole."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from jupyter_privguard.frames import view
from jupyter_privguard.guard.columns.assess import assess, mask_table
from jupyter_privguard.guard.columns.pins import DomainPins
from jupyter_privguard.guard.files import masking as file_masking
from jupyter_privguard.guard.files.masking import MaskedFile, mask_file
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.keys.surrogates import SealedSurrogates
from jupyter_privguard.keys.vault import Vault
from jupyter_privguard.model import Tier
from jupyter_privguard.policy.load import built_in, load
from jupyter_privguard.policy.rules import Policy

SHIFT = "rules: [{entity: DATE_OF_BIRTH, public: shift}]\n"
VISITS = 'datasets: {"visits*": {columns: {mrn: MEDICAL_RECORD_NUMBER, come: DATE_OF_BIRTH, gone: DATE_OF_BIRTH}}}\n'
DAY, MONTH = "%d/%m/%Y", "%m/%d/%Y"


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/00000000")


@pytest.fixture
def policy(tmp_path: Path) -> Callable[[str], Policy]:
    def written(text: str) -> Policy:
        (tmp_path / "p.yaml").write_text(f"version: 1\n{text}", encoding="utf-8")
        return load(None, tmp_path / "p.yaml", user_can_write=lambda _: True)

    return written


def visits(file: Path, come: list[str], gone: list[str] | None = None) -> Path:
    rows = [f"M-{n % 7:06d},{day},{(gone or come)[n]}" for n, day in enumerate(come)]
    file.write_text("\n".join(["mrn,come,gone", *rows]) + "\n")
    return file


def mask(file: Path, in_force: Policy, ring: KeyRing, *, block: int = 4000) -> MaskedFile:
    pins = file.parent / "domains.json"
    return mask_file(
        str(file),
        str(file.with_name("out.csv")),
        tier=Tier.PUBLIC,
        policy=in_force,
        keys=lambda: ring,
        pins=lambda keyring: DomainPins(pins, keyring),
        dataset="visits",
        ready=lambda found: None,
        block=block,
    )


def days_apart(file: Path, form: str, column: str = "come") -> list[int]:
    """How far each date of a column was moved, if it was written in ``form``."""
    before, after = (pd.read_csv(one, dtype=str)[column] for one in (file, file.with_name("out.csv")))
    moved = zip(before, after, strict=True)
    return [(_day(new, form) - _day(old, form)).days for old, new in moved]


def _day(text: str, form: str) -> datetime.datetime:
    return datetime.datetime.strptime(text, form)


@pytest.mark.parametrize("form", [DAY, MONTH])
def test_one_date_in_the_last_chunk_tells_how_all_others_are_read(form: str, tmp_path: Path, policy, ring) -> None:
    days = [datetime.date(2021, 1 + n % 12, 1 + n % 11) for n in range(999)] + [datetime.date(2021, 3, 30)]
    file = visits(tmp_path / "visits.csv", [day.strftime(form) for day in days])

    found = mask(file, policy(SHIFT + VISITS), ring, block=1000)

    moves = days_apart(file, form)
    assert all(len(set(moves[who::7])) == 1 for who in range(7)) and len(set(moves)) > 3
    assert found.shifted_by == "mrn" and found.unshifted == found.guessed == ()


def test_a_frame_is_read_like_the_file_and_so_is_a_part_of_it(tmp_path: Path, policy, ring) -> None:
    texts = ["03/04/2021"] * 60 + ["03/30/2021"]
    in_force = policy(SHIFT + VISITS)
    file = visits(tmp_path / "visits.csv", texts)
    mask(file, in_force, ring, block=100)
    frame = pd.read_csv(file)
    whole = assess(view(frame), policy=in_force, dataset="visits")  # type: ignore[arg-type]

    part = mask_table(
        view(frame.head(5)),  # type: ignore[arg-type]
        tier=Tier.PUBLIC, policy=in_force, keyring=ring, classification=whole,
    ).native  # fmt: skip

    assert list(part["come"]) == list(pd.read_csv(file.with_name("out.csv"))["come"][:5])


@pytest.mark.parametrize("order", ["told first", "told later"])
def test_a_later_file_that_does_not_tell_is_read_like_the_one_that_told(order: str, tmp_path, policy, ring) -> None:
    in_force, unsure = policy(SHIFT + VISITS), ["03/04/2021"] * 30
    if order == "told first":
        mask(visits(tmp_path / "visits.csv", ["03/30/2021"] * 30), in_force, ring)
    else:
        # Nothing is known yet: the day comes first, and that is not held against what tells better.
        found = mask(visits(tmp_path / "visits.csv", unsure), in_force, ring)
        assert found.guessed == ("come", "gone") and len(set(days_apart(tmp_path / "visits.csv", DAY))) > 1
        mask(visits(tmp_path / "visits.csv", ["03/30/2021"] * 30), in_force, ring)

    file = visits(tmp_path / "visits.csv", unsure)
    assert mask(file, in_force, ring).guessed == ()

    moves = days_apart(file, MONTH)
    assert all(len(set(moves[who::7])) == 1 for who in range(7))
    assert "03/04" not in (tmp_path / "domains.json").read_text()


def _masked_visits(folder: Path, come: list[str], in_force: Policy, ring: KeyRing) -> Path:
    file = visits(folder / "visits.csv", come)
    mask(file, in_force, ring)
    return file


def test_what_a_file_tells_itself_goes_before_what_is_known_of_others(tmp_path: Path, policy, ring) -> None:
    in_force = policy(SHIFT + VISITS)
    mask(visits(tmp_path / "visits.csv", ["03/30/2021"] * 30), in_force, ring)

    file = _masked_visits(tmp_path, ["30/03/2021", "03/04/2021"] * 15, in_force, ring)

    moves = days_apart(file, DAY)
    assert all(len(set(moves[who::7])) == 1 for who in range(7))


def test_a_column_that_does_not_tell_follows_the_other_dates_of_its_table(tmp_path: Path, policy, ring) -> None:
    file = visits(tmp_path / "visits.csv", ["03/04/2021"] * 30, ["03/30/2021"] * 30)

    mask(file, policy(SHIFT + VISITS), ring)

    assert days_apart(file, MONTH, "come") == days_apart(file, MONTH, "gone")


def test_dates_of_a_table_without_persons_are_withheld_and_named(tmp_path: Path, policy, ring) -> None:
    file = tmp_path / "visits.csv"
    file.write_text("come,n\n" + "2021-03-04,1\n" * 30)

    found = mask(file, policy(SHIFT + VISITS), ring)

    assert set(pd.read_csv(tmp_path / "out.csv")["come"]) == {"[redacted]"}
    assert found.shifted_by is None and found.unshifted == ("come",)


# --- handles -----------------------------------------------------------------------------------


def emails(folder: Path, rows: int, different: int) -> Path:
    file = folder / "visits.csv"
    file.write_text("username\n" + "".join(f"user.name{n % different}\n" for n in range(rows)))
    return file


NAMES = 'datasets: {"visits*": {columns: {username: USERNAME}}}\n'


def test_few_handles_in_very_many_cells_are_kept(tmp_path: Path, policy, ring, monkeypatch) -> None:
    monkeypatch.setattr(file_masking, "_MOST_HANDLES", 50)
    ring.vault = Vault(tmp_path / "vault", ring)

    found = mask(emails(tmp_path, 5000, 50), policy(NAMES), ring)

    assert found.has_handles
    handle = ring.digest("USERNAME", [b"user.name49"])[0]
    assert [kept.value for kept in Vault(tmp_path / "vault", ring).find(handle)] == ["user.name49"]


def test_of_too_many_handles_none_is_kept_even_of_the_first_chunks(tmp_path, policy, ring, monkeypatch) -> None:
    monkeypatch.setattr(file_masking, "_MOST_HANDLES", 49)
    monkeypatch.setattr(file_masking, "_FLUSHED_AFTER", 10)
    ring.vault = Vault(tmp_path / "vault", ring)

    found = mask(emails(tmp_path, 1000, 50), policy(NAMES), ring, block=100)

    assert not found.has_handles and not (tmp_path / "vault").exists()


def test_handles_of_a_copy_that_was_not_written_are_not_kept(tmp_path: Path, policy, ring) -> None:
    ring.vault = Vault(tmp_path / "vault", ring)
    with pytest.raises(RuntimeError):
        mask_file(
            str(emails(tmp_path, 500, 50)), str(tmp_path / "out.csv"), tier=Tier.PUBLIC, policy=policy(NAMES),
            keys=lambda: ring, dataset="visits", ready=lambda found: None, block=1000, progress=_stopped,
        )  # fmt: skip

    assert not (tmp_path / "vault").exists() and not (tmp_path / "out.csv").exists()


def _stopped(share: float) -> None:
    if share > 0.5:
        raise RuntimeError


def test_random_surrogates_lead_back_however_many_there_are(tmp_path: Path, policy, ring, monkeypatch) -> None:
    monkeypatch.setattr(file_masking, "_MOST_HANDLES", 5)
    ring.vault = Vault(tmp_path / "vault", ring)
    ring.surrogates = SealedSurrogates(tmp_path / "table", ring)
    rules = "surrogates: random\nrules: [{entity: USERNAME, public: surrogate}]\n"

    mask(emails(tmp_path, 300, 60), policy(NAMES + rules), ring, block=1000)

    drawn = pd.read_csv(tmp_path / "out.csv")["username"]
    assert drawn.nunique() == 60
    found = Vault(tmp_path / "vault", ring).find(bytes.fromhex(drawn[299].removeprefix("sur_")))
    assert [kept.value for kept in found] == ["user.name59"]


def test_the_built_in_policy_shifts_nothing_and_looks_for_no_order() -> None:
    frame = pd.DataFrame({"birth date": ["03/30/2021"] * 5})

    found = assess(view(frame), policy=built_in())  # type: ignore[arg-type]

    assert found[0].month_first is None
