"""Files appear whole or not at all; a path is looked at before any work is done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_privguard import _files as files
from jupyter_privguard.cli.output import write_output
from jupyter_privguard.errors import InputError
from jupyter_privguard.report.export import export

ROOT = Path(files.__file__).parents[1]


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


def test_a_pipe_or_link_that_is_called_like_a_part_is_none_and_nobody_waits_for_it(tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_bytes(b"somebody's")
    os.mkfifo(tmp_path / ".out.csv.aaaa.privguard-part")
    (tmp_path / ".out.csv.bbbb.privguard-part").symlink_to(target)
    (tmp_path / ".out.csv.cccc.privguard-part").mkdir()

    files.write_atomically(tmp_path / "out.csv", b"new")
    files.remove_left_parts(tmp_path)

    assert files.left_parts(tmp_path) == []
    assert target.read_bytes() == b"somebody's" and (tmp_path / "out.csv").read_bytes() == b"new"


def test_what_a_killed_process_left_of_any_file_goes_with_the_next_of_its_name(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from jupyter_privguard import _files\n"
        "os.fsync = lambda handle: os._exit(9)\n_files.write_atomically(Path(sys.argv[1]), b'half')\n"
    )
    target = tmp_path / "state.json"
    target.write_bytes(b"old")

    ended = subprocess.run([sys.executable, "-c", script, str(target)], cwd=ROOT, timeout=60, check=False)

    assert ended.returncode == 9 and target.read_bytes() == b"old"
    assert len(files.left_parts(tmp_path)) == 1, "a part that nobody will finish is there"
    files.write_atomically(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"] and target.read_bytes() == b"new"


def test_where_only_the_name_may_be_lost_the_file_is_there_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(folder: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "sync_folder", fail)

    with pytest.raises(files.Unsettled, match="Input/output error"):
        files.write_atomically(tmp_path / "state.json", b"new")
    with pytest.raises(InputError, match=r"^privguard: [^\n]*was written, but a loss of power may undo that[^\n]*$"):
        export("<p>", tmp_path / "page.html", lambda digest: None)
    with pytest.raises(InputError, match="was written"):
        write_output(tmp_path / "list.txt", b"a")

    assert (tmp_path / "state.json").read_bytes() == b"new"
    assert (tmp_path / "page.html").read_bytes() == b"<p>" and (tmp_path / "list.txt").read_bytes() == b"a"
