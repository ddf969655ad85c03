"""Keys in files: made whole or not at all, refused when anything about them is wrong."""

from __future__ import annotations

import base64
import errno
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import jupyter_privguard
from jupyter_privguard.errors import KeyStoreError, WrongPassphrase
from jupyter_privguard.keys.providers import _key_files, _new_keys, file
from jupyter_privguard.keys.providers.file import FileKeys

ROOT = Path(jupyter_privguard.__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "keys"
    FileKeys(made).create()
    return made


def key_path(folder: Path) -> Path:
    return next(path for path in folder.glob("*.key") if path.name != "log.key")


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
def test_new_keys_are_for_their_owner_alone_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        FileKeys(tmp_path / "keys").create()
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}


def test_what_was_made_is_loaded_again(tmp_path: Path) -> None:
    made = FileKeys(tmp_path / "keys").create()
    loaded = FileKeys(tmp_path / "keys").load()

    assert (loaded.key_id, loaded.origin, loaded.vkey) == (made.key_id, made.origin, made.vkey)
    assert loaded.open("D", made.seal("D", [b"v"])) == [b"v"]
    assert FileKeys(tmp_path / "keys").public_vkey() == made.vkey


def test_two_deployments_share_no_key(tmp_path: Path) -> None:
    one, other = FileKeys(tmp_path / "one").create(), FileKeys(tmp_path / "other").create()

    assert one.key_id != other.key_id
    assert one.origin != other.origin
    assert one.digest("D", [b"v"]) != other.digest("D", [b"v"])


def test_an_empty_folder_is_filled_and_a_full_one_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    FileKeys(tmp_path / "keys").create()
    before = {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()}

    with pytest.raises(KeyStoreError, match="holds keys already"):
        FileKeys(tmp_path / "keys").create()

    assert {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_a_crash_while_keys_are_written_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def write(path: Path, data: bytes, **_: object) -> None:
        calls.append(path)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        path.write_bytes(data)

    monkeypatch.setattr(_key_files, "write_atomically", write)
    monkeypatch.setattr(_new_keys, "write_atomically", write)

    with pytest.raises(KeyStoreError, match=r"cannot be written .*No space left"):
        FileKeys(tmp_path / "keys").create()

    assert list(tmp_path.iterdir()) == []
    assert not FileKeys(tmp_path / "keys").exists()


def test_of_several_first_starts_one_makes_the_keys(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from jupyter_privguard import runtime\n"
        "from jupyter_privguard.settings import Home; sys.stdin.read(1)\n"
        "ring, said = runtime.keyring(Home(Path(sys.argv[1])))\n"
        "print(ring.key_id, any('made' in sentence for sentence in said))"
    )
    argv = [sys.executable, "-c", script, str(tmp_path / "home")]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) for _ in range(4)
    ]
    answers = [process.communicate("x")[0].split() for process in started]

    assert len({answer[0] for answer in answers}) == 1
    assert [answer[1] for answer in answers].count("True") == 1


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _missing(path: Path) -> None:
    path.unlink()


def _garbage(path: Path) -> None:
    path.write_bytes(b"\xff\xfe[[[[{" * 50)


def _nested(path: Path) -> None:
    path.write_bytes(b"[" * 50_000)


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def _directory(path: Path) -> None:
    path.unlink()
    path.mkdir(mode=0o700)


@pytest.mark.parametrize("harm", [_truncated, _empty, _zeros, _missing, _garbage, _nested, _pipe, _directory])
@pytest.mark.parametrize("name", ["current", "masking", "log.key", "log.vkey"])
def test_each_damaged_file_is_named_in_one_sentence(folder: Path, name: str, harm: Callable[[Path], None]) -> None:
    path = key_path(folder) if name == "masking" else folder / name
    harm(path)

    with pytest.raises(KeyStoreError) as caught:
        FileKeys(folder).load()

    message = str(caught.value)
    assert message.startswith("privguard: ")
    assert str(path) in message
    assert message.count("\n") == 0
    assert FileKeys(folder).exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o666])
