"""Files that run a command when they are unpickled: nobody unpickles them, whatever they are called."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.command_line import Run

MARK = "a command ran"
"""The file that the command makes."""


class Runs:
    """Runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (MARK,)


PAYLOAD = pickle.dumps(Runs())
TEXT_PAYLOAD = pickle.dumps(Runs(), protocol=0)
"""The oldest protocol: text without any byte that no CSV has."""


def pickled_frame() -> bytes:
    return pickle.dumps(pd.DataFrame({"email": [Runs()]}))


def numpy_file() -> bytes:
    out = io.BytesIO()
    np.save(out, np.array([Runs()], dtype=object), allow_pickle=True)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("data.pkl", PAYLOAD)
    return out.getvalue()


def parquet_with_extension_type() -> bytes:
    """pyarrow before 14.0.1 unpickled the type of such a column (CVE-2023-47248)."""
    field = pa.field(
        "email",
        pa.string(),
        metadata={"ARROW:extension:name": "arrow.py_extension_type", "ARROW:extension:metadata": TEXT_PAYLOAD},
    )
    out = pa.BufferOutputStream()
    pq.write_table(pa.table([pa.array(["a@corp.example"] * 3)], schema=pa.schema([field])), out)
    return bytes(out.getvalue())


def parquet_with_pickled_cells() -> bytes:
    out = pa.BufferOutputStream()
    pq.write_table(pa.table({"email": pa.array([PAYLOAD] * 3)}), out)
    return bytes(out.getvalue())


CONTENTS: dict[str, Callable[[], bytes]] = {
    "pickle": lambda: PAYLOAD,
    "pickle as text": lambda: TEXT_PAYLOAD,
    "pickled frame": pickled_frame,
    "pickle, compressed": lambda: gzip.compress(PAYLOAD),
    "numpy array of objects": numpy_file,
    "archive": archive,
    "pickle within a CSV": lambda: b"email,note\na@corp.example,x\n" + TEXT_PAYLOAD,
    "Parquet with a pickled type": parquet_with_extension_type,
    "Parquet with pickled cells": parquet_with_pickled_cells,
}
IS_TABLE = {
    "pickle as text": ("csv", "tsv"),
    "pickle within a CSV": ("tsv",),
    "Parquet with a pickled type": ("parquet",),
    "Parquet with pickled cells": ("parquet",),
}
ENDINGS = ("pkl", "csv", "tsv", "parquet", "csv.gz", "npy", "sealed")
COMMANDS: dict[str, list[str]] = {
    "classify": ["{}"],
    "classify ": ["{}", "--full", "--format", "json"],
    "mask": ["{}", "-o", "out.csv"],
    "seal": ["{}"],
    "unseal": ["{}", "-o", "out.parquet", "--reason", "r"],
    "demo": ["--data", "{}", "-o", "demo"],
}


def test_the_payload_is_a_real_one() -> None:
    with pytest.raises(ValueError, match="pickle"):
        np.load(io.BytesIO(numpy_file()))
    for payload in (PAYLOAD, TEXT_PAYLOAD):
        pickle.loads(payload)
        Path(MARK).rmdir()


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_runs_what_is_in_a_file(privguard: Run, content: str, command: str) -> None:
    data = CONTENTS[content]()
    for ending in ENDINGS:
        if command == "demo" and ending in IS_TABLE.get(content, ()):
            continue  # a table as any other: the demo runs on it, and takes its time
        path = Path(f"evil.{ending}")
        path.write_bytes(data)

        code, out, err = privguard(command.strip(), *(word.format(path) for word in COMMANDS[command]))

        assert not Path(MARK).exists()
        assert code in (0, 3) and "Traceback" not in out + err
        assert code == 0 or (out == "" and "privguard: " in err and "mkdir" not in err and MARK not in err)
        path.unlink()


@pytest.mark.parametrize("content", ["Parquet with a pickled type", "Parquet with pickled cells"])
def test_reading_such_a_table_in_a_demo_runs_nothing(privguard: Run, content: str) -> None:
    from jupyter_privguard.frames import read_table

    Path("evil.parquet").write_bytes(CONTENTS[content]())
    seen = read_table("evil.parquet")

    assert seen.rows == 3 and seen.distinct(0)
    assert not Path(MARK).exists()


def test_a_policy_runs_nothing(privguard: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("p.yaml").write_text(f"version: 1\nenvironment: !!python/object/apply:os.mkdir ['{MARK}']\n")
    Path("t.csv").write_text("email\na@corp.example\n")

    code, out, err = privguard("policy", "check", "p.yaml")
    assert code in (1, 3) and "Traceback" not in out + err
    monkeypatch.setenv("PRIVGUARD_POLICY", "p.yaml")
    assert privguard("mask", "t.csv", "-o", "o.csv")[0] == 3

    assert not Path(MARK).exists()
