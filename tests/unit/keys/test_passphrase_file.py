"""The file that holds a passphrase: its user's own and closed to others, or tightened and said, or refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_privguard.errors import KeyStoreError
from jupyter_privguard.keys import passphrase
from jupyter_privguard.keys.passphrase import read_passphrase


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase.txt"
    path.touch(0o600)
    path.write_text("correct horse\nsecond line\n")
    return path


@pytest.mark.parametrize("text", ["correct horse", "correct horse\n", "correct horse\r\n", "correct horse\nmore"])
def test_the_first_line_is_the_passphrase(file: Path, text: str) -> None:
    file.write_text(text)

    assert read_passphrase(file) == ("correct horse", [])


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o666])
def test_a_file_open_to_others_is_tightened_and_said(file: Path, mode: int) -> None:
    file.chmod(mode)

    assert read_passphrase(file) == ("correct horse", [f"privguard: tightened {file} to 0600"])
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_passphrase(file)[1] == []


def test_one_that_cannot_be_tightened_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.chmod(0o644)
    monkeypatch.setattr(os, "fchmod", lambda *_: (_ for _ in ()).throw(OSError(30, "Read-only file system")))

    with pytest.raises(KeyStoreError, match=r"is open to other accounts; run `chmod 0600"):
        read_passphrase(file)


def owned_by(monkeypatch: pytest.MonkeyPatch, uid: int) -> None:
    real = os.fstat

    def fstat(handle: int) -> os.stat_result:
        found = list(real(handle))
        found[4] = uid
        return os.stat_result(found)

    monkeypatch.setattr(passphrase.os, "fstat", fstat)
    monkeypatch.setattr(passphrase.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(passphrase.os, "fchmod", lambda *_: (_ for _ in ()).throw(PermissionError(1, "not yours")))


def test_somebody_elses_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owned_by(monkeypatch, 1001)

    with pytest.raises(KeyStoreError, match="belongs to another account"):
        read_passphrase(file)


@pytest.mark.parametrize(("mode", "is_taken"), [(0o400, True), (0o440, True), (0o444, False), (0o460, False)])
def test_one_that_a_machine_hands_out_as_roots_may_be_read_by_a_group(
    file: Path, monkeypatch: pytest.MonkeyPatch, mode: int, is_taken: bool
) -> None:
    file.chmod(mode)
    owned_by(monkeypatch, 0)

    if is_taken:
        assert read_passphrase(file) == ("correct horse", [])
    else:
        with pytest.raises(KeyStoreError, match="open to other accounts"):
            read_passphrase(file)


def _gone(path: Path) -> None:
    path.unlink()


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def _nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("/nowhere/at/all")


def _holding(data: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(data) and None


@pytest.mark.parametrize(
    "harm",
    [_gone, _folder, _pipe, _nowhere, *map(_holding, (b"", b"\n", b"\r\nx", bytes(20), b"\xff\xfe\xff"))],
)
def test_what_holds_no_passphrase_is_named_in_one_sentence(file: Path, harm: Callable[[Path], None]) -> None:
    harm(file)

    with pytest.raises(KeyStoreError) as caught:
        read_passphrase(file)

    said = str(caught.value)
    assert said.startswith(f"privguard: {file}, which PRIVGUARD_PASSPHRASE_FILE names, ")
    assert "\n" not in said and "Traceback" not in said