@pytest.mark.parametrize("name", ["current", "masking", "log.key"])
def test_a_file_open_to_others_is_refused(folder: Path, name: str, mode: int) -> None:
    path = key_path(folder) if name == "masking" else folder / name
    path.chmod(mode)

    with pytest.raises(KeyStoreError, match="open to other accounts; run `chmod 0600"):
        FileKeys(folder).load()


def test_a_folder_open_to_others_is_refused(folder: Path) -> None:
    folder.chmod(0o755)

    with pytest.raises(KeyStoreError, match="open to other accounts; run `chmod 0700"):
        FileKeys(folder).load()


def test_files_of_another_account_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)

    with pytest.raises(KeyStoreError, match="belongs to another account"):
        FileKeys(folder).load()


@pytest.mark.parametrize("name", ["masking", "log.key"])
@pytest.mark.parametrize("key", ["", "AAAA", "A" * 43 + "=", "not base64!", 7, None])
def test_a_secret_that_is_zero_short_or_no_text_is_refused(folder: Path, name: str, key: object) -> None:
    path = key_path(folder) if name == "masking" else folder / name
    path.write_text(json.dumps(json.loads(path.read_text()) | {"key": key}))

    with pytest.raises(KeyStoreError, match="truncated or damaged"):
        FileKeys(folder).load()


def test_a_key_under_the_name_of_another_is_refused(folder: Path, tmp_path: Path) -> None:
    FileKeys(tmp_path / "other").create()
    key_path(folder).write_bytes(key_path(tmp_path / "other").read_bytes())

    with pytest.raises(KeyStoreError, match="truncated or damaged"):
        FileKeys(folder).load()


def test_a_verifier_key_of_another_log_is_refused(folder: Path, tmp_path: Path) -> None:
    FileKeys(tmp_path / "other").create()
    (folder / "log.vkey").write_bytes((tmp_path / "other" / "log.vkey").read_bytes())

    with pytest.raises(KeyStoreError, match="not of one pair"):
        FileKeys(folder).load()


def test_reading_the_public_key_needs_no_private_one(folder: Path) -> None:
    vkey = FileKeys(folder).public_vkey()
    for path in folder.iterdir():
        if path.name != "log.vkey":
            path.unlink()
    (folder / "log.vkey").chmod(0o444)
    folder.chmod(0o555)

    assert FileKeys(folder).public_vkey() == vkey
    folder.chmod(0o700)


def test_missing_keys_say_what_makes_them(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "nowhere")
    for look in (keys.load, keys.public_vkey, keys.stored_keys):
        with pytest.raises(KeyStoreError, match="privguard keys init"):
            look()


def test_a_rotated_key_opens_what_the_old_one_sealed_and_makes_other_handles(folder: Path) -> None:
    old = FileKeys(folder).load()
    (sealed,) = old.seal("IBAN", [b"v"])

    new = FileKeys(folder).rotate()

    assert new.key_id == FileKeys(folder).load().key_id != old.key_id
    assert (new.vkey, new.origin) == (old.vkey, old.origin)
    assert new.open("IBAN", [sealed], key_id=old.key_id) == [b"v"]
    assert new.seal("IBAN", [b"v"]) != [sealed]
    states = {info.id: info.state for info in FileKeys(folder).stored_keys() if info.use == "masking"}
    assert states == {old.key_id: "old", new.key_id: "current"}


