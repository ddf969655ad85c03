"""Each form in which people keep data is read, or said not to be: none is passed over in silence."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import pickle
import sqlite3
import struct
import sys
import types
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pyarrow.orc
import pytest

from jupyter_privguard.scanning.findings import Finding
from jupyter_privguard.scanning.kinds import NotRead, PassedOver
from tests.unit.scanning.made_files import MAIL, zipped

Look = Callable[..., list[Finding]]

N = 30
PEOPLE = pd.DataFrame(
    {
        "customer_id": [f"K{place * 7919 % 90_000 + 10_000}" for place in range(N)],
        "email": [f"asha.patel{place}@corp.example" for place in range(N)],
        "amount": [place * 3.5 for place in range(N)],
    }
)
WANTED = {("customer_id", "CUSTOMER_ID"), ("email", "EMAIL_ADDRESS")}


def _written(write: Callable[[io.BytesIO], Any]) -> bytes:
    out = io.BytesIO()
    write(out)
    return out.getvalue()


def _stream(out: io.BytesIO) -> None:
    table = pa.Table.from_pandas(PEOPLE)
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)


def xlsx(rows: list[list[str]]) -> bytes:
    """A workbook of one sheet; a cell is XML of its own, ``s:TEXT`` a shared text."""
    shared = [cell[2:] for row in rows for cell in row if cell.startswith("s:")]
    lines = []
    at = 0
    for number, row in enumerate(rows, 1):
        cells = ""
        for column, cell in enumerate(row):
            place = f"{chr(65 + column)}{number}"
            if cell.startswith("s:"):
                cells, at = cells + f'<c r="{place}" t="s"><v>{at}</v></c>', at + 1
            else:
                cells += f'<c r="{place}"{cell}</c>'
        lines.append(f'<row r="{number}">{cells}</row>')
    texts = "".join(f"<si><r><t>{text[:2]}</t></r><r><t>{text[2:]}</t></r></si>" for text in shared)
    return zipped(
        **{
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": "<workbook/>",
            "xl/styles.xml": '<s><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></s>',
            "xl/sharedStrings.xml": f"<sst>{texts}</sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{''.join(lines)}</sheetData></worksheet>",
        }
    )


def _workbook() -> bytes:
    rows = [["s:customer_id", "s:email", ' t="inlineStr"><is><t>amount</t></is>']]
    rows += [[f"s:{row[0]}", f"s:{row[1]}", f"><v>{row[2]}</v>"] for row in PEOPLE.itertuples(index=False)]
    return xlsx(rows)


def _ods() -> bytes:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'.format
    number = '<table:table-cell office:value-type="float" office:value="{}"/>'.format
    rows = [f"{cell('customer_id')}{cell('email')}{cell('amount')}"]
    rows += [f"{cell(row[0])}{cell(row[1])}{number(row[2])}" for row in PEOPLE.itertuples(index=False)]
    lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    sheet = f'<office:spreadsheet><table:table table:name="x">{lines}{empty}</table:table></office:spreadsheet>'
    return zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": sheet})


def _database(folder: Path) -> bytes:
    file = folder / "a.db"
    store = sqlite3.connect(file)
    PEOPLE.to_sql("people", store, index=False)
    store.execute("CREATE VIEW all_of_them AS SELECT * FROM people")
    store.commit()
    store.close()
    return file.read_bytes()


READ: dict[str, Callable[[Path], bytes]] = {
    "a.csv": lambda _: PEOPLE.to_csv(index=False).encode(),
    "utf16.csv": lambda _: PEOPLE.to_csv(index=False).encode("utf-16"),
    "utf16 without a mark.csv": lambda _: PEOPLE.to_csv(index=False).encode("utf-16-le"),
    "utf32.csv": lambda _: PEOPLE.to_csv(index=False).encode("utf-32"),
    "a.csv.gz": lambda _: gzip.compress(PEOPLE.to_csv(index=False).encode()),
    "a.csv.xz": lambda _: lzma.compress(PEOPLE.to_csv(index=False).encode()),
    "a.csv.zst": lambda _: pa.compress(PEOPLE.to_csv(index=False).encode(), codec="zstd", asbytes=True),
    "a.json": lambda _: PEOPLE.to_json(orient="records").encode(),
    "split.json": lambda _: PEOPLE.to_json(orient="split").encode(),
    "keyed.json": lambda _: PEOPLE.set_index("amount", drop=False).to_json(orient="index").encode(),
    "a.jsonl": lambda _: PEOPLE.to_json(orient="records", lines=True).encode(),
    "a.parquet": lambda _: _written(lambda out: PEOPLE.to_parquet(out, compression="zstd")),
    "a.feather": lambda _: _written(lambda out: pa.feather.write_feather(PEOPLE, out)),
    "packed.arrow": lambda _: _written(lambda out: pa.feather.write_feather(PEOPLE, out, compression="zstd")),
    "a.arrows": lambda _: _written(_stream),
    "a.orc": lambda _: _written(lambda out: pa.orc.write_table(pa.Table.from_pandas(PEOPLE), out)),
    "old.dta": lambda _: _written(lambda out: PEOPLE.to_stata(out, write_index=False, version=114)),
    "new.dta": lambda _: _written(lambda out: PEOPLE.to_stata(out, write_index=False, version=118)),
    "a.xlsx": lambda _: _workbook(),
    "a.ods": lambda _: _ods(),
    "a.sqlite": _database,
    "in.zip": lambda folder: zipped(**{"a.db": _database(folder)}),
    "a.pkl": lambda _: pickle.dumps(PEOPLE),
    "a.pkl.zst": lambda _: pa.compress(pickle.dumps(PEOPLE), codec="zstd", asbytes=True),
    "polars.pkl": lambda _: pickle.dumps({"table": pl.from_pandas(PEOPLE)}),
    "one of polars.pkl": lambda _: pickle.dumps([pl.from_pandas(PEOPLE)[name] for name in PEOPLE]),
}


@pytest.mark.parametrize("name", READ)
def test_tables_are_judged_by_column_in_every_form(name: str, found: Look, tmp_path: Path) -> None:
    problems: list[str] = []
    data = READ[name](tmp_path)
    if name == "a.sqlite":
        name = str(tmp_path / "a.db")

    findings = found(name, data, problems)

    assert {(one.place.column, one.entity) for one in findings} == WANTED
    assert {one.count for one in findings} == {N}
    assert not problems
    assert "asha" not in str(findings)


def test_tables_of_duckdb(found: Look, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    file = tmp_path / "a.duckdb"
    with duckdb.connect(file) as store:
        store.register("people", PEOPLE)
        store.execute("CREATE TABLE kept AS SELECT * FROM people")
        store.execute("CREATE VIEW shown AS SELECT * FROM read_csv('/etc/passwd')")
    before = file.read_bytes()

    findings = found(str(file), before)

    assert {(one.place.part, one.place.column, one.entity) for one in findings} == {
        ("table kept", *one) for one in WANTED
    }
    assert file.read_bytes() == before and list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("package", ["pyarrow", "duckdb"])
def test_what_needs_a_package_that_is_not_there_is_said(
    package: str, found: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["a.parquet", "a.feather", "a.orc", "a.pkl.zst", "polars.pkl"] if package == "pyarrow" else ["a.duckdb"]
    made = {name: READ[name](tmp_path) if name in READ else b"\0" * 8 + b"DUCK" + b"\0" * 5_000 for name in names}
    for name in [package, "zstandard", *(one for one in sys.modules if one.partition(".")[0] == package)]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "jupyter_privguard.frames._parquet", raising=False)
    for name, data in made.items():
        problems: list[str] = []
        assert found(str(tmp_path / name), data, problems) == []
        assert len(problems) == 1 and package in problems[0]


class _Tensor:
    """Stands for one of PyTorch: what `torch.save` pickles of it."""

    def __init__(self, cells: np.ndarray[Any, Any], *, as_parameter: bool = False) -> None:
        self.cells, self.as_parameter = cells, as_parameter


def torch_save(held: Any, monkeypatch: pytest.MonkeyPatch, **changed: Any) -> bytes:
    """As ``torch.save`` writes it: a pickle, and a member for the numbers of each tensor."""
    parts = types.ModuleType("torch"), types.ModuleType("torch._utils")
    kinds = {"<f4": "FloatStorage", "<i8": "LongStorage", "<f8": "DoubleStorage"}
    for name in kinds.values():
        setattr(parts[0], name, type(name, (), {"__module__": "torch", "__qualname__": name}))
    exec("def _rebuild_tensor_v2(*a): ...\ndef _rebuild_parameter(*a): ...", parts[1].__dict__)
    for part in parts:
        monkeypatch.setitem(sys.modules, part.__name__, part)
    storages: list[bytes] = []

    class Pickler(pickle.Pickler):
        def persistent_id(self, one: Any) -> Any:
            if isinstance(one, np.ndarray) and one.dtype.str in kinds:
                storages.append(one.tobytes())
                kind = getattr(parts[0], kinds[one.dtype.str])
                return ("storage", kind, str(len(storages) - 1), "cpu", one.size)
            return None

        def reducer_override(self, one: Any) -> Any:
            if not isinstance(one, _Tensor):
                return NotImplemented
            if one.as_parameter:
                return parts[1]._rebuild_parameter, (_Tensor(one.cells), True, {})
            steps = [step // one.cells.itemsize for step in one.cells.strides]
            told = {"offset": 0, "shape": one.cells.shape, "steps": tuple(steps)} | changed
            return parts[1]._rebuild_tensor_v2, (one.cells, told["offset"], told["shape"], told["steps"], False, {})

    out = io.BytesIO()
    Pickler(out, 2).dump(held)
    members = {f"model/data/{at}": data for at, data in enumerate(storages)}
    return zipped(**{"model/data.pkl": out.getvalue(), "model/version": b"3\n", "model/byteorder": b"little"} | members)


class Keeper:
    """A model of people's own."""

    def __init__(self, **held: Any) -> None:
        self.__dict__.update(held)


