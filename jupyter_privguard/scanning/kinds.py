"""What a file is by its first bytes, where it is of a form that is not read, or that holds no table."""

from __future__ import annotations

__all__ = ["NotRead", "PassedOver", "is_without_text", "unread_form"]


class NotRead(str):
    """A half-sentence on a file that is of a form which is not read."""


class PassedOver(str):
    """The name of a file that is of a form in which there is nothing to be read."""


_UNREAD = (
    (0, b"%PDF-", "PDF is not read; save its text, or scan what it was made of"),
    (0, b"\x89HDF\r\n\x1a\n", "HDF5 (.h5, .hdf5, .keras weights, NetCDF 4) is not read; save its tables as Parquet"),
    (0, b"CDF\x01", "NetCDF is not read; save its tables as Parquet"),
    (0, b"CDF\x02", "NetCDF is not read; save its tables as Parquet"),
    (0, b"CDF\x05", "NetCDF is not read; save its tables as Parquet"),
    (0, b"MATLAB 5.0 MAT-file", "files of MATLAB are not read; save their tables as CSV"),
    (0, b"$FL2", "files of SPSS are not read; save their tables as CSV"),
    (0, b"$FL3", "files of SPSS are not read; save their tables as CSV"),
    (0, b"SR\0\4", "files of IDL are not read; save their tables as CSV"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z archives are not read; unpack it"),
    (0, b"Rar!\x1a\x07", "RAR archives are not read; unpack it"),
    (0, b"\x1f\x9d", "what compress has packed is not read; unpack it"),
    (0, b"LZIP", "what lzip has packed is not read; unpack it"),
    (0, b"\x89LZO", "what lzop has packed is not read; unpack it"),
    (0, b"\xff\x06\0\0sNaPpY", "what Snappy has packed is not read; unpack it"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "files of Office before 2007, and messages of Outlook, are not read"),
    (0, b"\0\1\0\0Standard ", "files of Access are not read; save its tables as CSV"),
    (0, b"RDX", "workspaces of R are not read; save their tables as CSV or Parquet"),
    (0, b"X\n\0\0\0", "objects of R are not read; save the table as CSV or Parquet"),
    (0, b"B\n\2\0\0\0", "objects of R are not read; save the table as CSV or Parquet"),
    (0, b"B\n\3\0\0\0", "objects of R are not read; save the table as CSV or Parquet"),
    (0, b"Obj\x01", "Avro is not read; save the table as Parquet"),
    (0, b"age-encryption.org/", "it is encrypted"),
    (0, b"Salted__", "it is encrypted"),
)
"""Where they stand, how they begin, and what is said of them."""
_WITHOUT_TEXT = (
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"BM",
    b"8BPS",
    b"\0\0\1\0",
    b"RIFF",
    b"ID3",
    b"\xff\xfb",
    b"OggS",
    b"fLaC",
    b"\x1aE\xdf\xa3",
    b"wOFF",
    b"wOF2",
    b"OTTO",
    b"\0\1\0\0\0",
    b"ttcf",
    b"\x7fELF",
    b"MZ",
    b"\xca\xfe\xba\xbe",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\0asm",
    b"!<arch>\n",
    b"\xde\x12\x04\x95",
    b"\x89PGSEAL\n",
)
"""Pictures, sound, films, fonts, programs, translations; and what `privguard seal` has made."""


def unread_form(head: bytes) -> str:
    """A half-sentence on a file that begins with ``head`` and is of a known form that is not read; else empty."""
    return next((said for at, mark, said in _UNREAD if head.startswith(mark, at)), "")


def is_without_text(head: bytes, suffix: str) -> bool:
    """Whether a file that begins with ``head`` is a picture, a sound, a font or a program."""
    is_film = head[4:8] == b"ftyp"
    return is_film or head.startswith(_WITHOUT_TEXT) or suffix in (".pyc", ".pyo", ".class", ".ds_store")