def test_a_crash_during_rotation_leaves_the_old_key_current(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = FileKeys(folder).load().key_id

    def fail(path: Path, data: bytes, **_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file, "write_atomically", fail)
    with pytest.raises(KeyStoreError, match="No space left"):
        FileKeys(folder).rotate()

    assert FileKeys(folder).load().key_id == before


def test_a_destroyed_key_opens_nothing_and_leaves_no_byte(folder: Path) -> None:
    keys = FileKeys(folder)
    old = keys.load()
    (sealed,) = old.seal("IBAN", [b"v"])
    secret = json.loads(key_path(folder).read_text())["key"]
    keys.rotate()

    keys.destroy(old.key_id)

    with pytest.raises(KeyStoreError, match="destroyed"):
        keys.load().open("IBAN", [sealed], key_id=old.key_id)
    assert [info.state for info in keys.stored_keys() if info.id == old.key_id] == ["destroyed"]
    assert not any(secret.encode() in path.read_bytes() for path in folder.iterdir())


@pytest.mark.parametrize("which", ["current", "unknown", "../../x", "log"])
def test_only_an_old_masking_key_can_be_destroyed(folder: Path, which: str) -> None:
    current = FileKeys(folder).load().key_id
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    with pytest.raises(KeyStoreError, match=r"^privguard: "):
        FileKeys(folder).destroy(current if which == "current" else which)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_passphrase_opens_the_masking_keys_and_nothing_else_does(tmp_path: Path) -> None:
    made = FileKeys(tmp_path / "keys").create(passphrase="correct horse")
    asked = []

    def right() -> str:
        asked.append(1)
        return "correct horse"

    assert FileKeys(tmp_path / "keys", right).load().digest("D", [b"v"]) == made.digest("D", [b"v"])
    assert len(asked) == 1
    wrong = []
    for guess in ("correct hors", "", "Correct horse", "correct horse "):
        with pytest.raises(WrongPassphrase) as caught:
            FileKeys(tmp_path / "keys", lambda guess=guess: guess).load()
        wrong.append(str(caught.value))
    assert len(set(wrong)) == 1
    with pytest.raises(KeyStoreError, match="passphrase"):
        FileKeys(tmp_path / "keys").load()


def test_a_passphrase_protects_new_generations_too_and_is_stored_nowhere(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "keys", lambda: "correct horse")
    old = keys.create(passphrase="correct horse")
    new = keys.rotate()

    stored = b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())
    assert b"correct" not in stored
    assert keys.load().open("D", old.seal("D", [b"v"]), key_id=old.key_id) == [b"v"]
    assert new.key_id != old.key_id
    # What is stored is longer than a bare secret: nonce and tag.
    for path in (tmp_path / "keys").glob("*.key"):
        size = len(base64.b64decode(json.loads(path.read_text())["key"]))
        assert size == (32 if path.name == "log.key" else 60)


def test_the_logs_key_needs_no_passphrase(tmp_path: Path) -> None:
    made = FileKeys(tmp_path / "keys").create(passphrase="correct horse")

    signer = FileKeys(tmp_path / "keys").load_log_key()

    assert signer.vkey == made.vkey
    assert not hasattr(signer, "digest")


@pytest.mark.parametrize(
    "change",
    [{"cost": 2}, {"cost": 2**40}, {"cost": -1}, {"kdf": "md5"}, {"salt": ""}, {"block_size": "8"}, {"parallel": True}],
)
def test_weakened_or_odd_derivations_are_refused(tmp_path: Path, change: dict[str, object]) -> None:
    FileKeys(tmp_path / "keys").create(passphrase="correct horse")
    path = tmp_path / "keys" / "passphrase"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))

    with pytest.raises(KeyStoreError, match="truncated or damaged"):
        FileKeys(tmp_path / "keys", lambda: "correct horse").load()


def test_the_list_holds_no_byte_of_a_key(folder: Path) -> None:
    told = repr(FileKeys(folder).stored_keys())

    for path in folder.glob("*.key"):
        assert json.loads(path.read_text())["key"] not in told


def test_where_no_more_files_may_be_open_closing_some_helps(tmp_path: Path) -> None:
    said = str(_key_files.cannot_be_read(tmp_path, OSError(errno.EMFILE, os.strerror(errno.EMFILE))))

    assert "close some of this process's files" in said and "owner" not in said
    assert "owner and mode" in str(
        _key_files.cannot_be_read(tmp_path, OSError(errno.EACCES, os.strerror(errno.EACCES)))
    )
