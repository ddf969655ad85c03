"""A key ring that runs for hours learns what became of its keys: renewed ones are used, destroyed ones are gone."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.errors import KeyStoreError, WrongPassphrase
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.keys.passphrase import Wrapping
from jupyter_privguard.keys.providers import file
from jupyter_privguard.keys.providers.file import FileKeys
from jupyter_privguard.keys.surrogates import SealedSurrogates
from jupyter_privguard.keys.vault import Vault


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    FileKeys(tmp_path / "keys").create()
    return tmp_path / "keys"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases cost nothing to try: these tests are about who is asked."""
    monkeypatch.setattr(Wrapping, "key", lambda self, text: hashlib.sha256(self.salt + text.encode()).digest())


def running(folder: Path) -> KeyRing:
    ring = FileKeys(folder).load()
    ring.vault = Vault(folder.parent / "vault", ring)
    return ring


def test_nothing_is_read_again_as_long_as_nothing_happened(folder: Path) -> None:
    ring = running(folder)

    assert not ring.refresh()
    assert not ring.refresh()


def test_a_ring_that_was_only_just_made_follows_too(tmp_path: Path) -> None:
    ring = FileKeys(tmp_path / "keys").create()

    fresh = FileKeys(tmp_path / "keys").rotate().key_id

    assert ring.refresh() and ring.key_id == fresh


def test_a_renewed_key_is_used_and_the_old_one_still_opens(folder: Path) -> None:
    ring = running(folder)
    old = ring.key_id
    sealed = ring.seal("D", [b"v"])

    fresh = FileKeys(folder).rotate().key_id

    assert ring.refresh() and not ring.refresh()
    assert ring.key_ids == (fresh, old)
    assert ring.seal("D", [b"v"]) != sealed
    assert ring.open("D", sealed, key_id=old) == [b"v"]


def test_a_destroyed_key_leaves_a_running_ring_with_all_that_was_derived_of_it(folder: Path) -> None:
    ring = running(folder)
    old = ring.key_id
    token, sealed = ring.token("D", [b"v"]), ring.seal("D", [b"w"])
    FileKeys(folder).rotate()
    FileKeys(folder).destroy(old)

    assert ring.refresh()

    with pytest.raises(KeyStoreError, match="destroyed"):
        ring.open("D", sealed, key_id=old)
    with pytest.raises(KeyStoreError, match="destroyed"):
        ring.digest("D", [b"v"], key_id=old)
    assert old not in {place[0] for place in ring._keys}
    assert ring.token("D", [b"v"]) != token


def test_what_was_noted_under_a_key_cannot_be_looked_up_once_it_is_destroyed(folder: Path) -> None:
    ring = running(folder)
    assert ring.vault is not None
    old = ring.key_id
    written_before, written_after, never_written = (ring.token("D", [value]) for value in (b"1", b"2", b"3"))
    ring.vault._noted = ring.vault._noted[:1]
    ring.vault.flush()
    FileKeys(folder).rotate()
    ring.refresh()
    ring.vault.note("D", [b"2"], written_after, key_id=old)
    ring.vault.flush()
    assert ring.vault.find(written_after[0])
    ring.vault.note("D", [b"3"], never_written, key_id=old)
    FileKeys(folder).destroy(old)
    ring.refresh()

    assert ring.vault.flush() == 0
    for running_or_new in (ring, running(folder)):
        assert running_or_new.vault is not None
        for token in (written_before, written_after, never_written):
            assert running_or_new.vault.find(token[0]) == []


def test_random_surrogates_are_drawn_anew_under_a_renewed_key(folder: Path) -> None:
    ring = running(folder)
    table = SealedSurrogates(folder.parent / "vault" / "surrogates", ring)
    before = table.surrogate("D", ["v", "w"])
    assert table.surrogate("D", ["v", "w"]) == before
    FileKeys(folder).rotate()
    ring.refresh()

    assert not set(table.surrogate("D", ["v", "w"])) & set(before)


def test_a_key_that_is_marked_is_dead_though_its_file_is_still_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = FileKeys(folder)
    old = keys.load().key_id
    keys.rotate()
    with monkeypatch.context() as broken:
        broken.setattr(file, "erase", lambda path: (_ for _ in ()).throw(OSError(5, "Input/output error")))
        with pytest.raises(KeyStoreError, match="Input/output error"):
            keys.destroy(old)
    assert (folder / f"{old}.key").exists()

    assert old not in FileKeys(folder).load().key_ids
    assert [info.state for info in keys.stored_keys() if info.id == old] == ["destroyed"]
    keys.destroy(old)
    assert not (folder / f"{old}.key").exists()
    with pytest.raises(KeyStoreError, match="destroyed already"):
        keys.destroy(old)


