"""Figures of plotly and charts of altair: what is shown is masked, what is written is recorded."""

from __future__ import annotations

import io
import json

import altair as alt
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import plotly.io as pio
import pytest

NAME = "Wendeline Osterhaus"
ROWS = pd.DataFrame({"who": [NAME, "Bo"], "pay": [61231, 78213]})
HARMLESS = pd.DataFrame({"plan": ["gold", "basic"], "n": [61231, 78213]})


def figure():
    return px.bar(ROWS, x="who", y="pay", title=f"Pay of {NAME}").update_layout(template=None)


def chart(rows=ROWS):
    return alt.Chart(rows).mark_bar().encode(x=f"{rows.columns[0]}:N", y=f"{rows.columns[1]}:Q")


def is_masked(text):
    return NAME not in text and "61231" not in text and "tok_11111111" in text


# --- plotly -------------------------------------------------------------------------------------------


@pytest.fixture(params=["plotly_mimetype", "json", "notebook_connected", "plotly_mimetype+notebook_connected"])
def renderer(request):
    before = pio.renderers.default
    pio.renderers.default = request.param
    yield request.param
    pio.renderers.default = before


def test_a_figure_is_masked_for_every_renderer(renderer, watcher):
    bundle = figure()._repr_mimebundle_()
    assert bundle
    assert all(is_masked(json.dumps(data)) for data in bundle.values())


def test_a_harmless_figure_is_shown_as_it_is(watcher):
    harmless = px.bar(HARMLESS, x="plan", y="n")
    pio.renderers.default = "plotly_mimetype"
    shown = harmless._repr_mimebundle_()["application/vnd.plotly.v1+json"]
    watcher.end()
    assert shown == harmless._repr_mimebundle_()["application/vnd.plotly.v1+json"]


@pytest.mark.parametrize(
    "as_text",
    [repr, str, lambda f: f.to_json(), lambda f: f.to_html(include_plotlyjs=False)],
    ids=["repr", "str", "json", "html"],
)
def test_the_text_of_a_figure_has_a_masked_form(as_text, watcher):
    text = as_text(figure())
    assert NAME in text
    raw, shown = watcher.texts[-1]
    assert raw == text
    assert is_masked(shown)


def test_a_file_of_a_figure_keeps_its_values_and_is_recorded(watcher, tmp_path):
    path = tmp_path / "figure.html"
    figure().write_html(path, include_plotlyjs=False)
    assert NAME in path.read_text()
    assert watcher.files == [str(path)]
    figure().write_json(io.StringIO())
    assert watcher.files == [str(path)]


def test_a_file_of_a_figure_may_be_refused(watcher, tmp_path):
    watcher.refuses = True
    for write in ("write_html", "write_json"):
        with pytest.raises(PermissionError):
            getattr(figure(), write)(tmp_path / "figure")
    assert not list(tmp_path.iterdir())
    px.bar(HARMLESS, x="plan", y="n").write_json(tmp_path / "harmless.json")
    assert (tmp_path / "harmless.json").exists()


def test_the_table_of_a_figure_is_told(watcher):
    figure()
    assert watcher.tables[-1] is ROWS


def test_a_figure_of_objects_is_masked(watcher):
    pio.renderers.default = "plotly_mimetype"
    made = go.Figure(go.Scatter(x=[1], y=[2], mode="text", text=[NAME]))
    assert NAME not in json.dumps(made._repr_mimebundle_())


# --- altair -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["default", "mimetype", "html", "json"])
def test_a_chart_is_masked_for_every_renderer(name, watcher):
    with alt.renderers.enable(name):
        made = chart().properties(title=f"Pay of {NAME}")._repr_mimebundle_()
    bundle = made[0] if isinstance(made, tuple) else made
    assert is_masked(json.dumps(bundle))


@pytest.mark.parametrize("make", [lambda a: a + a, lambda a: a | a, lambda a: a & a, lambda a: a.facet("who:N")])
def test_charts_of_charts_are_masked(make, watcher):
    with alt.renderers.enable("mimetype"):
        assert is_masked(json.dumps(make(chart())._repr_mimebundle_()))


def test_a_harmless_chart_is_shown_as_it_is(watcher):
    with alt.renderers.enable("mimetype"):
        shown = chart(HARMLESS)._repr_mimebundle_()
        watcher.end()
        assert shown == chart(HARMLESS)._repr_mimebundle_()


def test_data_in_a_file_beside_the_notebook_are_masked(watcher, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with alt.renderers.enable("mimetype"), alt.data_transformers.enable("json"):
        shown = chart()._repr_mimebundle_()
    assert len(list(tmp_path.iterdir())) == 1
    assert is_masked(json.dumps(shown))
    assert "url" not in json.dumps(shown)


@pytest.mark.parametrize("as_text", [lambda c: c.to_json(), lambda c: c.to_html()], ids=["json", "html"])
def test_the_text_of_a_chart_has_a_masked_form(as_text, watcher):
    text = as_text(chart())
    assert NAME in text
    raw, shown = watcher.texts[-1]
    assert raw == text
    assert is_masked(shown)


def test_a_file_of_a_chart_keeps_its_values_and_is_recorded(watcher, tmp_path):
    path = tmp_path / "chart.json"
    chart().save(path)
    assert NAME in path.read_text()
    assert watcher.files == [str(path)]


def test_a_file_of_a_chart_may_be_refused(watcher, tmp_path):
    watcher.refuses = True
    with pytest.raises(PermissionError):
        chart().save(tmp_path / "chart.json")
    assert not list(tmp_path.iterdir())
    chart(HARMLESS).save(tmp_path / "harmless.json")
    assert (tmp_path / "harmless.json").exists()
