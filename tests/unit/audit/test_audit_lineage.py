"""Where columns come from: as recorded, else by name and use, and always said which."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

from jupyter_privguard.audit.lineage import Lineage, as_fields, lineage
from jupyter_privguard.audit.lineage_names import Keys
from jupyter_privguard.audit.lineage_views import as_svg, as_text
from jupyter_privguard.errors import InputError
from tests.unit.audit.log_story import ORDERS, PEOPLE, story, touched

Origins = dict[str, list[tuple[str, str, str]]]


def origins(found: Lineage, frame: int = 0) -> Origins:
    return {
        column.label: [(found.frames[o.frame].name, o.label, o.basis) for o in column.origins]
        for column in found.frames[frame].columns
    }


def with_parents(parents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The story, where the guard saw how `m` was made."""
    events = story()
    for event in events:
        for dataset in event.get("datasets") or ():
            if dataset["name"] == "m":
                dataset["parents"] = parents
    return events


def test_what_was_recorded_is_what_is_told() -> None:
    told = [
        {"name": "customers", "columns": {"cid": ["cid"], "salary": ["salary"], "share": ["salary"]}},
        {"name": "orders", "columns": {"amount": ["amount"], "share": ["amount"]}},
    ]

    found = lineage(with_parents(told), "m")

    assert [frame.name for frame in found.frames] == ["m", "customers", "orders"]
    assert origins(found)["share"] == [("customers", "salary", "recorded"), ("orders", "amount", "recorded")]
    assert origins(found)["email"] == []
    assert found.is_recorded


def test_where_nothing_was_recorded_names_and_use_are_told_as_such() -> None:
    found = lineage(story(), "m")

    assert origins(found)["salary"] == [("customers", "salary", "by name")]
    assert origins(found)["cid"] == [("customers", "cid", "by name"), ("orders", "cid", "by name")]
    assert origins(found)["share"] == [
        ("customers", "cid", "by use"),
        ("customers", "salary", "by use"),
        ("orders", "cid", "by use"),
        ("orders", "amount", "by use"),
    ]
    assert not found.is_recorded
    assert [frame.source for frame in found.frames] == ["", PEOPLE, ORDERS]
    assert [column.entity for column in found.frames[0].columns] == ["CUSTOMER_ID", "EMAIL_ADDRESS", "INCOME", "", ""]


def test_a_table_that_was_read_comes_from_its_source_alone() -> None:
    found = lineage(story(), "customers")

    assert [frame.name for frame in found.frames] == ["customers"]
    assert found.frames[0].variables == ("df",)
    assert set(map(tuple, origins(found).values())) == {()}
    assert found.is_recorded


def test_a_variable_is_followed_to_its_data_set() -> None:
    assert lineage(story(), "df").frames == lineage(story(), "customers").frames


def test_a_data_set_comes_before_others_that_a_variable_of_that_name_holds_parts_of() -> None:
    events = story()
    for event in events:
        for dataset in event.get("datasets") or ():
            if dataset["name"] == "orders":
                dataset["as"] = ["m", "orders"]
    later = {
        "seq": 99,
        "session": "s1",
        "action": "cell.run",
        "datasets": [touched("orders", ORDERS, ["cid"], ["computed"], "m")],
    }

    assert lineage([*events, later], "m").frames[0].name == "m"


def test_parents_are_read_as_a_list_of_labels_too() -> None:
    found = lineage(with_parents([{"name": "orders", "columns": [{"label": "share", "from": ["amount"]}]}]), "m")

    assert origins(found)["share"] == [("orders", "amount", "recorded")]


