"""Charts of Vega and Vega-Lite as JSON: data are tables, the rest is text."""

from __future__ import annotations

import base64
import json

import pytest

from jupyter_privguard.plots import is_spec, masked_for

MIME = "application/vnd.vegalite.v5+json"
NAME = "Wendeline Osterhaus"


def masked(spec, masker):
    return masked_for(MIME, spec, masker)


ROWS = [{"who": NAME, "pay": 61231}, {"who": "Bo", "pay": 78213}]
SHOWN = [{"who": "tok_11111111", "pay": 60000}, {"who": "tok_22222222", "pay": 80000}]


@pytest.mark.parametrize(
    "put",
    [
        lambda rows: {"data": {"values": rows}, "mark": "bar"},
        lambda rows: {"data": {"name": "d"}, "datasets": {"d": rows}, "mark": "bar"},
        lambda rows: {"layer": [{"data": {"values": rows}, "mark": "bar"}]},
        lambda rows: {"hconcat": [{"vconcat": [{"data": {"values": rows}}]}]},
        lambda rows: {"data": [{"name": "d", "values": rows}], "marks": []},
        lambda rows: {"transform": [{"lookup": "x", "from": {"data": {"values": rows}, "key": "x"}}]},
    ],
    ids=["inline", "named", "layer", "nested", "vega", "looked up"],
)
def test_data_are_masked_by_their_fields(put, masker):
    spec = put([dict(row) for row in ROWS])
    assert masked(spec, masker) == put(SHOWN)
    assert spec == put(ROWS), "the program's own chart keeps its data"


@pytest.mark.parametrize(
    "spec",
    [
        {"data": {"values": [{"plan": "gold", "n": 61231}]}, "mark": "bar", "title": "Visits"},
        {"data": {"values": [1, 2, 3]}},
        {"data": {"url": "https://example.org/a.csv"}, "datasets": {}},
        {"data": {"sequence": {"start": 0, "stop": 9}}},
        {"data": {"values": {"type": "Topology", "objects": {}}}},
    ],
    ids=["records", "numbers", "elsewhere", "made by the chart", "a map"],
)
def test_a_chart_without_findings_is_the_same_object(spec, masker):
    assert masked(spec, masker) is spec


def test_texts_are_masked_and_agree_with_the_data(masker):
    spec = {
        "data": {"values": [{"illness": "HIV"}, {"illness": "Crohn"}]},
        "title": f"Account of {NAME}",
        "encoding": {"x": {"field": "illness", "sort": ["Crohn", "HIV"]}, "text": {"value": NAME}},
    }
    shown = masked(spec, masker)
    assert shown["title"] == "Account of tok_11111111"
    assert shown["encoding"]["text"]["value"] == "tok_11111111"
    assert shown["encoding"]["x"]["sort"] == ["[redacted] (2)", "[redacted]"]
    assert shown["data"]["values"] == [{"illness": "[redacted]"}, {"illness": "[redacted] (2)"}]


CSV = f"who,pay\n{NAME},61231\nBo,78213\n"


def test_a_local_file_of_data_comes_into_the_chart_masked(masker, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.json").write_text(json.dumps(ROWS))
    shown = masked({"data": {"url": "data.json", "format": {"type": "json"}}, "mark": "bar"}, masker)
    assert shown == {"data": {"values": SHOWN}, "mark": "bar"}
    assert json.loads((tmp_path / "data.json").read_text()) == ROWS


@pytest.mark.parametrize(
    "url",
    ["data:text/csv," + CSV.replace("\n", "%0A"), "data:text/csv;base64," + base64.b64encode(CSV.encode()).decode()],
    ids=["quoted", "base64"],
)
def test_data_urls_are_read(url, masker):
    shown = masked({"data": {"url": url, "format": {"type": "csv"}}}, masker)
    assert [row["who"] for row in shown["data"]["values"]] == ["tok_11111111", "tok_22222222"]


def test_a_harmless_local_file_stays_a_file(masker, tmp_path):
    path = tmp_path / "plans.csv"
    path.write_text("plan,n\ngold,3\n")
    spec = {"data": {"url": str(path)}}
    assert masked(spec, masker) is spec


def test_data_that_are_text_are_parsed(masker):
    shown = masked({"data": {"values": CSV, "format": {"type": "csv"}}}, masker)
    assert shown["data"]["values"][0]["who"] == "tok_11111111"


def test_a_file_that_is_too_large_is_withheld(masker, tmp_path, monkeypatch):
    monkeypatch.setattr("jupyter_privguard.plots.vega_json._LARGEST", 3)
    path = tmp_path / "data.csv"
    path.write_text(CSV)
    with pytest.raises(ValueError, match=r"^privguard: "):
        masked({"data": {"url": str(path)}}, masker)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ({"$schema": "https://vega.github.io/schema/vega-lite/v6.json"}, True),
        ({"$schema": "https://json-schema.org/draft/2020-12/schema"}, False),
        ({"data": {"values": []}}, False),
        ([], False),
    ],
)
def test_a_chart_says_what_it_is(tree, expected):
    assert is_spec(tree) is expected