def test_a_mark_on_the_current_key_stops_the_ring(folder: Path) -> None:
    ring = running(folder)
    (folder / f"{ring.key_id}.destroyed").write_text("{}")

    for look in (ring.refresh, FileKeys(folder).load, FileKeys(folder).stored_keys):
        with pytest.raises(KeyStoreError, match=rf"{folder}/current names a key .* was destroyed"):
            look()


def test_keys_of_another_deployment_are_not_taken_over(folder: Path, tmp_path: Path) -> None:
    ring = running(folder)
    before = ring.key_ids
    shutil.rmtree(folder)
    FileKeys(folder).create()

    for _ in range(2):
        with pytest.raises(KeyStoreError, match="other keys were put in the place"):
            ring.refresh()
    assert ring.key_ids == before


def test_missing_keys_are_said_each_time(folder: Path) -> None:
    ring = running(folder)
    shutil.rmtree(folder)

    for _ in range(2):
        with pytest.raises(KeyStoreError, match="there are no keys in"):
            ring.refresh()


def test_a_piece_of_work_ends_under_the_keys_it_began_with(folder: Path) -> None:
    ring = running(folder)
    work = ring.as_of_now()
    FileKeys(folder).rotate()
    ring.refresh()

    assert work.key_id != ring.key_id
    assert not work.refresh()
    assert work.vault is ring.vault


@pytest.mark.usefixtures("quick")
def test_a_person_is_asked_for_the_passphrase_once(tmp_path: Path) -> None:
    FileKeys(tmp_path / "keys").create(passphrase="correct horse")
    asked: list[str] = []

    def ask() -> str:
        asked.append("asked")
        return "correct horse"

    keys = FileKeys(tmp_path / "keys", ask)
    ring = keys.load()
    old = ring.key_id
    FileKeys(tmp_path / "keys", lambda: "correct horse").rotate()
    ring.refresh()
    keys.rotate()
    ring.refresh()
    keys.destroy(old)
    ring.refresh()

    assert len(ring.key_ids) == 2 and asked == ["asked"]


@pytest.mark.usefixtures("quick")
def test_a_wrong_passphrase_is_not_remembered(tmp_path: Path) -> None:
    FileKeys(tmp_path / "keys").create(passphrase="correct horse")
    answers = ["wrong horse", "Correct horse", "correct hors", "correct horse"]
    keys = FileKeys(tmp_path / "keys", lambda: answers.pop(0))

    said = []
    for _ in range(3):
        with pytest.raises(WrongPassphrase) as caught:
            keys.load()
        said.append(str(caught.value))

    assert len(set(said)) == 1
    assert keys.load().key_ids


@pytest.mark.usefixtures("quick")
def test_the_file_that_is_missing_is_named_where_a_passphrase_protected_the_keys(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "keys", lambda: "correct horse")
    keys.create(passphrase="correct horse")
    kept = (tmp_path / "keys" / "passphrase").read_bytes()
    (tmp_path / "keys" / "passphrase").unlink()

    with pytest.raises(KeyStoreError, match=rf"^privguard: {tmp_path}/keys/passphrase is missing"):
        keys.load()

    FileKeys(tmp_path / "bare").create()
    (tmp_path / "bare" / "passphrase").write_bytes(kept)
    (tmp_path / "bare" / "passphrase").chmod(0o600)
    with pytest.raises(KeyStoreError, match=rf"^privguard: {tmp_path}/bare/passphrase says"):
        FileKeys(tmp_path / "bare", lambda: "correct horse").load()


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(["rotate", "destroy oldest", "refresh"]), max_size=6))
def test_whatever_happens_a_running_ring_knows_what_a_new_one_would(steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as place:
        keys = FileKeys(Path(place) / "keys")
        keys.create()
        ring = FileKeys(Path(place) / "keys").load()
        for step in steps:
            old = [info.id for info in keys.stored_keys() if info.state == "old"]
            if step == "rotate":
                keys.rotate()
            elif step == "destroy oldest" and old:
                keys.destroy(old[0])
            elif step == "refresh":
                ring.refresh()

        ring.refresh()

        assert set(ring.key_ids) == set(keys.load().key_ids)
        assert ring.key_id == keys.load().key_id
