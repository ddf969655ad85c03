"""What readers and writers were told to read or write, as the log calls it."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.frames.engines._hooks import target_of


@pytest.fixture
def archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text("a\n1\n")
    with zipfile.ZipFile("all.zip", "w") as made:
        made.write("people.csv")
    with tarfile.open("all.tar", "w") as made:
        made.add("people.csv")


@pytest.mark.usefixtures("archives")
def test_a_file_in_an_archive_is_none_beside_it() -> None:
    with zipfile.ZipFile("all.zip") as opened, opened.open("people.csv") as file:
        assert target_of(file) == "all.zip/people.csv"
        assert target_of(io.TextIOWrapper(file)) == "all.zip/people.csv"
    with zipfile.ZipFile(io.BytesIO(Path("all.zip").read_bytes())) as opened, opened.open("people.csv") as file:
        assert target_of(file) == "people.csv"
    with tarfile.open("all.tar") as opened:
        assert str(target_of(opened.extractfile("people.csv"))).startswith("all.tar")


@pytest.mark.usefixtures("archives")
def test_other_targets() -> None:
    with Path("people.csv").open() as file:
        assert target_of(file) == "people.csv"
    others: list[tuple[Any, str | None]] = [("a.csv", "a.csv"), (Path("b") / "c", "b/c"), (io.StringIO(), None)]
    assert [target_of(given) for given, _ in others] == [target for _, target in others]