def test_checkpoints_of_pytorch(found: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.arange(N * 3, dtype="<f4").reshape(N, 3) / 7
    weights = np.linspace(-1, 1, 4_000, dtype="<f4").reshape(40, 100)
    model = Keeper(
        weight=_Tensor(weights, as_parameter=True),
        X_train=_Tensor(rows),
        note=f"made by {MAIL}",
        names=list(PEOPLE["email"]),
    )
    problems: list[str] = []

    findings = found("model.pt", torch_save({"epoch": 3, "model": model}, monkeypatch), problems)

    assert {(one.place.part, one.entity) for one in findings} == {
        ("Keeper.X_train", "TRAINING_ROWS"),
        ("Keeper.names", "EMAIL_ADDRESS"),
        ("texts in it", "EMAIL_ADDRESS"),
    }
    assert "30 rows × 3 columns" in next(one.excerpt for one in findings if one.entity == "TRAINING_ROWS")
    assert not problems


def test_weights_are_not_loaded_and_missing_numbers_are_said(found: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = _Tensor(np.zeros((3_000, 3_000), dtype="<f4"))  # packed so much better than is believed
    rows = _Tensor(np.arange(90, dtype="<f4").reshape(30, 3))
    ids = _Tensor(np.zeros(9_000_000, dtype="<i8"))
    problems: list[str] = []

    (one,) = found("a.pt", torch_save(Keeper(weight=weights, X_train=rows), monkeypatch), problems)
    assert (one.entity, problems) == ("TRAINING_ROWS", [])

    assert found("b.pt", torch_save(Keeper(ids=ids), monkeypatch), problems) == []
    assert problems == ["not all of its tensors were looked at: unpacked a member is too large to be looked at"]


@pytest.mark.parametrize(
    "changed",
    [
        {"shape": (10**9, 3), "steps": (0, 0)},
        {"offset": 10**12},
        {"offset": -5},
        {"shape": (2, 2), "steps": (10**9, 1)},
        {"shape": (30, 3), "steps": (3,)},
        {"shape": "x"},
    ],
)
def test_a_tensor_is_no_larger_than_its_numbers(
    changed: dict[str, Any], found: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = _Tensor(np.arange(N * 3, dtype="<f4").reshape(N, 3))

    assert found("model.pth", torch_save(Keeper(X_train=rows), monkeypatch, **changed)) == []


def test_safetensors(found: Look) -> None:
    rows = np.arange(N * 3, dtype="<f8").reshape(N, 3) / 7
    told = {
        "__metadata__": {"author": MAIL},
        "layer.weight": {"dtype": "F32", "shape": [4, 4], "data_offsets": [0, 64]},
        "X_train": {"dtype": "F64", "shape": [N, 3], "data_offsets": [64, 64 + rows.nbytes]},
    }
    head = json.dumps(told).encode()

    findings = found("m.safetensors", struct.pack("<Q", len(head)) + head + b"\0" * 64 + rows.tobytes())

    assert {one.entity for one in findings} == {"EMAIL_ADDRESS", "TRAINING_ROWS"}
    for data in (b"", b"\xff" * 40, struct.pack("<Q", 9) + b'{"a": [1]}', struct.pack("<Q", 2) + b"{}"):
        problems: list[str] = []
        assert found("m.safetensors", data, problems) == []
        assert bool(problems) == (len(data) > 10)


WORDS = '<w:p><w:r><w:t>Write to asha.</w:t></w:r><w:r><w:t xml:space="preserve">patel@corp.example</w:t></w:r></w:p>'
DOCUMENTS = {
    "a.docx": {"[Content_Types].xml": "<Types/>", "word/document.xml": f"<w:document>{WORDS}</w:document>"},
    "a.pptx": {"[Content_Types].xml": "<Types/>", "ppt/slides/slide1.xml": WORDS.replace("w:", "a:")},
    "a.odt": {"mimetype": "x", "content.xml": "<text:p>asha.<text:span>patel@corp.example</text:span></text:p>"},
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_values_in_documents_are_whole_though_they_are_written_in_pieces(name: str, found: Look) -> None:
    assert [one.entity for one in found(name, zipped(**DOCUMENTS[name]))] == ["EMAIL_ADDRESS"]


def test_dates_in_a_workbook_are_dates(found: Look) -> None:
    rows = [["s:name", "s:date_of_birth"]] + [
        ["s:Asha Patel", f' s="1"><v>{29_000 + day}</v>'] for day in range(0, 900, 30)
    ]

    assert ("date_of_birth", "DATE_OF_BIRTH") in {(one.place.column, one.entity) for one in found("a.xlsx", xlsx(rows))}


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_messages_are_read_without_their_encoding(encoding: str, found: Look) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = MAIL, "parcels"
    mail.set_content(
        "Card: 4111 1111 1111 1111, and much more that is said in a long line — " + "x " * 60, cte=encoding
    )
    mail.add_attachment(PEOPLE.to_csv(index=False).encode(), maintype="text", subtype="csv", filename="people.csv")

    told = {(one.place.member, one.entity) for one in found("a.eml", mail.as_bytes())}

    assert told == {
        ("headers.txt", "EMAIL_ADDRESS"),
        ("part-2.txt", "CREDIT_CARD"),
        ("part-3.csv", "EMAIL_ADDRESS"),
        ("part-3.csv", "CUSTOMER_ID"),
    }


def test_what_is_packed_one_behind_the_other_is_read(found: Look) -> None:
    for pack in (gzip.compress, lzma.compress):
        assert [one.entity for one in found("a.log.gz", pack(b"nothing\n") + pack(f"to {MAIL}\n".encode()))] == [
            "EMAIL_ADDRESS"
        ]


NOT_READ = {
    "a.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n",
    "a.h5": b"\x89HDF\r\n\x1a\n" + b"\0" * 2_000,
    "a.mat": b"MATLAB 5.0 MAT-file, made by nobody" + b"\0" * 200,
    "a.sav": b"$FL2@(#) SPSS DATA FILE" + b"\0" * 200,
    "a.7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 200,
    "a.rar": b"Rar!\x1a\x07\x01\0" + b"\0" * 200,
    "a.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "a.rds": gzip.compress(b"X\n\0\0\0\3\0\4\3\1" + b"\0" * 200),
    "a.rdata": gzip.compress(b"RDX3\nX\n\0\0\0\3" + b"\0" * 200),
    "a.avro": b"Obj\x01" + b"\0" * 200,
    "a.nobody": b"\1\2\3\0" * 200,
    "a.txt": b"\0\1\2\3" * 200,
}


@pytest.mark.parametrize("name", NOT_READ)
def test_what_is_not_read_is_said_and_its_letters_are_looked_at(name: str, found: Look) -> None:
    problems: list[str] = []

    assert found(name, NOT_READ[name], problems) == []
    assert len(problems) == 1 and isinstance(problems[0], NotRead)
    if not name.startswith("a.rd"):
        assert [one.entity for one in found(name, NOT_READ[name] + b"\0(mail " + MAIL.encode() + b")\0")] == [
            "EMAIL_ADDRESS"
        ]
    inside: list[str] = []
    assert found("a.zip", zipped(**{name: NOT_READ[name]}), inside) == []
    assert len(inside) == 1 and isinstance(inside[0], NotRead) and inside[0].startswith(name)


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a\1\0\1\0\0\0\0",
        b"wOF2\0\1\0\0" * 9,
        b"\x7fELF\2\1\1\0" * 9,
        b"RIFF\0\0\0\0WEBP" * 9,
        b"\0\0\0\x20ftypisom" * 9,
    ],
)
def test_pictures_fonts_films_and_programs_are_passed_over(data: bytes, found: Look) -> None:
    problems: list[str] = []

    assert found("a", data, problems) == []
    assert [type(one) for one in problems] == [PassedOver]


@pytest.mark.parametrize("text", ["BMW, MZ and OTTO sell", "ORCHARD ROAD", "ID3 is a tree", "GIF89 files", "MZ;a"])
def test_a_text_is_a_text_whatever_it_begins_with(text: str, found: Look) -> None:
    problems: list[str] = []

    assert [one.entity for one in found("a.txt", f"{text}; ask {MAIL}".encode(), problems)] == ["EMAIL_ADDRESS"]
    assert not problems
