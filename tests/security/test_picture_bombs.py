"""Pictures that are small in a file and huge when drawn: a scan looks through them without drawing any."""

from __future__ import annotations

import base64
import json
import struct
import tracemalloc
import zlib
from pathlib import Path

import pytest

from tests.command_line import Run

SIDE = 30_000
MOST = 400 * 2**20
"""Bytes that a scan may hold at a time: a file is read into one large buffer. Unpacked, either has more than twice."""


def png(side: int, *parts: tuple[bytes, bytes]) -> bytes:
    made = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)), *parts, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in made
    )


def zeros(count: int, times: int) -> bytes:
    """``count * times`` zeros, packed as zlib would, from one block that stands there again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(count)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\xda" + block * times + b"\x03\x00" + struct.pack(">I", (count * times % 65521) << 16 | 1)


def black() -> bytes:
    """A whole picture of 900 million black points."""
    return png(SIDE, (b"IDAT", zeros((SIDE + 1) * 100, SIDE // 100)))


def wordy() -> bytes:
    """A picture of one point whose packed text is as long."""
    return png(1, (b"zTXt", b"Comment\0\0" + zeros(3_000_000, 300)), (b"IDAT", zlib.compress(b"\0\0")))


BOMBS = {"points": black, "text": wordy}


def notebook(*outputs: dict[str, object]) -> str:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1, "source": ["1"], "outputs": outputs}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def shown(picture: bytes) -> dict[str, object]:
    data = {"image/png": base64.b64encode(picture).decode(), "text/plain": ["<Figure size 640x480>"]}
    return {"output_type": "display_data", "metadata": {}, "data": data}


def printed(text: str) -> dict[str, object]:
    return {"output_type": "stream", "name": "stdout", "text": [text]}


def test_they_are_what_they_say() -> None:
    packer = zlib.decompressobj()
    assert packer.decompress(zeros(1000, 30)) == bytes(30_000) and packer.eof
    assert all(len(bomb()) < 2 * 2**20 for bomb in BOMBS.values())


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_scan_of_one_stays_small_and_finds_what_is_beside_it(privguard: Run, bomb: str) -> None:
    picture = BOMBS[bomb]()
    Path("picture.png").write_bytes(picture)
    Path("clean.ipynb").write_text(notebook(shown(picture), printed("epoch 1\n")))
    Path("leaking.ipynb").write_text(notebook(shown(picture), printed("to zq.canary@corp.example\n")))

    tracemalloc.start()
    try:
        codes = {path: privguard("scan", "--jobs", "1", path) for path in ("picture.png", "clean.ipynb")}
        code, out, err = privguard("scan", "--jobs", "1", "leaking.ipynb")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert [found[0] for found in codes.values()] == [0, 0]
    assert code == 1 and out.count("EMAIL_ADDRESS") == 1 and "canary" not in out + err
    assert peak < MOST
