"""Tables of Arrow, ORC, Stata, SAS and DuckDB, part by part as frames of pandas: read and never run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Literal, NamedTuple

from .limits import Unreadable

__all__ = ["ARROW_STREAM", "Form", "form_of", "frames_in", "is_duckdb", "tables_of_duckdb"]

_ROWS = 20_000
"""Rows that are looked at at once."""
_VECTORS = 10
"""The same of DuckDB, in vectors of 2,048 rows."""


class Form(NamedTuple):
    """A form of tables, what it is called, and what reads it."""

    called: str
    needs: str
    """The package without which it cannot be read."""
    read: Callable[[BinaryIO], Iterator[Any]]


def form_of(head: bytes, suffix: str) -> Form | None:
    """The form of a file that begins with ``head`` and is called so; None for others."""
    for form, marks, suffixes in _FORMS:
        if (marks and head.startswith(marks) and (b"\0" in head or len(marks[0]) > 8)) or suffix in suffixes:
            return form
    return None


def frames_in(form: Form, file: BinaryIO) -> Iterator[Any]:
    """The rows of the table in ``file``, in frames of pandas; Unreadable where it is none, or its reader is missing."""
    try:
        yield from form.read(file)
    except Unreadable:
        raise
    except ImportError:
        raise Unreadable(f"{form.called} is not read without {form.needs}; install it") from None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the readers raise many kinds, and quote what they read
        raise Unreadable(f"it cannot be read as {form.called}, or not to its end") from None


def _arrow_file(file: BinaryIO) -> Iterator[Any]:
    import pyarrow.ipc

    reader = pyarrow.ipc.open_file(file)
    for at in range(reader.num_record_batches):
        yield from _rows_of(reader.get_batch(at))


def _arrow_stream(file: BinaryIO) -> Iterator[Any]:
    import pyarrow.ipc

    for batch in pyarrow.ipc.open_stream(file):
        yield from _rows_of(batch)


def _feather(file: BinaryIO) -> Iterator[Any]:
    import pyarrow.feather

    yield from _rows_of(pyarrow.feather.read_table(file))


def _orc(file: BinaryIO) -> Iterator[Any]:
    import pyarrow.orc

    stored = pyarrow.orc.ORCFile(file)
    for at in range(stored.nstripes):
        yield from _rows_of(stored.read_stripe(at))


def _rows_of(part: Any) -> Iterator[Any]:
    """Frames of a batch or table of Arrow, whose own word for its lengths is not believed."""
    import pyarrow as pa

    part.validate(full=True)
    table = pa.Table.from_batches([part]) if isinstance(part, pa.RecordBatch) else part
    names = table.column_names
    if len(set(names)) < len(names):
        table = table.rename_columns([f"{name} {at}" if name in names[:at] else name for at, name in enumerate(names)])
    for start in range(0, table.num_rows, _ROWS):
        yield table.slice(start, _ROWS).to_pandas(strings_to_categorical=False, ignore_metadata=True)


def _stata(file: BinaryIO) -> Iterator[Any]:
    import pandas

    with pandas.read_stata(file, chunksize=_ROWS, convert_categoricals=False) as reader:
        yield from reader
        for name, labels in reader.value_labels().items():
            yield pandas.DataFrame({name: [str(label) for label in labels.values()]})


def _sas(form: Literal["sas7bdat", "xport"]) -> Callable[[BinaryIO], Iterator[Any]]:
    def read(file: BinaryIO) -> Iterator[Any]:
        import pandas

        with pandas.read_sas(file, format=form, chunksize=_ROWS, encoding="latin-1") as reader:
            yield from reader

    return read


ARROW_STREAM = Form("an Arrow stream", "pyarrow", _arrow_stream)
"""A form that polars pickles too."""
_FORMS: tuple[tuple[Form, tuple[bytes, ...], frozenset[str]], ...] = (
    (Form("Arrow", "pyarrow", _arrow_file), (b"ARROW1",), frozenset()),
    (ARROW_STREAM, (b"\xff\xff\xff\xff",), frozenset()),
    (Form("Feather", "pyarrow", _feather), (b"FEA1",), frozenset()),
    (Form("ORC", "pyarrow", _orc), (b"ORC",), frozenset()),
    (Form("a file of Stata", "pandas", _stata), (b"<stata_dta>",), frozenset({".dta"})),
    (Form("a file of SAS", "pandas", _sas("sas7bdat")), (), frozenset({".sas7bdat"})),
    (Form("a file of SAS", "pandas", _sas("xport")), (b"HEADER RECORD*******LIB",), frozenset()),
)


def is_duckdb(head: bytes) -> bool:
    """Whether a file begins as those of DuckDB do."""
    return head[8:12] == b"DUCK"


def tables_of_duckdb(path: str) -> Iterator[tuple[str, Iterator[Any]]]:
    """Each table of the DuckDB file ``path`` and its rows in frames; Unreadable where it cannot be read.

    Tables alone, for a view may compute anything; opened for reading, without a way to other files or extensions.
    """
    try:
        import duckdb
    except ImportError:
        raise Unreadable("DuckDB is not read without duckdb; install it") from None
    try:
        with duckdb.connect(path, read_only=True, config=_CLOSED) as store:
            store.execute("SET enable_external_access = false; SET lock_configuration = true")
            names = store.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal").fetchall()
            for schema, name in names:
                quoted = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name))
                found = store.execute(f"SELECT * FROM {quoted}")  # noqa: S608 - names, quoted
                yield str(name), _chunks_of_duckdb(found)
    except duckdb.Error:
        raise Unreadable("it cannot be read as DuckDB, or not to its end; it may be open in another process") from None


_CLOSED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "512MB",
    "threads": "1",
}


def _chunks_of_duckdb(found: Any) -> Iterator[Any]:
    while len(frame := found.fetch_df_chunk(_VECTORS)):
        yield frame
