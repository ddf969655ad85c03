"""Tar files, plain and packed: members by name, nothing written, nothing believed of their sizes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.scanning.findings import Finding
from jupyter_privguard.scanning.pieces import Unreadable
from jupyter_privguard.scanning.tars import tar_members
from tests.unit.scanning.made_files import MAIL

Look = Callable[..., list[Finding]]
LONG = "deep/" * 60 + "notes.md"


def _tar(*names: str, form: int = tarfile.PAX_FORMAT, data: bytes = MAIL.encode(), **told: Any) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in told.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("name", ["a.md", LONG, "ü.md"])
def test_members_are_looked_at(form: int, name: str, found: Look) -> None:
    if form == tarfile.USTAR_FORMAT and name == LONG:
        name = "deep/" * 30 + "notes.md"

    (one,) = found("t.tar", _tar(name, form=form))

    assert one.place.member == name[:120] and one.entity == "EMAIL_ADDRESS" and not one.can_be_fixed


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "t.tar": bytes,
    "t.tar.gz": gzip.compress,
    "t.tgz": gzip.compress,
    "t.tar.bz2": bz2.compress,
    "t.tar.xz": lzma.compress,
    "t.tar.lz4": lambda data: pa.compress(data, codec="lz4", asbytes=True),
}


@pytest.mark.parametrize("name", PACKED)
def test_packed_ones_too(name: str, found: Look) -> None:
    problems: list[str] = []

    assert [one.entity for one in found(name, PACKED[name](_tar("a.md", "b.md")), problems)] == ["EMAIL_ADDRESS"] * 2
    assert not problems


def test_a_packed_table(found: Look) -> None:
    data = pa.compress(b"email,n\na@corp.example,1\nb@corp.example,2\n", codec="lz4", asbytes=True)

    (one,) = found("t.csv.lz4", data)

    assert (one.place.column, one.count) == ("email", 2)


@pytest.mark.parametrize("name", ["../../escaped.md", "/escaped.md", "a/../../escaped.md", "..\\escaped.md"])
def test_nothing_is_written_whatever_a_member_is_called(
    name: str, found: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    assert len(found("t.tar", _tar(name))) == 1
    assert [one.name for one in tmp_path.rglob("*")] == ["here"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_what_is_no_file_holds_nothing(kind: bytes, found: Look) -> None:
    data = _tar("a.md", type=kind, linkname="/etc/passwd", data=b"") + b""

    assert found("t.tar", data) == []


def _with_size(field: bytes) -> bytes:
    data = bytearray(_tar("a.md"))
    data[124:136] = field.ljust(12, b"\0")
    return bytes(data)


SAID = {
    "a size of all there is": (lambda: _with_size(b"77777777777"), "cut off"),
    "a size of very much": (lambda: _with_size(b"\x80" + b"\xff" * 11), "cut off"),
    "a size below zero": (lambda: _with_size(b"-1750"), "damaged"),
    "a size of letters": (lambda: _with_size(b"many"), "damaged"),
    "cut off": (lambda: _tar("a.md", data=bytes(2000))[:1600], "cut off"),
    "damaged later": (lambda: _tar("a.md")[:1024] + b"x" * 9000, "damaged"),
    "archives in archives": (lambda: _nested(5), "nested"),
    "too many": (lambda: _tar(*["a"] * 10_002, data=b""), "members"),
}


def _nested(levels: int) -> bytes:
    data = _tar("a.md")
    for _ in range(levels):
        data = _tar("a.tar", data=data)
    return data


@pytest.mark.parametrize("what", SAID)
def test_a_sentence_each(what: str, found: Look) -> None:
    made, said = SAID[what]
    problems: list[str] = []

    found("t.tar", made(), problems)

    assert problems and said in problems[0]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_ones_end(data: Any) -> None:
    made = bytearray(_tar("a.md", LONG, form=data.draw(st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))))
    for _ in range(data.draw(st.integers(1, 9))):
        made[data.draw(st.integers(0, len(made) - 1))] = data.draw(st.integers(0, 255))
    try:
        for name, held in tar_members(bytes(made)):
            assert isinstance(name, str) and len(held if isinstance(held, bytes) else b"") <= len(made)
    except Unreadable as reason:
        assert str(reason)
