"""Files with made-up persons and secrets in them."""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
import zlib
from typing import Any

MAIL = "asha.patel@corp.example"
AWS = "AKIA" + "Q7ZX2MNP4RTV6WYB"


def picture(text: bytes = b"Author\0" + MAIL.encode()) -> bytes:
    """A PNG of one point with a text."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"tEXt", text)]
    parts += [(b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    made = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def zipped(**members: str | bytes) -> bytes:
    """A zip file of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in members.items():
            archive.writestr(name, held)
    return out.getvalue()


def code(data: bytes) -> str:
    """As notebooks keep pictures."""
    return base64.b64encode(data).decode() + "\n"


def notebook(*outputs: Any, source: Any = "x = 1", form: int = 4, **more: Any) -> dict[str, Any]:
    """A notebook of one cell."""
    cell = {"cell_type": "code", "execution_count": 1, "id": "0f1e2d3c", "metadata": {}, "source": source}
    return {"cells": [cell | {"outputs": list(outputs)} | more], "metadata": {}, "nbformat": form, "nbformat_minor": 5}


def shown(**data: Any) -> dict[str, Any]:
    """An output of one MIME type, ``text_plain=…``."""
    return {"output_type": "display_data", "metadata": {}, "data": {k.replace("_", "/"): v for k, v in data.items()}}


def as_bytes(value: Any) -> bytes:
    """As Jupyter writes notebooks."""
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"
