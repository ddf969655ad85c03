"""Folders of the home can be used by their owner, and by nobody else, whatever the umask."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from jupyter_privguard.errors import StateError
from jupyter_privguard.settings import Home


@pytest.mark.skipif(os.name == "nt", reason="no modes there")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277, 0o777])
def test_new_folders_have_mode_0700(tmp_path: Path, umask: int) -> None:
    home = Home(tmp_path / "above" / "home")
    before = os.umask(umask)
    try:
        assert home.make() == []
    finally:
        os.umask(before)

    assert [stat.S_IMODE(path.stat().st_mode) for path in (home.root, home.keys, home.log)] == [0o700] * 3
    assert stat.S_IMODE(home.root.parent.stat().st_mode) == 0o777 & ~umask | 0o700


@pytest.mark.parametrize("what", ["file", "link to nowhere"])
def test_what_is_no_folder_is_said(tmp_path: Path, what: str) -> None:
    place = tmp_path / "home"
    if what == "file":
        place.touch()
    else:
        place.symlink_to(tmp_path / "none")

    for path in (place, place / "below"):
        if path != place and what != "file":
            continue  # it is made where the link leads
        with pytest.raises(StateError, match=r"is not a folder|cannot be made"):
            Home(path).make()
