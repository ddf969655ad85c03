"""What is found in which file, and what is not."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import pickle
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jupyter_privguard.scanning.findings import Finding
from tests.unit.scanning.made_files import AWS, MAIL, as_bytes, code, notebook, picture, shown

Look = Callable[..., list[Finding]]

TABLE = "   customer email\n0   a.b@corp.example\n1   c.d@corp.example"
HTML = "<table><tr><th></th><th>name</th></tr><tr><th>0</th><td>Asha Patel</td></tr></table>"
EVERYWHERE = {
    "source": notebook(source=["a = 1\n", f"b = '{AWS}'\n"]),
    "stream": notebook({"output_type": "stream", "name": "stdout", "text": [f"sent to {MAIL}\n"]}),
    "html": notebook(shown(text_html=HTML)),
    "json": notebook(shown(application_json={"deep": [{"mail": MAIL}]})),
    "unknown type": notebook(shown(**{"application_vnd.own": {"k": MAIL}})),
    "picture": notebook(shown(image_png=code(picture()))),
    "error": notebook({"output_type": "error", "ename": "E", "evalue": MAIL, "traceback": []}),
    "cell metadata": notebook(metadata={"note": MAIL}),
    "attachment": notebook(attachments={"x.png": {"image/png": code(picture())}}),
    "widget": notebook() | {"metadata": {"widgets": {"application/x+json": {"state": {"a": {"value": MAIL}}}}}},
    "format 3": {"worksheets": [{"cells": [{"cell_type": "code", "input": f"x='{MAIL}'"}]}], "nbformat": 3},
    "format 99": notebook(source=MAIL, form=99),
    "data address": notebook(shown(text_html=f"<img src='data:image/png;base64,{code(picture()).strip()}'>")),
}


@pytest.mark.parametrize("where", EVERYWHERE)
def test_everywhere_in_a_notebook(where: str, found: Look) -> None:
    problems: list[str] = []

    findings = found("n.ipynb", as_bytes(EVERYWHERE[where]), problems)

    assert findings and not problems
    assert not any(secret in str(findings) for secret in (MAIL, AWS, "Asha", "Patel"))


HARMLESS = {
    "n.ipynb": as_bytes(
        notebook(
            shown(
                text_plain=["   a    b\n", "0  1  2.5\n", "1  3  4.5"],
                image_png=code(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
            ),
            {"output_type": "stream", "name": "stdout", "text": ["epoch 1 loss 0.123 127.0.0.1:8888\n"]},
            source=[
                "commit = '9fceb02d0ae598e95dc970b74767f19372d61af8'\n",
                "u = 'c9bf9e57-1685-4c89-bafb-ff5af830be8a'\n",
            ],
        )
    ),
    "masked.ipynb": as_bytes(
        notebook(shown(text_html=HTML.replace("Asha Patel", "tok_7f3a9c…")), source="password = '[redacted]'")
    ),
    "code.py": b"password = os.environ['DB_PASSWORD']\ntoken = '${TOKEN}'\nsecret = 'your-secret-here'\n"
    b"pwd = '********'\n",
    "lock.json": json.dumps({"integrity": "sha512-" + "Ab3d" * 21 + "=="}).encode(),
    "poetry.lock": b'files = [{hash = "sha256:' + b"0a1b2c3d" * 8 + b'"}]\n',
    ".env": b"PASSWORD=${SECRET}\nAPI_KEY=<your key>\n",
    "masked.csv": b"name,email\n[redacted],a***@corp.example\ntok_7f3a9c11,[redacted]\n",
    "heads.csv": b"name,email,ssn\n",
    "style.html": b"<div class='sk-estimator-doc-link fitted sk-toggleable__content-arrow-shown'></div>",
}


@pytest.mark.parametrize("name", HARMLESS)
def test_nothing_in_what_is_harmless_or_masked(name: str, found: Look) -> None:
    assert found(name, HARMLESS[name]) == []


SECRETS = {
    "a.py": b"db = connect(password='hunter2xy')\n",
    "b.py": b'api_key: str = "Zx81kkQp02Lm"\n',
    "c.py": b"k = 'dGVzdA9xQ2vR7LmZ0pW4sT8yHb3N'\n",
    ".env": b"DB_PASSWORD=s3cr3tpw9\n",
    "d.yaml": b"db:\n  password: s3cr3tpw9\n",
    "e.json": b'{"client_secret": "s3cr3tpw9"}',
    "f.toml": b"secret_key = 's3cr3tpw9'\n",
}


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_without_a_known_form(name: str, found: Look) -> None:
    assert [one.entity for one in found(name, SECRETS[name])] == ["CREDENTIAL"]


class _Runs:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, ("executed",)


def _packed(data: bytes) -> dict[str, bytes]:
    return {
        "plain": data,
        "zlib": zlib.compress(data),
        "gzip": gzip.compress(data),
        "bz2": bz2.compress(data),
        "xz": lzma.compress(data),
        "lzma": lzma.compress(data, format=lzma.FORMAT_ALONE),
    }


@pytest.mark.parametrize("packing", ["plain", "zlib", "gzip", "bz2", "xz", "lzma"])
def test_a_pickle_is_read_and_never_loaded(
    packing: str, found: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = pickle.dumps({"rows": [MAIL], "other": _Runs()})

    findings = found("m.joblib", _packed(data)[packing])

    assert [one.entity for one in findings] == ["EMAIL_ADDRESS"]
    assert not findings[0].can_be_fixed
    assert not (tmp_path / "executed").exists()


def test_arrays_of_numpy_and_tables_of_pandas(found: Look) -> None:
    frame = pd.DataFrame({"email": [MAIL, "c@corp.example"], "name": ["Asha Patel", "Ravi Kumar"]})
    array, many, parquet = io.BytesIO(), io.BytesIO(), io.BytesIO()
    np.save(array, np.array([MAIL, "x"]))
    np.savez(many, a=np.array([MAIL]))
    frame.to_parquet(parquet)

    assert found("a.npy", array.getvalue())
    assert found("a.npz", many.getvalue())[0].place.member == "a.npy"
    assert found("f.pkl", pickle.dumps(frame))
    assert {one.entity for one in found("f.parquet", parquet.getvalue())} == {"EMAIL_ADDRESS", "PERSON_NAME"}


def test_a_history_is_read_row_by_row_and_left_as_it_is(found: Look, tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite"
    store = sqlite3.connect(file)
    store.execute("CREATE TABLE history(session, line, source, source_raw)")
    store.execute("INSERT INTO history VALUES (7, 3, ?, ?)", (f"k='{AWS}'", f"k='{AWS}'"))
    store.commit()
    store.close()
    before = file.read_bytes()

    (one,) = found(str(file), before[:16])

    assert "session 7, line 3" in str(one.place)
    assert file.read_bytes() == before and list(tmp_path.iterdir()) == [file]


def test_what_mlflow_keeps_beside_a_model(found: Look) -> None:
    split = {"columns": ["name", "age"], "data": [["Asha Patel", 41], ["Ravi Kumar", 38]]}

    assert {one.place.column for one in found("input_example.json", json.dumps(split).encode())} >= {"name"}
    served = {"dataframe_split": split}
    assert {one.place.column for one in found("serving_input_example.json", json.dumps(served).encode())} >= {"name"}
    assert found("MLmodel", f"artifact_path: model\nowner: {MAIL}\n".encode())


def test_records_in_json_lines(found: Look) -> None:
    lines = b'{"name": "Asha Patel", "phone": 1}\n{"name": "Ravi Kumar", "phone": 2}\n'

    (one, *_) = [each for each in found("r.jsonl", lines) if each.entity == "PERSON_NAME"]

    assert one.count == 2


def test_archives_in_archives(found: Look) -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.txt", f"to {MAIL}")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("in.zip", inner.getvalue())

    (one,) = found("o.zip", outer.getvalue())

    assert one.place.member == "in.zip/a.txt" and not one.can_be_fixed


def test_a_picture(found: Look) -> None:
    (one,) = found("p.png", picture())

    assert one.entity == "EMAIL_ADDRESS"


def test_a_table_is_judged_by_column(found: Look) -> None:
    data = b'name,note,n\r\n"Patel, Asha","rang +44 20 7946 0958",1\r\n"Kumar, Ravi",,2\r\n'

    assert {(one.place.column, one.entity) for one in found("t.csv", data)} == {
        ("name", "PERSON_NAME"),
        ("note", "PHONE_NUMBER"),
    }


def test_a_token_in_a_lock_file(found: Look) -> None:
    lock = {"packages": {"a": {"resolved": f"https://u:{'s3cr3tpw9'}@npm.corp.example/a", "integrity": "sha512-aB3="}}}

    assert [one.entity for one in found("package-lock.json", json.dumps(lock).encode())] == ["CREDENTIAL"]
