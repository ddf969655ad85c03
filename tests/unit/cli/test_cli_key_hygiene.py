"""A key is in its own file and nowhere else: not in state, log, vault, output, message, copy or child.

Every key counts: the master secrets, the log's seed, and whatever was derived of them or of a passphrase in a day's
work. Process memory is left out.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import jupyter_privguard as pg
from jupyter_privguard import diagnose, runtime
from jupyter_privguard.cli.main import privguard
from jupyter_privguard.errors import PrivguardError
from jupyter_privguard.guard.cells.cell import CellOptions
from jupyter_privguard.keys import keyring
from jupyter_privguard.keys.passphrase import Wrapping
from jupyter_privguard.settings import account_name

PASSPHRASE = "correct horse battery"
PEOPLE = {"customer_id": [f"C-{n:05d}" for n in range(40)], "full_name": ["Asha Patel", "John Smith"] * 20}
DAY = (
    "keys init --passphrase",
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
)


def written(key: bytes) -> list[bytes]:
    """The forms in which bytes get into files, messages and tables."""
    encoded = [base64.b64encode(key), base64.urlsafe_b64encode(key), base64.b32encode(key), base64.b32hexencode(key)]
    encoded += [base64.b85encode(key), base64.a85encode(key)]
    numbers = [str(int.from_bytes(key, order)).encode() for order in ("big", "little")]
    hexed = [key.hex().encode(), key.hex(":").encode(), key.hex(" ").encode()]
    lists = [str(list(key)).encode(), json.dumps(list(key), separators=(",", ":")).encode(), str(key).encode()]
    stripped = [form.rstrip(b"=") for form in encoded]
    return [key, *hexed, *(form.upper() for form in hexed), *encoded, *stripped, stripped[2].lower(), *numbers, *lists]


class Worked(NamedTuple):
    """What is left of a day's work."""

    folder: Path
    """All files, with PRIVGUARD_HOME among them."""
    said: dict[str, bytes]
    """All that was said, by what said it."""
    derived: set[bytes]
    """All keys that others were derived of, and those."""


def _noting(found: set[bytes]) -> type:
    """HKDF, whose keys are noted; a key's id, four bytes long, is no secret."""

    class Noting:
        def __init__(self, **options: Any) -> None:
            self._kdf = HKDF(**options)

        def derive(self, key_material: bytes) -> bytes:
            key = self._kdf.derive(key_material)
            found.update({key, bytes(key_material)} if len(key) > 4 else {bytes(key_material)})
            return key

    return Noting


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worked]:
    """A day's work, mistakes included, with a session that still runs."""
    root, derived = tmp_path_factory.mktemp("day"), set[bytes]()

    def quick(wrapping: Wrapping, text: str) -> bytes:
        key = hashlib.scrypt(text.encode(), salt=wrapping.salt, n=2, r=8, p=1, dklen=32)
        derived.add(key)
        return key

    with pytest.MonkeyPatch.context() as setting:
        setting.setattr(keyring, "HKDF", _noting(derived))
        setting.setattr(Wrapping, "key", quick)
        setting.setattr(diagnose, "_CHECKS", diagnose._CHECKS[:-2])  # those two ask Jupyter, which knows no key
        folder = root / "work"
        folder.mkdir()
        setting.chdir(folder)
        pd.DataFrame(PEOPLE).to_csv("people.csv", index=False)
        secret = root / "passphrase.txt"
        secret.touch(0o600)
        secret.write_text(PASSPHRASE)
        (folder / "granting.yaml").write_text(
            f"version: 1\nprincipals:\n  {account_name()}: {{roles: [officer]}}\n"
            "roles:\n  officer: {tiers: [public, internal], reveal: true, log: all}\n"
        )
        setting.setenv("PRIVGUARD_HOME", str(root / "home"))
        setting.setenv("PRIVGUARD_PASSPHRASE_FILE", str(secret))
        setting.setenv("PRIVGUARD_POLICY", str(folder / "granting.yaml"))
        said: dict[str, bytes] = {}
        for args in DAY:
            result = CliRunner().invoke(privguard, args.split())
            told = [result.output, result.stderr, repr(result.exception), *_traceback(result.exception)]
            said[args] = "\n".join(told).encode()
        secret.write_text(PASSPHRASE.title())
        wrong = CliRunner().invoke(privguard, ["keys", "rotate"])
        said["wrong passphrase"] = "\n".join([wrong.output, wrong.stderr, repr(wrong.exception)]).encode()
        secret.write_text(PASSPHRASE)
        ring, notices = runtime.keyring(runtime.home())
        session = runtime.open_session(runtime.home(), runtime.policy(), ring, kernel="k")
        said["notebook"] = json.dumps([*notices, *_cells(session)]).encode()
        said["objects"] = b"\n".join(_copies(session, ring))
        program = "import os, sys; print(os.environb, sys.argv, open('/proc/self/cmdline', 'rb').read())"
        said["child"] = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
        yield Worked(root, said, derived)
        session.close()


