"""What a live figure sends to the browser is masked; what comes from there is not touched."""

from __future__ import annotations

from types import SimpleNamespace

from traitlets import Dict, HasTraits, List

from jupyter_privguard.plots.plotly_widgets import install

NAME = "Wendeline Osterhaus"


def as_it_is(value, widget):
    return value


class Figure(HasTraits):
    """The synchronised traits of `plotly.basewidget.BaseFigureWidget`, of which it needs the metadata only."""

    _widget_layout = Dict().tag(sync=True, to_json=as_it_is)
    _widget_data = List().tag(sync=True, to_json=as_it_is)
    _py2js_restyle = Dict(allow_none=True).tag(sync=True, to_json=as_it_is)
    _js2py_update = Dict(allow_none=True).tag(sync=True, to_json=as_it_is)
    _last_edit = Dict().tag(sync=True)


def sent(figure, name):
    trait = figure.traits()[name]
    return trait.metadata["to_json"](getattr(figure, name), figure)


def test_traits_are_masked_on_their_way_out(watcher):
    undo = install(SimpleNamespace(BaseFigureWidget=Figure), watcher)
    figure = Figure(
        _widget_layout={"title": {"text": NAME}, "yaxis": {"title": {"text": "pay"}}},
        _widget_data=[{"type": "bar", "x": [NAME], "y": [61231]}],
        _py2js_restyle={"restyle_data": {"x": [[NAME]]}, "source_view_id": None},
        _js2py_update={"name": NAME},
    )
    assert sent(figure, "_widget_layout")["title"]["text"] == "tok_11111111"
    assert sent(figure, "_widget_data") == [{"type": "bar", "x": ["tok_11111111"], "y": [60000]}]
    assert NAME not in str(sent(figure, "_py2js_restyle"))
    assert sent(figure, "_js2py_update") == {"name": NAME}
    assert figure._widget_data[0]["x"] == [NAME], "the program's own data stay"
    undo()
    assert sent(figure, "_widget_data")[0]["x"] == [NAME]
