"""The two formats in which the log leaves the store."""

from __future__ import annotations

import csv as csv_reader
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from jupyter_privguard.audit.exporters import csv, jsonl
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader

MakeEvent = Callable[..., dict[str, Any]]


def table(events: list[dict[str, Any]]) -> list[dict[str, str]]:
    text = b"".join(csv.rows(events)).decode()
    return list(csv_reader.DictReader(io.StringIO(text, newline="")))


def test_json_lines_are_the_stored_lines(log: AuditLog, make_event: MakeEvent, reader: Callable[[], LogReader]) -> None:
    stored = [log.append(make_event(note="पुणे, \u2028")) for _ in range(3)]

    data = b"".join(jsonl.rows(reader().lines()))

    assert data.count(b"\n") == 3
    assert [json.loads(line) for line in data.split(b"\n")[:-1]] == stored


def test_a_table_row_says_who_did_what_to_which_data() -> None:
    event = {
        "seq": 2,
        "time": "2026-11-25T12:00:00.001Z",
        "action": "cell.run",
        "principal": {"id": "asha", "assurance": "os"},
        "outcome": "ok",
        "cell": {"execution_count": 3, "source": "df.head()", "id": "c1"},
        "datasets": [{"name": "customers", "how": ["shown"]}, {"name": "orders"}],
        "masked": {"EMAIL_ADDRESS": 5, "IBAN": 2},
        "sinks": [{"kind": "file", "target": "out.csv"}],
        "reason": None,
        "extra": {"a": 1},
    }

    (row,) = table([event])

    assert row["principal"] == "asha"
    assert row["execution_count"] == "3"
    assert row["datasets"] == "customers; orders"
    assert row["masked"] == "EMAIL_ADDRESS 5; IBAN 2"
    assert row["sinks"] == "out.csv"
    assert row["reason"] == ""
    assert json.loads(row["other"]) == {"cell": {"id": "c1"}, "extra": {"a": 1}}
    assert tuple(row) == csv.COLUMNS


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", "\n=", " =", "\uff1d"])
@pytest.mark.parametrize("field", ["purpose", "session", "notebook"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(field: str, start: str) -> None:
    value = f"{start}HYPERLINK(1)"

    (row,) = table([{field: value}])

    assert row[field] == f"'{value}"


@pytest.mark.parametrize("value", ["churn-model", "a=b", "1-2", "-5", "'=x", "", "x\n=y"])
def test_other_cells_stay_as_they_are(value: str) -> None:
    (row,) = table([{"purpose": value}])

    assert row["purpose"] == value


def test_names_inside_lists_are_defused_too() -> None:
    (row,) = table([{"datasets": [{"name": "=cmd()"}], "principal": {"id": "@SUM(1)"}, "cell": {"source": "-f()"}}])

    assert (row["datasets"], row["principal"], row["source"]) == ("'=cmd()", "'@SUM(1)", "'-f()")


def test_an_empty_log_is_a_header() -> None:
    assert b"".join(csv.rows([])).decode() == ",".join(csv.COLUMNS) + "\r\n"
