"""CADF, OCSF and OpenLineage: what their specifications ask of an event, for every kind of event there is."""

from __future__ import annotations

import json
import re
import uuid
from datetime import datetime
from typing import Any

import pytest

from jupyter_privguard.audit.event import ACTIONS
from jupyter_privguard.audit.exporters import cadf, ocsf, openlineage
from tests.unit.audit.log_story import ORDERS, ORIGIN, PEOPLE, story


def every_kind() -> list[dict[str, Any]]:
    """The story, and one bare event of each action with each outcome."""
    bare = [
        {
            "action": action,
            "outcome": outcome,
            "time": "2026-11-01T00:00:00.000Z",
            "session": "s",
            "principal": {"id": "a"},
        }
        for action in sorted(ACTIONS)
        for outcome in ("ok", "error", "refused", "interrupted", "lost", "started")
    ]
    return story() + [{**event, "seq": number} for number, event in enumerate(bare, 100)]


def exported(rows: Any) -> list[dict[str, Any]]:
    lines = list(rows)
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in lines)
    return [json.loads(line) for line in lines]


# CADF: DMTF DSP0262, the properties of an event that it requires, and its taxonomies
CADF_EVENT = {"id", "eventType", "eventTime", "action", "outcome", "initiator", "target", "observer"}
CADF_MORE = {"typeURI", "name", "severity", "reason", "attachments"}
CADF_ACTIONS = set(
    """backup capture create configure read update delete monitor start stop deploy undeploy enable disable send receive
    authenticate login revoke renew restore evaluate allow deny notify unknown""".split()
)
CADF_ROOTS = {"storage", "compute", "network", "service", "data", "unknown"}


def test_every_cadf_event_has_what_the_standard_asks() -> None:
    for event in exported(cadf.rows(every_kind(), origin=ORIGIN)):
        assert event.keys() >= CADF_EVENT and event.keys() <= CADF_EVENT | CADF_MORE
        assert event["eventType"] in ("activity", "control")
        assert event["outcome"] in ("success", "failure", "pending", "unknown")
        assert event["action"] in CADF_ACTIONS
        assert event["severity"] in ("normal", "warning", "critical")
        assert datetime.fromisoformat(event["eventTime"]).tzinfo is not None
        assert uuid.UUID(event["id"]).version == 5
        for end in ("initiator", "target", "observer"):
            assert event[end]["id"] and event[end]["typeURI"].partition("/")[0] in CADF_ROOTS
        if event["eventType"] == "control":  # the standard asks for a reason then
            assert {"policyType", "policyId"} <= event["reason"].keys()
        assert re.fullmatch(r"jupyter-privguard\.[a-z]+\.[a-z]+", event["name"])
        assert [set(one) for one in event["attachments"]] == [{"typeURI", "name", "content"}]


def test_a_cadf_event_says_who_read_what_and_why() -> None:
    found = [e for e in exported(cadf.rows(story(), origin=ORIGIN)) if e["target"]["name"] == "customers"]
    cell = next(e for e in found if e["attachments"][0]["content"]["action"] == "cell.run")

    assert (cell["initiator"]["name"], cell["action"], cell["outcome"]) == ("asha", "read", "success")
    assert cell["target"]["addresses"] == [{"url": PEOPLE}]
    content = cell["attachments"][0]["content"]
    assert (content["purpose"], content["columns"]) == ("churn", ["cid", "email", "salary"])
    assert content["masks"] == {"salary": "generalise"}


# OCSF 1.5.0: what the two classes require, and their activities
OCSF_ALL = {
    "activity_id",
    "category_uid",
    "class_uid",
    "type_uid",
    "time",
    "severity_id",
    "metadata",
    "actor",
    "src_endpoint",
}
OCSF_ACTIVITIES = {6005: range(1, 11), 6003: (1, 2, 3, 4, 99)}


def test_every_ocsf_event_has_what_its_class_asks() -> None:
    for event in exported(ocsf.rows(every_kind(), origin=ORIGIN)):
        assert event.keys() >= OCSF_ALL
        assert event["category_uid"] == event["class_uid"] // 1000 == 6
        assert event["activity_id"] in OCSF_ACTIVITIES[event["class_uid"]]
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
        assert event["severity_id"] in range(7) and event["status_id"] in (0, 1, 2, 99)
        assert type(event["time"]) is int and event["time"] > 1.7e12
        assert event["metadata"].keys() >= {"version", "product"} and event["metadata"]["product"]["name"]
        assert event["actor"]["user"]["name"] and event["src_endpoint"]["svc_name"]
        if event["class_uid"] == 6005:
            assert event["type_id"] == 3 and event["table"]["name"]
        else:
            assert event["api"]["operation"] in ACTIONS
        if event["status_id"] == 99:
            assert event["status"] == "started"


