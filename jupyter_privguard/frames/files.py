"""CSV, TSV and Parquet files in and out, with errors that name file and line, never a value."""

from __future__ import annotations

import codecs
import os
import tempfile
from pathlib import Path
from typing import Any

from .. import _files
from ..errors import InputError
from ._csv import first_ragged_line, first_undecodable_byte, keeps_leading_zeros, other_separator

__all__ = ["SUFFIXES", "check_target", "read", "write"]

SUFFIXES = (".csv", ".tsv", ".parquet")
_SEPARATORS = {",": "by commas", "\t": "by tabs", ";": "by semicolons", "|": "by bars"}

# `Any` in this file is a pandas frame: pandas is imported only when a file is read or written.


def read(path: str) -> Any:
    """The pandas frame in the CSV, TSV or Parquet file ``path``; InputError in one sentence.

    Numbers with leading zeros stay text: they are codes. Whole numbers stay whole beside gaps. A
    row with more or fewer fields than the first line is an error, not a guess.
    """
    file = Path(path)
    if file.is_dir():
        raise InputError(f"privguard: {path}: this is a folder; name a file in it.")
    if file.suffix.lower() not in SUFFIXES:
        raise InputError(f"privguard: {path}: only {', '.join(SUFFIXES)} files can be read.")
    try:
        if not file.exists():
            raise InputError(f"privguard: {path}: there is no such file.")
        if not file.is_file():  # a pipe would block, a device never end
            raise InputError(f"privguard: {path}: this is not a regular file.")
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"privguard: {path}: the file cannot be read ({error.strerror or 'I/O error'}).") from None
    if not data:
        raise InputError(f"privguard: {path}: the file is empty.")
    return _read_parquet(file, data) if file.suffix.lower() == ".parquet" else _read_csv(file, data)


def _read_csv(file: Path, data: bytes) -> Any:
    import io

    import pandas

    separator = "\t" if file.suffix.lower() == ".tsv" else ","
    _refuse_what_is_no_table(file, data, separator)
    try:
        frame = pandas.read_csv(io.BytesIO(data), sep=separator, index_col=False, low_memory=False)
        _restore_codes(frame, data, separator)
        return frame
    except pandas.errors.EmptyDataError:
        raise InputError(f"privguard: {file}: the file has no columns.") from None
    except (pandas.errors.ParserError, pandas.errors.ParserWarning, ValueError, OverflowError):
        # The library's own words quote fields of the file.
        raise InputError(f"privguard: {file}: its quotes or rows do not make a table.") from None


def _restore_codes(frame: Any, data: bytes, separator: str) -> None:
    """Undo what pandas' guess of a number changes: leading zeros, and whole numbers beside gaps."""
    import io

    import pandas

    zeros = keeps_leading_zeros(data, separator)
    doubtful = [
        position
        for position, dtype in enumerate(frame.dtypes)
        if (zeros and dtype.kind in "iuf") or (dtype.kind == "f" and _is_whole_with_gaps(frame.iloc[:, position]))
    ]
    if not doubtful:
        return
    text = pandas.read_csv(io.BytesIO(data), sep=separator, index_col=False, usecols=doubtful, dtype="str")
    for place, position in enumerate(doubtful):
        written, read = text.iloc[:, place], frame.iloc[:, position]
        if written.str.match(r"0\d").any():
            frame.isetitem(position, written.array)
        elif read.dtype.kind == "f" and not written.str.contains(r"[.eE]").any():
            # Beyond 2**53 a float no longer says which whole number was written.
            exact = bool((read.dropna().abs() < 2**53).all())
            frame.isetitem(position, read.astype("Int64").array if exact else written.array)


def _is_whole_with_gaps(values: Any) -> bool:
    known = values.dropna()
    return 0 < len(known) < len(values) and bool((known % 1 == 0).all())


