"""Keys in files: made whole or not at all, refused when anything about them is wrong."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import jupyter_privguard
from jupyter_privguard.errors import KeyStoreError
from jupyter_privguard.keys.providers import file

ROOT = Path(jupyter_privguard.__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "keys"
    file.create(made)
    return made


def key_path(folder: Path) -> Path:
    return next(path for path in folder.glob("*.key") if path.name != "log.key")


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
def test_new_keys_are_for_their_owner_alone_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        file.create(tmp_path / "keys")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}


def test_what_was_made_is_loaded_again(tmp_path: Path) -> None:
    made = file.create(tmp_path / "keys")
    loaded = file.load(tmp_path / "keys")

    assert (loaded.key_id, loaded.origin, loaded.vkey) == (made.key_id, made.origin, made.vkey)
    assert loaded.open("D", made.seal("D", [b"v"])) == [b"v"]
    assert file.public_vkey(tmp_path / "keys") == made.vkey


def test_two_deployments_share_no_key(tmp_path: Path) -> None:
    one, other = file.create(tmp_path / "one"), file.create(tmp_path / "other")

    assert one.key_id != other.key_id
    assert one.origin != other.origin
    assert one.digest("D", [b"v"]) != other.digest("D", [b"v"])


def test_an_empty_folder_is_filled_and_a_full_one_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    file.create(tmp_path / "keys")
    before = {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()}

    with pytest.raises(KeyStoreError, match="holds keys already"):
        file.create(tmp_path / "keys")

    assert {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_a_crash_while_keys_are_written_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def write(path: Path, data: bytes, **_: object) -> None:
        calls.append(path)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        path.write_bytes(data)

    monkeypatch.setattr(file, "write_atomically", write)

    with pytest.raises(KeyStoreError, match=r"cannot be written .*No space left"):
        file.create(tmp_path / "keys")

    assert list(tmp_path.iterdir()) == []
    assert not file.exists(tmp_path / "keys")


def test_of_several_first_starts_one_makes_the_keys(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from jupyter_privguard.keys.providers import file\n"
        "sys.stdin.read(1); ring, made = file.load_or_create(Path(sys.argv[1])); print(ring.key_id, made)"
    )
    argv = [sys.executable, "-c", script, str(tmp_path / "keys")]
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
        file.load(folder)

    message = str(caught.value)
    assert message.startswith("privguard: ")
    assert str(path) in message
    assert message.count("\n") == 0
    assert file.exists(folder)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o666])
@pytest.mark.parametrize("name", ["current", "masking", "log.key"])
def test_a_file_open_to_others_is_refused(folder: Path, name: str, mode: int) -> None:
    path = key_path(folder) if name == "masking" else folder / name
    path.chmod(mode)

    with pytest.raises(KeyStoreError, match="open to other accounts; run `chmod 0600"):
        file.load(folder)


def test_a_folder_open_to_others_is_refused(folder: Path) -> None:
    folder.chmod(0o755)

    with pytest.raises(KeyStoreError, match="open to other accounts; run `chmod 0700"):
        file.load(folder)


def test_files_of_another_account_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)

    with pytest.raises(KeyStoreError, match="belongs to another account"):
        file.load(folder)


@pytest.mark.parametrize("name", ["masking", "log.key"])
@pytest.mark.parametrize("key", ["", "AAAA", "A" * 43 + "=", "not base64!", 7, None])
def test_a_secret_that_is_zero_short_or_no_text_is_refused(folder: Path, name: str, key: object) -> None:
    path = key_path(folder) if name == "masking" else folder / name
    path.write_text(json.dumps(json.loads(path.read_text()) | {"key": key}))

    with pytest.raises(KeyStoreError, match="truncated or damaged"):
        file.load(folder)


def test_a_key_under_the_name_of_another_is_refused(folder: Path, tmp_path: Path) -> None:
    file.create(tmp_path / "other")
    key_path(folder).write_bytes(key_path(tmp_path / "other").read_bytes())

    with pytest.raises(KeyStoreError, match="truncated or damaged"):
        file.load(folder)


def test_a_verifier_key_of_another_log_is_refused(folder: Path, tmp_path: Path) -> None:
    file.create(tmp_path / "other")
    (folder / "log.vkey").write_bytes((tmp_path / "other" / "log.vkey").read_bytes())

    with pytest.raises(KeyStoreError, match="not of one pair"):
        file.load(folder)


def test_reading_the_public_key_needs_no_private_one(folder: Path) -> None:
    vkey = file.public_vkey(folder)
    for path in folder.iterdir():
        if path.name != "log.vkey":
            path.unlink()
    (folder / "log.vkey").chmod(0o444)
    folder.chmod(0o555)

    assert file.public_vkey(folder) == vkey
    folder.chmod(0o700)


def test_missing_keys_say_what_makes_them(tmp_path: Path) -> None:
    for look in (file.load, file.public_vkey, file.stored_keys):
        with pytest.raises(KeyStoreError, match="privguard keys init"):
            look(tmp_path / "nowhere")


def test_several_generations_lie_side_by_side_and_one_is_current(folder: Path, tmp_path: Path) -> None:
    file.create(tmp_path / "newer")
    newer = key_path(tmp_path / "newer")
    (folder / newer.name).write_bytes(newer.read_bytes())
    (folder / newer.name).chmod(0o600)
    (folder / "current").write_text(newer.stem)

    assert file.load(folder).key_id == newer.stem
    masking = {info.id: info.is_current for info in file.stored_keys(folder) if info.use == "masking"}
    assert sorted(masking.values()) == [False, True]
    assert masking[newer.stem]


def test_the_list_holds_no_byte_of_a_key(folder: Path) -> None:
    told = repr(file.stored_keys(folder))

    for path in folder.glob("*.key"):
        assert json.loads(path.read_text())["key"] not in told
