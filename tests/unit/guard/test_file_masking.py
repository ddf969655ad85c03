"""A masked copy made in chunks is the one that is made at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jupyter_privguard.frames import read_table
from jupyter_privguard.frames.streaming import write_table
from jupyter_privguard.guard.columns.assess import assess, mask_table
from jupyter_privguard.guard.files import masking as file_masking
from jupyter_privguard.guard.files.masking import MaskedFile, mask_file
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.keys.vault import Vault
from jupyter_privguard.model import Tier
from jupyter_privguard.policy.load import built_in

RING = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/test")
BLOCK = 4000


def mask(path: Path, out: Path, *, tier: Tier = Tier.PUBLIC, ring: KeyRing = RING, block: int = BLOCK) -> MaskedFile:
    return mask_file(
        str(path), str(out), tier=tier, policy=built_in(), keys=lambda: ring, ready=lambda found: None, block=block
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the table in both forms."""
    folder = tmp_path_factory.mktemp("people")
    rows = 1200
    frame = pd.DataFrame(
        {
            "customer_id": [f"{n:06d}" for n in range(rows)],
            "name": [
                f"{('Asha', 'John', 'Maria')[n % 3]} {('Patel', 'Smith', 'Rossi', 'Kim')[n % 4]}" for n in range(rows)
            ],
            # Of one domain there are two addresses in all, of the other an address here and there.
            "email": [
                f"u{n}@{'rare' if n in (3, 900) else 'shared'}.example"
                if n % 100 == 3 or n == 900
                else f"u{n}@gmail.com"
                for n in range(rows)
            ],
            "age": [None if n % 7 == 0 else 20 + n % 60 for n in range(rows)],
            "postcode": [f"{n:05d}" for n in range(rows)],
            "balance": [round(n * 17.31, 2) for n in range(rows)],
            "churn": [n % 5 == 0 for n in range(rows)],
            "note": [f"wrote to x{n}@corp.example" if n == 1100 else "called, asked for refund" for n in range(rows)],
            "remark": [f"=1+{n}" for n in range(rows)],
        }
    )
    frame["age"] = frame["age"].astype("Int64")
    frame.to_csv(folder / "people.csv", index=False)
    frame.to_parquet(folder / "people.parquet", index=False)
    return folder


@pytest.fixture
def people(made: Path, tmp_path: Path) -> Path:
    for path in made.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def masked_at_once(made: Path) -> Callable[[str, Tier], Any]:
    """What is found in a source, and its masked table, made in one piece and once."""

    @cache
    def classified(source: str) -> Any:
        whole = read_table(str(made / source))
        return whole, assess(whole, policy=built_in(), source=str(made / source))

    @cache
    def of(source: str, tier: Tier) -> Any:
        whole, found = classified(source)
        return found, mask_table(whole, tier=tier, policy=built_in(), keyring=RING, classification=found)

    return of


@pytest.mark.parametrize("tier", [Tier.PUBLIC, Tier.INTERNAL])
@pytest.mark.parametrize("source", ["people.csv", "people.parquet"])
@pytest.mark.parametrize("out", ["out.csv", "out.tsv", "out.parquet"])
def test_chunks_make_no_difference(
    source: str, out: str, tier: Tier, people: Path, masked_at_once: Callable[[str, Tier], Any]
) -> None:
    found, at_once = masked_at_once(source, tier)
    write_table(str(people / f"whole-{out}"), lambda: iter([at_once.native]))

    result = mask(people / source, people / out, tier=tier)

    if out.endswith("parquet"):
        pd.testing.assert_frame_equal(pd.read_parquet(people / out), pd.read_parquet(people / f"whole-{out}"))
    else:
        assert (people / out).read_bytes() == (people / f"whole-{out}").read_bytes()
    assert result.rows == 1200 and result.masked == at_once.masked
    assert [(v.column, v.entity) for v in result.classification] == [(v.column, v.entity) for v in found]


def test_a_rare_mail_domain_stays_hidden_and_a_shared_one_is_told_in_every_chunk(people: Path) -> None:
    mask(people / "people.csv", people / "out.csv")

    told = pd.read_csv(people / "out.csv")["email"]
    assert set(told[[3, 900]]) == {"***@***"} and (told == "***@shared.example").sum() == 11


def test_one_note_in_a_thousand_is_found_wherever_it_stands(people: Path) -> None:
    mask(people / "people.csv", people / "out.csv")

    assert "corp.example" not in (people / "out.csv").read_text()
    assert (pd.read_csv(people / "out.csv")["note"] == "called, asked for refund").sum() == 1199


def test_what_stands_in_one_row_of_very_many_is_classified(tmp_path: Path) -> None:
    lines = ["n,email,x"] + [f"{n},{'asha@corp.example' if n == 4321 else ''},a" for n in range(6000)]
    (tmp_path / "t.csv").write_text("\n".join(lines))

    found = mask(tmp_path / "t.csv", tmp_path / "u.csv").classification

    assert found[1].entity == "EMAIL_ADDRESS" and "asha" not in (tmp_path / "u.csv").read_text()


def test_a_table_without_rows_is_copied(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("email,n\n")
    for out in ("u.csv", "u.parquet"):
        assert mask(tmp_path / "t.csv", tmp_path / out).rows == 0
    assert (tmp_path / "u.csv").read_text() == "email,n\n"
    assert list(pd.read_parquet(tmp_path / "u.parquet").columns) == ["email", "n"]


def test_progress_goes_up_to_the_end(people: Path) -> None:
    shares: list[float] = []
    mask_file(
        str(people / "people.csv"),
        str(people / "out.csv"),
        tier=Tier.PUBLIC,
        policy=built_in(),
        keys=lambda: RING,
        ready=lambda found: None,
        progress=shares.append,
        block=BLOCK,
    )

    assert shares == sorted(shares) and shares[-1] == pytest.approx(1) and len(shares) > 30


def test_handles_are_kept_for_a_look_up_unless_there_are_too_many(
    people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/test")
    ring.vault = Vault(people / "vault", ring)
    handle = RING.digest("CUSTOMER_ID", [b"000007"])[0]

    assert mask(people / "people.csv", people / "out.csv", ring=ring).has_handles
    assert [kept.value for kept in Vault(people / "vault", ring).find(handle)] == ["000007"]

    monkeypatch.setattr(file_masking, "_MOST_HANDLES", 1199)
    ring.vault = vault = Vault(people / "other", ring)
    assert not mask(people / "people.csv", people / "out.csv", ring=ring).has_handles
    assert not (people / "other").exists() and ring.vault is vault
