"""``privguard doctor``: what would stop the next cell is found before it."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_privguard import diagnose as package
from jupyter_privguard import runtime
from jupyter_privguard.diagnose import Check, _plain_copies, diagnose
from jupyter_privguard.diagnose import checks as all_checks
from jupyter_privguard.errors import LogUnavailable
from jupyter_privguard.settings import Home


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], dict[str, tuple[bool, str]]]:
    """Name of each check, whether it is good and what it says, for a home."""
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    monkeypatch.setattr(package, "_CHECKS", package._CHECKS[:-2])  # those two start Jupyter's own programs

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


def test_without_a_team_store_that_is_said(
    tmp_path: Path, checks: Callable[[Path], dict[str, tuple[bool, str]]]
) -> None:
    good, said = checks(tmp_path / "home")["store"]

    assert good and "no team store" in said


def test_each_check_is_told_before_the_next_one_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def one(name: str) -> tuple[str, Callable[[], Check]]:
        return name, lambda: begun.append(name) or Check(name, True, "fine")

    monkeypatch.setattr(package, "_CHECKS", (one("quick"), one("slow")))

    assert next(all_checks()).name == "quick" and begun == ["quick"]


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

    monkeypatch.setattr(Path, "lstat", denied)

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


def _files_check(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    monkeypatch.setenv("PRIVGUARD_HOME", str(folder / "home"))
    monkeypatch.chdir(folder)
    return _plain_copies()


def test_plain_copies_in_the_folder_are_found_and_masked_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = "email,n\n" + "".join(f"asha{n}@corp.example,{n}\n" for n in range(300))
    masked = "email,n\n" + "".join(f"***@gmail.com,{n}\n" for n in range(300))
    tokens = "customer_id,n\n" + "".join(f"tok:hs256:0a1b2c3d:{n:043d},{n}\n" for n in range(30))
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    for name in ("people.csv", "a/people.tsv", "a/b/p.csv", "a/b/c/deep.csv", ".hidden/people.csv", "people.txt"):
        (tmp_path / name).write_text(table.replace(",", "\t") if name.endswith("tsv") else table)
    for name, text in {
        "masked.csv": masked,
        "tokens.csv": tokens,
        "sums.csv": "n,sum\n1,2\n",
        "bad.csv": "a,b\n1\n",
    }.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "link.csv").symlink_to("people.csv")
    (tmp_path / "jane.doe@corp.example.csv").write_text(table)

    check = _files_check(tmp_path, monkeypatch)

    assert not check.good and "seal" in check.cure and "mask" in check.cure
    named = [
        part.split(" (")[0] for part in check.state.removeprefix("direct identifiers stand in plain in ").split("; ")
    ]
    assert named == ["[redacted]", "people.csv", "a/people.tsv", "a/b/p.csv"]
    assert check.state.count("EMAIL_ADDRESS") == 4 and "asha" not in check.state and "jane" not in check.state


@pytest.mark.parametrize("name", ["semicolons.csv", "tabs.csv", "bars.csv", "commas.tsv", "packed.csv.gz"])
def test_a_plain_copy_is_found_however_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    mark = {"semicolons": ";", "tabs": "\t", "bars": "|"}.get(name.partition(".")[0], ",")
    text = f"email{mark}n\n" + "".join(f"asha{n}@corp.example{mark}{n}\n" for n in range(30))
    (tmp_path / name).write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())

    check = _files_check(tmp_path, monkeypatch)

    assert not check.good and name in check.state


def test_many_plain_copies_are_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(30):
        (tmp_path / f"f{n:02}.csv").write_text("email\na@corp.example\nb@corp.example\n")

    said = _files_check(tmp_path, monkeypatch).state

    assert said.count(".csv") == 5 and said.endswith("and in more files")


def test_a_folder_without_tables_is_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _files_check(tmp_path, monkeypatch).good


def test_of_a_long_file_the_first_rows_are_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "long.csv").open("w") as out:
        out.write("email,note\n" + 'a@corp.example,"x\ny"\n' * 40_000 + "ragged\n")

    assert "long.csv (EMAIL_ADDRESS)" in _files_check(tmp_path, monkeypatch).state


def test_parts_left_by_a_killed_command_are_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checks: Callable[[Path], dict[str, tuple[bool, str]]]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert checks(tmp_path / "home")["parts"][0]

    (tmp_path / ".out.csv.a1b2.privguard-part").write_text("half")
    good, said = checks(tmp_path / "home")["parts"]

    assert not good and ".out.csv.a1b2.privguard-part" in said and "Delete" in said
    assert (tmp_path / ".out.csv.a1b2.privguard-part").exists()