def test_data_is_datastore_activity_and_the_rest_is_api_activity() -> None:
    found = exported(ocsf.rows(story(), origin=ORIGIN))
    data = [(e["metadata"]["sequence"], e["table"]["name"]) for e in found if e["class_uid"] == 6005]

    assert data[:5] == [(3, "customers"), (5, "customers"), (6, "orders"), (8, "orders"), (9, "m")]
    assert data[5:] == [(11, "customers"), (11, "orders"), (11, "m"), (13, "m")]
    assert len({e["metadata"]["uid"] for e in found}) == len(found)
    refused = next(e for e in found if e["status_code"] == "refused")
    assert (refused["status_id"], refused["severity_id"], refused["status_detail"]) == (2, 3, "privguard: not granted.")


# OpenLineage 2-0-2: required fields of a run event, of a data set and of a facet
def test_every_run_has_a_start_and_one_end_with_required_fields() -> None:
    runs: dict[str, list[str]] = {}
    for event in exported(openlineage.rows(every_kind(), origin=ORIGIN)):
        assert event.keys() >= {"eventTime", "producer", "schemaURL", "run", "job", "eventType"}
        assert uuid.UUID(event["run"]["runId"])
        assert event["job"]["namespace"] and event["job"]["name"]
        assert datetime.fromisoformat(event["eventTime"]).tzinfo is not None
        runs.setdefault(event["run"]["runId"], []).append(event["eventType"])
        for place in (event["run"], *event["inputs"], *event["outputs"]):
            for facet in place.get("facets", {}).values():
                assert facet.keys() >= {"_producer", "_schemaURL"}
        for dataset in (*event["inputs"], *event["outputs"]):
            assert dataset["namespace"] and dataset["name"]
            facets = dataset["facets"]
            named = {field["name"] for field in facets.get("schema", {}).get("fields", ())}
            assert set(facets.get("columnLineage", {}).get("fields", ())) <= named
    assert sorted(runs.values()) == [["START", "COMPLETE"]] * 4


def test_data_sets_are_named_as_others_name_them() -> None:
    ends = [e for e in exported(openlineage.rows(story(), origin=ORIGIN)) if e["eventType"] == "COMPLETE"]
    names = [(d["namespace"], d["name"]) for event in ends for d in (*event["inputs"], *event["outputs"])]

    assert ("file", PEOPLE) in names
    assert ("s3://lake", "in/orders.parquet") in names and "://" in ORDERS
    assert (f"{ORIGIN}/s1", "m") in names and ("file", "/out/m.csv") in names


@pytest.mark.parametrize(
    ("source", "namespace", "name"),
    [
        ("https://user:secret@data.example/a/b.csv?key=1", "https://data.example", "a/b.csv"),
        ("file:///a/b.csv", "file", "/a/b.csv"),
        ("b.csv", f"{ORIGIN}/sources", "b.csv"),
        ("select * from t", f"{ORIGIN}/sources", "select * from t"),
        ("http://[", f"{ORIGIN}/sources", "http://["),
    ],
)
def test_a_source_is_named_without_what_is_secret(source: str, namespace: str, name: str) -> None:
    dataset = {"name": "d", "source": source, "as": ["d"], "columns": ["a"], "how": ["loaded"]}
    event = {"action": "cell.run", "outcome": "ok", "time": "2026-11-01T00:00:00Z", "datasets": [dataset], "run": "r"}

    (_, end) = exported(openlineage.rows([event], origin=ORIGIN))

    assert [(d["namespace"], d["name"]) for d in end["inputs"]] == [(namespace, name)]


def test_columns_have_their_lineage_and_what_they_hold() -> None:
    ends = [e for e in exported(openlineage.rows(story(), origin=ORIGIN)) if e["eventType"] == "COMPLETE"]
    made, file = ends[2]["outputs"][0], ends[3]["outputs"][1]
    fields = made["facets"]["columnLineage"]["fields"]

    assert [(i["name"], i["field"]) for i in fields["salary"]["inputFields"]] == [(PEOPLE, "salary")]
    assert fields["salary"]["inputFields"][0]["transformations"][0]["type"] == "DIRECT"
    assert fields["share"]["inputFields"][0]["transformations"][0]["type"] == "INDIRECT"
    assert file["name"] == "/out/m.csv"
    assert [i["name"] for i in file["facets"]["columnLineage"]["fields"]["share"]["inputFields"]] == ["m"]
    tags = ends[0]["inputs"][0]["facets"]["tags"]["tags"]
    assert {"key": "entity", "value": "INCOME", "source": "jupyter_privguard", "field": "salary"} in tags


def test_an_export_says_the_same_each_time() -> None:
    for module in (cadf, ocsf, openlineage):
        assert list(module.rows(story(), origin=ORIGIN)) == list(module.rows(story(), origin=ORIGIN))
