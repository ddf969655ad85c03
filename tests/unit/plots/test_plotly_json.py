"""Figures of plotly as JSON: texts, names and arrays are masked, all else is the same object."""

from __future__ import annotations

import base64
import json
from array import array

import numpy as np
import pytest

from jupyter_privguard.plots import masked_for

MIME = "application/vnd.plotly.v1+json"
NAME = "Wendeline Osterhaus"


def packed(code, dtype, numbers, **more):
    return {"dtype": dtype, "bdata": base64.b64encode(array(code, numbers).tobytes()).decode(), **more}


def masked(figure, masker):
    return masked_for(MIME, figure, masker)


FOUND = {
    "title": {"data": [], "layout": {"title": {"text": f"Account of {NAME}"}}},
    "annotation": {"data": [], "layout": {"annotations": [{"text": NAME, "x": 1}]}},
    "name of a trace": {"data": [{"type": "bar", "name": NAME, "x": [1], "y": [2]}], "layout": {}},
    "categories": {"data": [{"type": "bar", "x": ["other", NAME], "y": [1, 2]}]},
    "an array of numpy": {"data": [{"type": "bar", "x": np.array([NAME], dtype=object), "y": [1]}]},
    "hover text": {"data": [{"type": "scatter", "x": [1], "y": [1], "hovertext": [NAME], "text": NAME}]},
    "custom data": {"data": [{"type": "scatter", "x": [1], "y": [1], "customdata": [[7, NAME]]}]},
    "custom data of numpy": {"data": [{"type": "scatter", "customdata": np.array([[7, NAME]], dtype=object)}]},
    "labels of a pie": {"data": [{"type": "pie", "labels": [NAME], "values": [1]}]},
    "a tree": {"data": [{"type": "treemap", "ids": [f"a/{NAME}"], "labels": [NAME], "parents": ["a"]}]},
    "a table": {"data": [{"type": "table", "header": {"values": ["who"]}, "cells": {"values": [[NAME], [1]]}}]},
    "nodes": {"data": [{"type": "sankey", "node": {"label": [NAME]}, "link": {"value": [1]}}]},
    "a frame of an animation": {"data": [], "frames": [{"name": "1", "data": [{"type": "bar", "x": [NAME]}]}]},
    "the order of categories": {"data": [], "layout": {"xaxis": {"categoryarray": [NAME], "ticktext": [NAME]}}},
    "a slider": {"data": [], "layout": {"sliders": [{"steps": [{"label": NAME, "args": [[NAME]]}]}]}},
    "hover template": {"data": [{"type": "bar", "x": [1], "hovertemplate": f"{NAME}=%{{x}}<extra></extra>"}]},
}


@pytest.mark.parametrize("figure", FOUND.values(), ids=FOUND.keys())
def test_texts_are_masked_wherever_they_stand(figure, masker):
    before = repr(figure)
    shown = masked(figure, masker)
    assert NAME not in repr(shown)
    assert "tok_11111111" in repr(shown)
    assert repr(figure) == before, "the program's own figure keeps its texts"


HARMLESS = {
    "numbers": {"data": [{"type": "bar", "x": [61231, 61232], "y": packed("i", "i4", [61231, 78213])}], "layout": {}},
    "texts": {"data": [{"type": "bar", "x": ["gold", "basic"], "y": [1, 2], "name": "plans"}]},
    "colours": {"data": [{"type": "heatmap", "colorscale": [[0.0, "#000"], [1.0, "#fff"]], "z": [[1, 2], [3, 4]]}]},
    "a picture": {"data": [], "layout": {"images": [{"source": "data:image/png;base64,AAAA"}]}},
    "nothing": {},
}


@pytest.mark.parametrize("figure", HARMLESS.values(), ids=HARMLESS.keys())
def test_a_figure_without_findings_is_the_same_object(figure, masker):
    assert masked(figure, masker) is figure


NUMBERS = {
    "a list": [61231, 78213],
    "an array": np.array([61231, 78213]),
    "packed i4": packed("i", "i4", [61231, 78213]),
    "packed f8": packed("d", "f8", [61231, 78213]),
    "packed in two dimensions": packed("i", "i4", [61231, 78213], shape="1, 2"),
}