def alike() -> list[dict[str, Any]]:
    """Two files and a table of one name, and a table that was made of one file and the table."""
    sources = {"a": "in/a/people.csv", "b": "in/b/people.csv", "t": "club.db"}
    made = touched("m", None, ["mail", "lat"], ["computed"], "m")
    made["parents"] = [
        {"name": "people", "source": sources["b"], "columns": [{"label": "mail", "from": ["mail"]}]},
        {"name": "people", "source": sources["t"], "columns": [{"label": "lat", "from": ["lat"]}]},
    ]
    cells = [[touched("people", source, ["mail", "lat"], ["loaded"], name)] for name, source in sources.items()]
    cells.append([touched("people", sources[name], ["mail"], ["computed"], name) for name in ("b", "t")] + [made])
    return [
        {"seq": number, "session": "s1", "action": "cell.run", "datasets": datasets}
        for number, datasets in enumerate(cells, 1)
    ]


@pytest.mark.parametrize(
    ("name", "sources"),
    [
        ("a", ["in/a/people.csv"]),
        ("b", ["in/b/people.csv"]),
        ("t", ["club.db"]),
        ("m", ["", "in/b/people.csv", "club.db"]),
        ("in/a/people.csv", ["in/a/people.csv"]),
    ],
)
def test_files_and_tables_of_one_name_are_kept_apart(name: str, sources: list[str]) -> None:
    assert [frame.source for frame in lineage(alike(), name).frames] == sources


def test_the_text_says_which_of_several_data_sets_of_one_name_is_meant() -> None:
    found = lineage(alike(), "m")

    assert "from people (in/b/people.csv).mail" in as_text(found)
    assert "from people (club.db).lat" in as_text(found)
    assert [one["from"][0]["source"] for one in as_fields(found)["frames"][0]["columns"]] == [
        "in/b/people.csv",
        "club.db",
    ]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("people.csv", "./people.csv", True),
        ("people.csv", "in/../people.csv", True),
        ("in/people.csv", "/home/x/in/people.csv", True),
        ("select a from people", "SELECT b FROM people", True),
        ("people.csv", "in/people.csv", False),
        ("in/people.csv", "/home/x/begin/people.csv", False),
        ("/home/in/people.csv", "/home/x/home/in/people.csv", False),
        ("people.csv", "s3://x/people.csv", False),
        ("people.csv", "", False),
        (":memory:", "/home/:memory:", False),
        ("people.csv", "select a from people", False),
    ],
)
def test_places_of_one_data_set(one: str, other: str, is_same: bool) -> None:
    keys = Keys()

    assert (keys.of("people", one) == keys.of("people", other)) is is_same
    assert keys.of("people", one) != keys.of("orders", one)


def test_a_frame_of_another_session_is_no_parent() -> None:
    events = story()
    for event in events:
        if event["action"] == "data.load" and event["dataset"]["name"] == "orders":
            event["session"] = "s2"

    assert lineage(events, "orders").frames[0].source == ORDERS
    assert lineage([*events, {**events[-1], "session": "s2"}], "m").frames[0].name == "m"


def test_the_newest_of_a_name_is_meant() -> None:
    older, newer = story(), story()
    for event in newer:
        event["session"] = "s2"
        if event["action"] == "data.load" and event["dataset"]["name"] == "customers":
            event["dataset"]["source"] = "/data/newer.csv"
        for dataset in event.get("datasets") or ():
            if dataset["name"] == "customers":
                dataset["source"] = "/data/newer.csv"

    assert lineage([*older, *newer], "customers").frames[0].source == "/data/newer.csv"
    assert lineage([*newer, *older], "customers").frames[0].source == PEOPLE


def test_frames_that_were_made_from_one_another_come_to_an_end() -> None:
    def cell(number: int, *datasets: dict[str, Any]) -> dict[str, Any]:
        return {"seq": number, "session": "s", "action": "cell.run", "datasets": list(datasets)}

    a = touched("a", None, ["x"], ["computed"], "a", parents=[{"name": "b", "columns": {"x": ["x"]}}])
    b = touched("b", None, ["x"], ["computed"], "b", parents=[{"name": "a", "columns": {"x": ["x"]}}])
    found = lineage([cell(1, a, b)], "a")

    assert [frame.name for frame in found.frames] == ["a", "b"]
    assert as_svg(found).startswith("<svg ")


