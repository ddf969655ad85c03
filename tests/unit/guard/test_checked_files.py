"""Text files that refuse what a judge refuses."""

from __future__ import annotations

import builtins
import csv
import io
import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from jupyter_privguard.errors import Refused
from jupyter_privguard.guard.files.checked_files import CheckedFiles


class Judge:
    """Refuses the word secret in files that are not called free."""

    def is_checked(self, path: str) -> bool:
        return "free" not in path

    def check_text(self, text: str, path: str) -> None:
        if "secret" in text:
            raise Refused("privguard: no.", "files")

    def checked(self) -> nullcontext[None]:
        return nullcontext()


@pytest.fixture(autouse=True)
def checked():
    files = CheckedFiles(Judge())
    files.install()
    yield
    files.restore()


def test_what_is_refused_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"

    with path.open("w") as file:
        file.write("before\n")
        with pytest.raises(Refused):
            file.write("a secret\n")
        with pytest.raises(Refused):
            print("secret", file=file)
        with pytest.raises(Refused):
            file.writelines(["harmless", "secret"])
        with pytest.raises(Refused):
            csv.writer(file).writerow(["secret", 1])
        with pytest.raises(Refused):
            json.dump({"a": "secret"}, file)
    with pytest.raises(Refused):
        path.with_name("b.txt").write_text("secret")

    assert path.read_text().startswith("before\n") and "secret" not in path.read_text()
    assert path.with_name("b.txt").read_text() == ""


@pytest.mark.parametrize("mode", ["w", "a", "x", "w+", "r+"])
def test_a_checked_file_is_a_text_file_as_any(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a.txt"
    if mode == "r+":
        path.write_text("")

    with open(path, mode, encoding="latin-1", newline="\r\n") as file:
        assert isinstance(file, io.TextIOWrapper)
        assert (file.mode, file.encoding, file.name) == (mode, "latin-1", str(path))
        file.write("é\n")

    assert path.read_bytes() == "é\r\n".encode("latin-1")


def test_reading_bytes_and_other_files_are_as_ever(tmp_path: Path) -> None:
    (tmp_path / "free.txt").write_text("secret")
    (tmp_path / "a.bin").write_bytes(b"secret")

    assert (tmp_path / "free.txt").read_text() == "secret"
    assert type(open(tmp_path / "a.bin", "rb").__enter__()) is io.BufferedReader  # noqa: SIM115


def test_it_goes_away() -> None:
    files = CheckedFiles(Judge())
    before = builtins.open
    files.install()

    assert builtins.open is not before
    files.restore()

    assert builtins.open is before and io.open is before
