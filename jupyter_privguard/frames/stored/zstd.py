"""What Zstandard has packed (RFC 8878), by whichever library for it is there: Python has none before 3.14."""

from __future__ import annotations

import io
from collections.abc import Iterator

from .limits import Unreadable

__all__ = ["ZSTD", "chunks_of_zstd"]

ZSTD = b"\x28\xb5\x2f\xfd"
_STEP = 2**20
_WINDOW = 2**27
"""Bytes of the past that a stream may refer to."""


def chunks_of_zstd(data: bytes) -> Iterator[bytes]:
    """What is packed in ``data``, in steps; Unreadable where no library is there, ValueError where it is damaged."""
    try:
        import zstandard
    except ImportError:
        yield from _by_arrow(data)
        return
    try:
        maker = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        with maker.stream_reader(io.BytesIO(data), read_across_frames=True) as reader:
            while chunk := reader.read(_STEP):
                yield chunk
    except zstandard.ZstdError:
        raise ValueError from None


def _by_arrow(data: bytes) -> Iterator[bytes]:
    try:
        import pyarrow
    except ImportError:
        raise Unreadable("what Zstandard has packed is not read without pyarrow or zstandard; install one") from None
    with pyarrow.CompressedInputStream(pyarrow.BufferReader(data), "zstd") as reader:
        while chunk := reader.read(_STEP):
            yield chunk