@pytest.mark.parametrize("numbers", NUMBERS.values(), ids=NUMBERS.keys())
@pytest.mark.parametrize(
    ("where", "template"),
    [
        (lambda n: {"y": n}, "who=%{x}<br>pay=%{y}<extra></extra>"),
        (lambda n: {"x": [1], "y": [1], "marker": {"size": n}}, "pay=%{marker.size}<extra></extra>"),
        (lambda n: {"values": n}, "pay=%{value}<extra></extra>"),
    ],
    ids=["y", "size", "values"],
)
def test_numbers_are_known_by_what_the_hover_text_calls_them(numbers, where, template, masker):
    figure = {"data": [{"type": "scatter", "hovertemplate": template, **where(numbers)}], "layout": {}}
    shown = json.dumps(masked(figure, masker))
    assert "60000" in shown
    assert "61231" not in shown
    assert "bdata" not in shown


def test_numbers_are_known_by_the_title_of_their_axis(masker):
    figure = {
        "data": [{"type": "bar", "x": [61231], "y": [61231], "yaxis": "y2"}, {"type": "bar", "x": [1], "y": [61231]}],
        "layout": {"yaxis": {"title": {"text": "visits"}}, "yaxis2": {"title": {"text": "pay"}}},
    }
    first, second = masked(figure, masker)["data"]
    assert (first["x"], first["y"], second["y"]) == ([61231], [60000], [61231])


def test_columns_of_custom_data_are_known_by_the_hover_text(masker):
    template = "pay=%{customdata[1]}<br>id=%{customdata[0]}<extra></extra>"
    figure = {"data": [{"type": "scatter", "hovertemplate": template, "customdata": [["48213", 61231], ["1", 78213]]}]}
    assert masked(figure, masker)["data"][0]["customdata"] == [["tok_33333333", 60000], ["1", 80000]]


def test_columns_of_a_table_are_known_by_their_heads(masker):
    table = {"type": "table", "header": {"values": ["id", "pay"]}, "cells": {"values": [["48213"], [61231]]}}
    assert masked({"data": [table]}, masker)["data"][0]["cells"]["values"] == [["tok_33333333"], [60000]]


def test_what_one_name_is_given_is_one_column_over_all_traces(masker):
    seen = []

    class Seeing(type(masker)):
        def column(self, label, values):
            seen.append((label, list(values)))
            return super().column(label, values)

    traces = [{"type": "bar", "x": [v], "hovertemplate": "id=%{x}<extra></extra>"} for v in ("48213", "50000")]
    shown = masked({"data": traces}, Seeing())
    assert ("id", ["48213", "50000"]) in seen
    assert [trace["x"] for trace in shown["data"]] == [["tok_33333333"], ["50000"]]


def test_categories_that_become_the_same_stay_apart_and_agree_everywhere(masker):
    figure = {
        "data": [
            {"type": "bar", "name": name, "legendgroup": name, "x": [name], "y": [1]}
            for name in ("HIV", "Crohn", "HIV")
        ],
        "layout": {"legend": {"title": {"text": "illness"}}, "xaxis": {"title": {"text": "illness"}}},
    }
    shown = masked(figure, masker)["data"]
    assert [t["name"] for t in shown] == ["[redacted]", "[redacted] (2)", "[redacted]"]
    assert all(t["name"] == t["legendgroup"] == t["x"][0] for t in shown)


def test_the_number_of_an_indicator_is_a_value(masker):
    class Seeing(type(masker)):
        def column(self, label, values):
            return [60000 if value == 61231 else value for value in values]

    figure = {"data": [{"type": "indicator", "value": 61231, "mode": "number"}]}
    assert masked(figure, Seeing()) == {"data": [{"type": "indicator", "value": 60000, "mode": "number"}]}
    figure["data"][0]["value"] = 3
    assert masked(figure, Seeing()) is figure


def test_numbers_of_an_unknown_type_show_nothing(masker):
    with pytest.raises(ValueError, match="not known"):
        masked({"data": [{"type": "bar", "x": {"dtype": "c16", "bdata": "AAAA"}}]}, masker)
