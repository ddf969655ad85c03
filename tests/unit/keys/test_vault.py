"""The vault gives back what handles stand for, to the holder of the keys and to nobody else."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.errors import KeyStoreError, StateError
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.keys.vault import Vault

SEED = bytes(range(32, 64))
MASTER, OTHER = bytes(range(32)), bytes(range(1, 33))


def ring(master: bytes = MASTER, older: tuple[bytes, ...] = ()) -> KeyRing:
    return KeyRing(master=master, seed=SEED, origin="privguard/0000test", older=older)


def kept(vault: Vault, handle: bytes) -> list[tuple[str, str]]:
    return [(record.domain, record.value) for record in vault.find(handle)]


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault", ring())


def test_tokens_and_sealed_values_are_noted_by_the_key_ring_itself(tmp_path: Path) -> None:
    keys = ring()
    keys.vault = Vault(tmp_path / "vault", keys)
    (token,), (sealed,) = keys.token("IBAN", [b"one"]), keys.seal("IBAN", [b"two"])
    keys.digest("IBAN", [b"never given out"])

    assert kept(keys.vault, token[:4]) == [("IBAN", "one")]
    assert kept(keys.vault, sealed[:4]) == [("IBAN", "two")]
    assert keys.vault.flush() == 0


def test_another_process_with_the_keys_finds_it_and_one_without_does_not(tmp_path: Path) -> None:
    handles = ring().digest("D", [b"v"])
    first = Vault(tmp_path / "vault", ring())
    first.note("D", [b"v"], handles)
    first.flush()

    assert kept(Vault(tmp_path / "vault", ring()), handles[0]) == [("D", "v")]
    assert kept(Vault(tmp_path / "vault", ring(OTHER)), handles[0]) == []
    assert kept(Vault(tmp_path / "vault", ring(OTHER, (MASTER,))), handles[0]) == [("D", "v")]


def test_what_is_kept_already_is_not_written_again(tmp_path: Path) -> None:
    values = [f"value {n}".encode() for n in range(3000)]
    handles = ring().digest("D", values)
    sizes = []
    for _ in range(3):
        vault = Vault(tmp_path / "vault", ring())
        vault.note("D", values, handles)
        sizes.append(vault.flush())
        vault.note("D", values, handles)
        assert vault.flush() == 0

    assert sizes == [3000, 0, 0]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("AB"), st.text(max_size=12)), max_size=30, unique=True))
def test_every_value_is_found_by_its_full_handle(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    vault = Vault(tmp_path_factory.mktemp("v") / "vault", ring())
    handles = {}
    for domain, value in pairs:
        text = value.encode("utf-8", "surrogatepass")
        (handles[domain, value],) = ring().digest(domain, [text])
        vault.note(domain, [text], [handles[domain, value]])

    for (domain, value), handle in handles.items():
        assert kept(vault, handle) == [(domain, value)]


def test_two_records_of_one_short_handle_are_both_found(vault: Vault) -> None:
    vault.note("D", [b"one", b"two"], [b"abcd" + bytes(12), b"abcd" + b"x" * 12])

    assert sorted(kept(vault, b"abcd")) == [("D", "one"), ("D", "two")]
    assert kept(vault, b"abcd" + b"x" * 12) == [("D", "two")]
    with pytest.raises(ValueError, match="four bytes"):
        vault.find(b"abc")


def test_the_file_holds_no_value_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        vault = Vault(tmp_path / "vault", ring())
        vault.note("D", [b"asha.kulkarni@example.org"], ring().digest("D", [b"x"]))
        vault.flush()
    finally:
        os.umask(before)

    files = list((tmp_path / "vault").iterdir())
    assert not any(b"asha" in path.read_bytes() for path in files)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "vault").stat().st_mode) == 0o700
    assert "asha" not in repr(vault.find(ring().digest("D", [b"x"])[0]))


@pytest.mark.parametrize("change", ["moved", "bit", "other key"])
def test_a_changed_pack_is_refused(tmp_path: Path, vault: Vault, change: str) -> None:
    vault.note("D", [b"one", b"two"], [bytes(16), b"\xff" * 16])
    vault.flush()
    with sqlite3.connect(tmp_path / "vault" / "vault.db") as database:
        if change == "moved":
            database.execute("update packs set bucket = 4095 - bucket")
        elif change == "bit":
            (locked,) = database.execute("select locked from packs where bucket = 0").fetchone()
            database.execute("update packs set locked = ?", (locked[:-1] + bytes([locked[-1] ^ 1]),))
        else:
            database.execute("update packs set key_id = ?", (ring(OTHER).key_id,))
    looker = Vault(tmp_path / "vault", ring(MASTER, (OTHER,)))

    with pytest.raises(KeyStoreError, match="vault was changed"):
        looker.find(bytes(4))


def test_what_a_destroyed_key_locked_is_taken_away(tmp_path: Path, vault: Vault) -> None:
    handles = ring().digest("D", [b"v"])
    vault.note("D", [b"v"], handles)
    vault.flush()
    size = (tmp_path / "vault" / "vault.db").stat().st_size

    Vault(tmp_path / "vault", ring(OTHER, (MASTER,))).forget(ring().key_id)

    assert kept(Vault(tmp_path / "vault", ring()), handles[0]) == []
    assert (tmp_path / "vault" / "vault.db").stat().st_size <= size


def test_an_unusable_vault_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("in the way")
    vault = Vault(tmp_path / "vault", ring())
    vault.note("D", [b"secret"], ring().digest("D", [b"secret"]))

    with pytest.raises(StateError, match=r"^privguard: the vault") as caught:
        vault.flush()
    assert "secret" not in str(caught.value)
    (tmp_path / "vault").unlink()
    assert vault.flush() == 1


def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    one, other = Vault(tmp_path / "vault", ring()), Vault(tmp_path / "vault", ring())
    for number in range(20):
        vault = one if number % 2 else other
        value = f"v{number}".encode()
        vault.note("D", [value], ring().digest("D", [value]))
        vault.flush()

    looker = Vault(tmp_path / "vault", ring())
    assert [kept(looker, h) for h in ring().digest("D", [f"v{n}".encode() for n in range(20)])] == [
        [("D", f"v{n}")] for n in range(20)
    ]


def test_what_is_noted_is_told_to_who_listens_and_to_nobody_else(vault: Vault) -> None:
    handles = ring().digest("D", [b"1", b"2", b"3"])
    told: list[tuple[str, list[bytes]]] = []
    others = threading.Thread(target=lambda: vault.note("D", [b"3"], handles[2:]))

    vault.note("D", [b"1"], handles[:1])
    with vault.telling(lambda domain, values: told.append((domain, list(values)))):
        vault.note("D", [b"2"], handles[1:2])
        others.start()
        others.join()
    vault.note("D", [b"1"], handles[:1])

    assert told == [("D", [b"2"])]
