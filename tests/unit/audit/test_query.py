"""Questions to the log, and what answers them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from jupyter_privguard.audit.accesses import handle_of, handles_in, parts_of
from jupyter_privguard.audit.query import Access, accesses, question
from jupyter_privguard.errors import InputError
from tests.unit.audit.log_story import HANDLE, PEOPLE, story

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def ask(events: Sequence[dict[str, Any]] | None = None, **asked: str | list[str]) -> list[Access]:
    texts = {name: [text] if isinstance(text, str) else text for name, text in asked.items()}
    return list(accesses(story() if events is None else events, question(texts, NOW)))


def keys(found: list[Access]) -> list[tuple[str, str, str]]:
    return [(access.action, access.dataset, access.who) for access in found]


def test_who_saw_a_column_last_month_and_why_is_one_line() -> None:
    (found,) = ask(column="salary", how="shown", during="last month")

    assert (found.who, found.dataset, found.columns) == ("asha", "customers", ("salary",))
    assert (found.masks, found.entities) == (("salary: generalise",), ("INCOME",))
    assert (found.purpose, found.experiment, found.cell, found.tier) == ("churn", "exp-1", "1", "public")
    assert ask(column="salary", how="shown", during="this month") == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"person": "ravi", "action": "cell.run"}, [("cell.run", "orders", "ravi"), ("cell.run", "", "ravi")]),
        ({"person": "RAVI", "action": "reveal"}, [("reveal", "", "ravi")]),
        ({"dataset": "customers", "how": "joined"}, [("cell.run", "customers", "asha")]),
        ({"dataset": PEOPLE, "action": "data.load"}, [("data.load", "customers", "asha")]),
        ({"dataset": "*.parquet", "how": "joined"}, [("cell.run", "orders", "asha")]),
        ({"dataset": "df", "how": "computed"}, [("cell.run", "customers", "asha")]),
        ({"column": "sal*", "how": ["exported", "fitted"]}, [("cell.run", "m", "asha")]),
        ({"entity": "income", "how": "exported"}, [("cell.run", "m", "asha")]),
        ({"entity": "CUSTOMER_ID", "action": "reveal"}, [("reveal", "", "ravi")]),
        ({"purpose": "churn", "tier": "internal"}, [("cell.run", "m", "asha")]),
        ({"experiment": "exp-1", "outcome": "refused"}, [("cell.run", "", "ravi")]),
        ({"token": HANDLE}, [("reveal", "", "ravi")]),
        ({"token": f"{HANDLE}00112233445566778899aabb"}, [("reveal", "", "ravi")]),
        ({"column": "salary", "action": "approval.*"}, [("approval.request", "customers", "ravi")]),
        ({"since": "2026-10-28"}, [("alert", "", "asha")]),
        ({"until": "2026-10-11"}, [("key.create", "", "asha")]),
        ({"since": "2026-10-12", "until": "2026-10-12"}, [("guard.load", "", "asha")]),
    ],
)
def test_each_field_finds_what_it_asks_for(asked: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert keys(ask(**asked)) == expected


@pytest.mark.parametrize(
    "asked",
    [
        {"person": "asha rao"},
        {"dataset": "orders", "column": "salary"},  # both are in the cell, not in one data set
        {"column": "salar"},
        {"column": "[sS]alary"},
        {"entity": "IBAN"},
        {"token": "tok_7f3a9c02"},
        {"token": "enc_7f3a9c01"},
        {"experiment": "exp"},
        {"during": "2025"},
    ],
)
def test_near_misses_find_nothing(asked: dict[str, Any]) -> None:
    assert ask(**asked) == []


def test_a_cell_counts_once_unless_its_start_is_asked_for() -> None:
    assert {access.action for access in ask(person="ravi")} == {"cell.run", "reveal", "approval.request"}
    assert len(ask(outcome="started")) == 5
    assert len(ask(action="cell.start")) == 5


def test_without_a_question_everything_answers_in_order() -> None:
    found = ask()

    assert [access.seq for access in found] == sorted(access.seq for access in found)
    assert {access.seq for access in found} == {e["seq"] for e in story() if e["action"] != "cell.start"}


def test_values_that_were_masked_in_no_known_data_set_are_found_by_what_they_are() -> None:
    event = {"seq": 1, "action": "cell.run", "masked": {"IBAN": 2}, "datasets": []}

    assert [access.seq for access in ask([event], entity="IBAN")] == [1]
    assert [access.seq for access in ask([event], entity="IBAN", how="shown")] == [1]
    assert ask([event], entity="IBAN", column="iban") == []
    assert ask([event], entity="IBAN", how="exported") == []


USED = {
    "name": "people",
    "columns": ["email", "age", "city", "id"],
    "how": ["computed", "loaded", "shown"],
    "uses": {"computed": ["age"], "shown": ["city"], "kept": ["id"]},
}


@pytest.mark.parametrize(
    ("asked", "columns", "how"),
    [
        ({"column": "city", "how": "shown"}, ("city",), ("loaded", "shown")),
        ({"column": "*", "how": "shown"}, ("city",), ("loaded", "shown")),
        ({"how": "shown"}, ("city",), ("loaded", "shown")),
        ({"entity": "CITY", "how": "shown"}, ("city",), ("loaded", "shown")),
        ({"column": "age", "how": "computed"}, ("age",), ("computed", "loaded")),
        ({"column": "id", "how": "computed"}, ("id",), ("computed", "loaded")),
        ({"column": "email", "how": "loaded"}, ("email",), ("loaded",)),
        ({"column": "age"}, ("age",), ("computed", "loaded")),
        ({"dataset": "people"}, ("email", "age", "city", "id"), ("computed", "loaded", "shown")),
    ],
)
def test_the_way_of_use_is_that_of_the_column(
    asked: dict[str, str], columns: tuple[str, ...], how: tuple[str, ...]
) -> None:
    told = [{"label": label, "entity": label.upper()} for label in USED["columns"]]
    load = {"action": "data.load", "dataset": {"name": "people", "columns": told}}
    found = ask([load, {"action": "cell.run", "datasets": [USED]}], **asked, action="cell.run")

    assert [(one.columns, one.how) for one in found] == [(columns, how)]


@pytest.mark.parametrize(
    "asked",
    [
        {"column": "email", "how": "shown"},
        {"column": "email", "how": "computed"},
        {"column": "id", "how": "shown"},
        {"entity": "EMAIL", "how": "shown"},
        {"column": "city", "how": "computed"},
    ],
)
def test_a_cell_that_used_another_column_so_is_not_found(asked: dict[str, str]) -> None:
    assert ask([{"action": "cell.run", "datasets": [USED]}], **asked) == []


def test_where_an_event_does_not_tell_the_columns_of_a_way_it_was_all_of_them() -> None:
    for uses in ({}, {"uses": None}, {"uses": 3}, {"uses": {"computed": "x"}}):
        event = {"action": "cell.run", "datasets": [{"name": "d", "columns": ["a", "b"], "how": ["shown"], **uses}]}

        assert [one.columns for one in ask([event], column="a", how="shown")] == [("a",)]


def test_a_way_of_no_column_is_still_a_use_of_the_data_set() -> None:
    counted = {"name": "d", "columns": ["a"], "how": ["computed", "shown"], "uses": {"computed": [], "shown": ["a"]}}
    (found,) = ask([{"action": "cell.run", "datasets": [counted]}], how="computed")

    assert (found.dataset, found.columns) == ("d", ())


def test_shown_twice_the_more_open_view_counts() -> None:
    def shown(mask: str) -> dict[str, Any]:
        return {"dataset": "d", "columns": [{"label": "a", "entity": "IBAN", "action": mask}]}

    for masks in (("partial", "clear"), ("clear", "partial")):
        (part,) = parts_of(
            {"action": "cell.run", "shown": [shown(mask) for mask in masks], "datasets": [{"name": "d"}]}
        )
        assert part.masks == {"a": "clear"}


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"seq": "x", "action": None, "principal": 5, "datasets": 3, "shown": [1], "dataset": "x", "time": None},
        {"action": "cell.run", "datasets": [None, {"as": "x", "columns": {"a": 1}, "how": None}], "masked": [1]},
        {"action": "data.load", "dataset": {"columns": [{"label": None}], "rows": "many"}},
        {"action": "class.change", "dataset": None, "column": None},
    ],
)
def test_an_event_of_another_make_is_no_error(event: dict[str, Any]) -> None:
    ask([event])
    assert ask([event], column="salary", entity="IBAN", since="30d", token=HANDLE, person="x") == []


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ({"tier": "complience"}, "did you mean compliance?"),
        ({"outcome": "fine"}, "there are ok, error"),
        ({"action": "cell.runs"}, "did you mean cell.run?"),
        ({"how": "showed"}, "did you mean shown?"),
        ({"token": "asha@corp.example"}, "no handle"),
        ({"since": "soon"}, "no time"),
    ],
)
def test_a_word_that_no_event_could_have_is_said(asked: dict[str, str], hint: str) -> None:
    with pytest.raises(InputError) as caught:
        ask(**asked)

    assert str(caught.value).startswith("privguard: ") and hint in str(caught.value)
    assert "asha@" not in str(caught.value)


def test_a_handle_is_known_in_each_of_its_forms() -> None:
    full = "tok:hs256:bd40445a:fzqcARI0VniavN4SNFZ4mrze8BI"

    assert handle_of(full) == HANDLE
    assert handle_of(f" {HANDLE} ") == HANDLE
    assert handles_in(f"a {full}, enc_91bc0011 and tok_xyz") == {HANDLE, "enc_91bc0011"}
    assert [handle_of(text) for text in ("tok_7f3a", "token_7f3a9c01", "x", "")] == [None] * 4