@pytest.mark.parametrize(
    "parents", [[], [None], [{"name": "gone", "columns": {"share": ["x"]}}], [{"name": "orders"}], "x"]
)
def test_parents_of_another_make_are_no_error(parents: Any) -> None:
    assert lineage(with_parents(parents), "m").frames[0].name == "m"


def test_a_name_that_the_log_does_not_have_is_said() -> None:
    with pytest.raises(InputError, match="no table of that name"):
        lineage(story(), "secret")


def test_the_text_has_every_column_and_what_it_rests_on() -> None:
    text = as_text(lineage(story(), "m"))

    assert text.count("\n\n") == 2
    assert "salary  INCOME         from customers.salary (has the same name in a table that the cell used)" in text
    assert f"customers, in the notebook df: read from {PEOPLE} in cell [1] by asha" in text


def test_the_picture_is_xml_that_names_every_column_and_runs_nothing() -> None:
    events = story()
    for event in events:
        if event["action"] == "data.load":
            event["dataset"]["columns"][0]["label"] = '<script>"&'
    picture = ElementTree.fromstring(as_svg(lineage(events, "m")))

    space = "{http://www.w3.org/2000/svg}"
    texts = [element.text for element in picture.iter(f"{space}text")]
    assert '<script>"&  CUSTOMER_ID' in texts and {"m", "customers", "orders"} <= set(texts)
    assert {element.tag for element in picture.iter()} == {
        space + tag for tag in "svg title desc path g rect text".split()
    }
    assert picture.findtext(f"{space}title") == "Where the columns of m come from"
    dashed = [path.get("stroke-dasharray") for path in picture.iter(f"{space}path")]
    assert dashed and all(dashed)


def test_the_fields_are_what_json_can_write() -> None:
    (first, *_) = as_fields(lineage(story(), "m"))["frames"]

    assert first["columns"][2]["from"] == [
        {"frame": "customers", "source": PEOPLE, "label": "salary", "basis": "by name"}
    ]
    assert first["source"] is None and first["cell"] == "3"


def _later(*events: dict[str, Any]) -> list[dict[str, Any]]:
    told = story()
    for event in events:
        told.append({**told[0], **event, "seq": len(told) + 1, "time": "2026-11-26T12:00:00.000Z"})
    return told


def _told_anew(**more: Any) -> dict[str, Any]:
    columns = [{"label": "salary", "entity": "NONE", "class": "none", "confidence": 100}]
    dataset = {"name": "m", "source": None, "rows": 30, "columns": columns, **more}
    return {"action": "data.load", "dataset": dataset, "cell": {"execution_count": 6, "id": None}}


def _ended(*datasets: dict[str, Any]) -> dict[str, Any]:
    about = {"run": "r6", "cell": {"execution_count": 6, "id": "c6"}, "tier": "public", "experiment": None}
    return {"action": "cell.run", **about, "datasets": list(datasets), "sinks": [], "shown": [], "masked": {}}


def test_a_word_on_a_column_of_a_table_leaves_it_what_it_was_made_from() -> None:
    for times in (1, 3):
        found = lineage(_later(*[_told_anew()] * times, _ended()), "m")

        assert [frame.name for frame in found.frames] == ["m", "customers", "orders"]
        assert origins(found)["salary"] == [("customers", "salary", "by name")]
        assert found.frames[0].cell == "3"


def test_a_table_that_is_made_or_read_anew_is_another_one() -> None:
    orders = touched("orders", ORDERS, ["amount"], ["computed"], "orders")
    made = lineage(_later(_told_anew(), _ended(orders, touched("m", None, ["salary"], ["computed"], "m"))), "m")
    read = lineage(_later(_told_anew(source="/data/m.csv"), _ended()), "m")

    assert [frame.name for frame in made.frames] == ["m", "orders"]
    assert [(frame.name, frame.source) for frame in read.frames] == [("m", "/data/m.csv")]
