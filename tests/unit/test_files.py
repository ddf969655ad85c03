"""Files appear whole or not at all; a path is looked at before any work is done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyter_privguard import _files as files
from jupyter_privguard.errors import InputError


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o777])
def test_a_file_has_the_mode_that_was_asked_for_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        files.write_atomically(tmp_path / "private", b"a")
        files.write_atomically(tmp_path / "shared", b"a", mode=0o644)
    finally:
        os.umask(before)

    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"private": 0o600, "shared": 0o644}


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"old")

    def fail(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(OSError, match="No space left"):
        files.write_atomically(target, b"new")

    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(("name", "says"), [(".", "is a folder"), ("none/file", "there is no folder")])
def test_what_cannot_become_a_file_is_one_sentence(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(InputError, match=rf"^privguard: [^\n]*{says}[^\n]*$"):
        files.check_target(tmp_path / name)


def test_a_new_and_an_old_file_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "old").touch()

    files.check_target(tmp_path / "new")
    files.check_target(tmp_path / "old")

    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_parts_that_nobody_will_finish_are_named_and_those_in_work_are_not(tmp_path: Path) -> None:
    (tmp_path / "out" / "deep" / "deeper").mkdir(parents=True)
    left = [tmp_path / ".a.csv.x1.privguard-part", tmp_path / "out" / "deep" / ".b.csv.x2.privguard-part"]
    for part in (*left, tmp_path / "out" / "deep" / "deeper" / ".c.x3.privguard-part", tmp_path / "d.privguard-part"):
        part.touch()

    with files.whole_file(tmp_path / "e.csv") as file:
        file.write(b"half")
        file.flush()

        assert files.left_parts(tmp_path) == left
    assert all(part.exists() for part in left)


def test_a_regular_file_is_read_up_to_its_bound_and_nothing_else_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"abcdef")
    os.mkfifo(tmp_path / "pipe")

    assert files.read_regular(tmp_path / "text", 10) == b"abcdef"
    assert files.read_regular(tmp_path / "text", 3) == b"abcd"  # one more says that there is more
    for odd in (tmp_path, tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(files.IrregularFile):
            files.read_regular(odd, 3)
    with pytest.raises(FileNotFoundError):
        files.read_regular(tmp_path / "none", 3)
    with pytest.raises(ValueError, match="null"):
        files.read_regular(Path("a\0b"), 3)