def _traceback(error: BaseException | None) -> list[str]:
    """As a notebook may show it: with the source around, and with the local variables of our own errors."""
    if error is None:
        return []
    local = isinstance(error, PrivguardError)
    return list(traceback.TracebackException.from_exception(error, capture_locals=local).format())


def _cells(session: Any) -> list[str]:
    """A notebook's outputs: a table, a text, a handle looked up, errors."""
    outputs = []
    table = pd.DataFrame(PEOPLE)
    for name, act in {
        "show": lambda run: session.show(table, run).native.to_html(),
        "print": lambda run: session.clean(f"{table.to_string()} {session!r} {session.keyring!r}", run),
        "mask": lambda run: pg.mask(table, tier="internal").to_csv(),
        "classify": lambda run: repr(pg.classify(table)),
        "reveal": lambda run: repr(runtime.reveal(session.show(table, run).native["full_name"][0], reason="r")),
        "unseal": lambda run: pg.read_sealed("people.csv.sealed").to_csv(),
        "wrong": lambda run: runtime.reveal("tok_00000000", reason="r"),
    }.items():
        run = session.open_run(name, CellOptions(), name, execution_count=1, cell_id=None)
        try:
            outputs.append(act(run))
        except PrivguardError as error:
            outputs += [repr(error), *_traceback(error)]
        session.close_run(name, "ok")
    return outputs


def _copies(session: Any, ring: Any) -> list[bytes]:
    """What can be pickled or copied of public objects and of those behind them, and what the refusals say."""
    found = []
    table = pd.DataFrame(PEOPLE)
    things = [pg.classify(table), pg.mask(table), session.policy, session, ring, ring.vault, session.overrides]
    for thing in things:
        takes: list[Callable[[Any], Any]] = [pickle.dumps, lambda one: pickle.dumps(copy.deepcopy(one)), repr, str]
        for take in takes:
            try:
                taken = take(thing)
            except Exception as error:
                taken = repr(error)
            found.append(taken if isinstance(taken, bytes) else taken.encode())
    return found


def masters(home: Path) -> dict[str, bytes]:
    return {path.name: base64.b64decode(json.loads(path.read_text())["key"]) for path in (home / "keys").glob("*.key")}


def found_in(worked: Worked, keys: Iterable[bytes]) -> set[tuple[bytes, str]]:
    places = worked.said | {str(path): path.read_bytes() for path in worked.folder.rglob("*") if path.is_file()}
    forms = [(key, form) for key in keys for form in written(key)]
    return {(key, place) for place, content in places.items() for key, form in forms if form in content}


def test_no_key_stands_anywhere_but_in_its_file(worked: Worked) -> None:
    home = worked.folder / "home"
    stored = masters(home)
    assert len(stored) == 3 and len(worked.derived) > 12
    assert (home / "log" / "privguard.db-wal").stat().st_size > 0, "what is not yet in the database is looked at too"

    found = found_in(worked, [*stored.values(), *worked.derived])

    assert found == {(key, str(home / "keys" / name)) for name, key in stored.items()}


def test_a_passphrase_stands_nowhere_but_in_the_file_that_its_owner_made(worked: Worked) -> None:
    found = found_in(worked, [PASSPHRASE.encode()])

    assert found == {(PASSPHRASE.encode(), str(worked.folder / "passphrase.txt"))}


@pytest.mark.parametrize("key", [bytes(range(7, 39)), bytes(range(200, 232))])
def test_the_search_finds_a_key_in_each_form_that_is_planted(key: bytes) -> None:
    forms = (
        key,
        key.hex().encode(),
        key.hex().upper().encode(),
        base64.b64encode(key),
        base64.urlsafe_b64encode(key).rstrip(b"="),
        base64.b32encode(key),
        str(int.from_bytes(key)).encode(),
        str(int.from_bytes(key, "little")).encode(),
        str(key).encode(),
        json.dumps(list(key)).encode(),
        pickle.dumps({"key": key}),
        json.dumps({"key": base64.b64encode(key).decode()}).encode(),
    )
    for form in forms:
        assert any(known in b"..." + form + b"..." for known in written(key))
