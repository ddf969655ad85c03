"""``privguard doctor``: what would stop the next cell is found before it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.diagnose import diagnose
from jupyter_privguard.errors import LogUnavailable
from jupyter_privguard.settings import Home


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], dict[str, tuple[bool, str]]]:
    """Name of each check, whether it is good and what it says, for a home."""
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)

    def run(home: Path) -> dict[str, tuple[bool, str]]:
        monkeypatch.setenv("PRIVGUARD_HOME", str(home))
        return {check.name: (check.good, f"{check.state} {check.cure}") for check in diagnose()}

    return run


def unwritable(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """As for a user who may not write ``folder``; a mode would not stop root, under whom tests may run."""
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder and allowed(path, mode))


def test_a_home_that_can_be_made_is_good_and_is_not_made(
    tmp_path: Path, checks: Callable[[Path], dict[str, tuple[bool, str]]]
) -> None:
    found = checks(tmp_path / "a" / "home")

    assert all(found[name][0] for name in ("policy", "home", "keys", "log"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["home", "home/log", "."])
def test_a_home_that_cannot_be_written_is_found(
    folder: str,
    tmp_path: Path,
    checks: Callable[[Path], dict[str, tuple[bool, str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if folder != ".":
        runtime.keyring(Home(tmp_path / "home"))
    unwritable(monkeypatch, tmp_path / folder)

    good, said = checks(tmp_path / "home")["home"]

    assert not good and str(tmp_path / folder) in said and "PRIVGUARD_HOME" in said


def test_a_file_in_the_place_of_the_home_is_found(
    tmp_path: Path, checks: Callable[[Path], dict[str, tuple[bool, str]]]
) -> None:
    (tmp_path / "file").touch()

    for home in (tmp_path / "file", tmp_path / "file" / "home"):
        good, said = checks(home)["home"]
        assert not good and "is not a folder" in said


def test_a_home_of_somebody_else_is_found(
    tmp_path: Path, checks: Callable[[Path], dict[str, tuple[bool, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)

    good, said = checks(tmp_path)["home"]

    assert not good and "another account" in said


def test_a_home_that_cannot_be_looked_into_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", denied)

    for look in (runtime.has_log, runtime.log_reader):
        with pytest.raises(LogUnavailable, match=r"^privguard: [^\n]*Permission denied[^\n]*$"):
            look(Home(tmp_path))


def test_keys_that_are_missing_beside_a_log_are_not_to_be_made_anew(
    tmp_path: Path, checks: Callable[[Path], dict[str, tuple[bool, str]]]
) -> None:
    home = Home(tmp_path / "home")
    runtime.keyring(home)
    for key in home.keys.iterdir():
        key.unlink()

    good, said = checks(home.root)["keys"]

    assert not good and "put them back" in said and "keys init" not in said
