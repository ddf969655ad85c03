"""A key is in its own file and nowhere else: not in state, log, vault, output, message or copy."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import jupyter_privguard as pg
from jupyter_privguard.cli.main import privguard
from jupyter_privguard.keys.keyring import _derive


def written(key: bytes) -> list[bytes]:
    """The forms in which bytes get into files and messages."""
    forms = [key, key.hex().encode(), key.hex().upper().encode(), repr(key).encode(), repr(list(key)).encode()]
    encoded = [base64.b64encode(key), base64.urlsafe_b64encode(key)]
    return [*forms, *(form.rstrip(b"=") for form in encoded)]


def secrets_of(home: Path) -> dict[str, bytes]:
    found = {}
    for path in (home / "keys").glob("*.key"):
        master = base64.b64decode(json.loads(path.read_text())["key"])
        found[path.name] = master
        for use, domain, size in (("digest", "CUSTOMER_ID", 32), ("seal", "CUSTOMER_ID", 64), ("lock", "vault", 32)):
            found[f"{path.name} {use}"] = _derive(master, use, domain, size)
    return found


@pytest.fixture
def worked(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[str]]:
    """A home after a day's work, mistakes included, and everything that was said."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    people = {"customer_id": [f"C-{n:05d}" for n in range(40)], "full_name": ["Asha Patel", "John Smith"] * 20}
    pd.DataFrame(people).to_csv("people.csv", index=False)
    said = []
    for args in (
        "keys init",
        "keys init",
        "keys list",
        "classify people.csv --format json",
        "mask people.csv -o out.csv",
        "mask people.csv -o out2.csv --tier internal",
        "mask people.csv -o no/out.csv",
        "seal people.csv",
        "unseal people.csv.sealed -o again.csv",
        "keys rotate",
        "mask people.csv -o out3.csv",
        "reveal tok_00000000 --reason r",
        "keys destroy 00000000 --yes",
        "audit export --format jsonl",
        "audit checkpoint",
        "audit vkey",
        "policy init",
        "doctor",
    ):
        result = CliRunner().invoke(privguard, args.split())
        said += [result.output, result.stderr, str(result.exception), repr(result.exception)]
    said += [pg.mask(pd.DataFrame(people)).to_string(), repr(pg.classify(pd.DataFrame(people)))]
    return home, said


def test_no_key_stands_anywhere_but_in_its_file(worked: tuple[Path, list[str]], tmp_path: Path) -> None:
    home, said = worked
    secrets = secrets_of(home)
    assert len([name for name in secrets if name.endswith(".key")]) == 3

    places = {"output": "\n".join(said).encode()}
    places |= {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    found = {
        (name, place)
        for name, key in secrets.items()
        for place, content in places.items()
        if any(form in content for form in written(key))
    }

    assert found == {(name, str(home / "keys" / name)) for name in secrets if name.endswith(".key")}


def test_the_search_finds_a_key_in_each_form_that_is_planted() -> None:
    key = bytes(range(7, 39))

    for form in (key, key.hex().encode(), base64.b64encode(key), str(key).encode(), json.dumps(list(key)).encode()):
        assert any(known in b"..." + form + b"..." for known in written(key))