def _refuse_what_is_no_table(file: Path, data: bytes, separator: str) -> None:
    if data[:4] == b"PAR1":
        raise InputError(f"privguard: {file}: this is a Parquet file; give it the ending .parquet.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(f"privguard: {file}: this is UTF-16 text; convert it to UTF-8 first.")
    bad = first_undecodable_byte(data)
    if bad is not None:
        raise InputError(f"privguard: {file}: line {_line(data, bad)} is not UTF-8 text; convert the file first.")
    nul = data.find(b"\0")
    if nul >= 0:
        raise InputError(f"privguard: {file}: line {_line(data, nul)} holds a NUL byte; this is not a text table.")
    other = other_separator(data, separator)
    if other is not None:
        usual = _SEPARATORS[separator]
        cure = "give it the ending .tsv" if other == "\t" else f"save it with fields parted {usual}"
        raise InputError(f"privguard: {file}: its fields are parted {_SEPARATORS[other]}, not {usual}; {cure}.")
    ragged = first_ragged_line(data, separator)
    if ragged is not None:
        line, found, wanted = ragged
        raise InputError(
            f"privguard: {file}: line {line} has {found} fields where the first line has {wanted}; mend that line."
        )


def _line(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _read_parquet(file: Path, data: bytes) -> Any:
    import io

    import pandas

    if data[:4] != b"PAR1" or data[-4:] != b"PAR1":
        raise InputError(f"privguard: {file}: this is not a whole Parquet file.")
    try:
        return pandas.read_parquet(io.BytesIO(data))
    except ImportError:
        raise InputError(_NEEDS_PYARROW.format("reading")) from None
    except Exception:  # noqa: BLE001 - pyarrow raises many kinds, and quotes what it read
        raise InputError(f"privguard: {file}: not a Parquet file that pyarrow can read.") from None


_NEEDS_PYARROW = "privguard: {} Parquet needs pyarrow: pip install 'jupyter-privguard[parquet]'."


def check_target(path: str) -> None:
    """InputError if ``path`` cannot be the name of a table to write; writes nothing."""
    file = Path(path)
    if file.suffix.lower() not in SUFFIXES:
        raise InputError(f"privguard: {path}: only {', '.join(SUFFIXES)} files can be written.")
    _files.check_target(file)


def write(frame: Any, path: str) -> None:
    """Write a pandas frame to a CSV, TSV or Parquet file: whole, or not at all; mode 0600.

    A row index that is more than a row number is written too. In CSV and TSV, text that a
    spreadsheet would run as a formula gets a leading apostrophe. InputError says what failed.
    """
    check_target(path)
    file = Path(path)
    suffix = file.suffix.lower()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.stem}.", suffix=suffix, dir=file.parent)
    except OSError as error:
        raise InputError(f"privguard: {path}: cannot be written ({error.strerror}).") from None
    os.close(handle)
    try:
        _write(frame, name, suffix)
        Path(name).replace(file)
    except ImportError:
        raise InputError(_NEEDS_PYARROW.format("writing")) from None
    except OSError as error:
        raise InputError(f"privguard: {path}: cannot be written ({error.strerror}).") from None
    except (ValueError, TypeError, OverflowError):
        # Doubled labels in Parquet, mixed types in a column: pyarrow's words quote values.
        raise InputError(f"privguard: {path}: this table does not fit into {suffix}; try .csv.") from None
    except Exception as error:
        if type(error).__module__.startswith("pyarrow"):
            raise InputError(f"privguard: {path}: this table does not fit into {suffix}; try .csv.") from None
        raise
    finally:
        Path(name).unlink(missing_ok=True)


def _write(frame: Any, name: str, suffix: str) -> None:
    if suffix == ".parquet":
        frame.to_parquet(name)
        return
    from .spreadsheet import defused

    defused(frame).to_csv(name, index=_has_row_labels(frame), sep="\t" if suffix == ".tsv" else ",")


def _has_row_labels(frame: Any) -> bool:
    import pandas

    return not isinstance(frame.index, pandas.RangeIndex) or frame.index.name is not None
