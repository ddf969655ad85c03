"""Pictures and charts in messages: masked, exchanged or withheld; harmless ones are the same objects."""

from __future__ import annotations

import base64
import io

import pandas as pd
import pytest
from IPython import display
from PIL import Image

from jupyter_privguard.guard.pictures.watcher import Pictures
from tests.unit.guard.conftest import PEOPLE

NAME = PEOPLE["name"][0]


def png(shade):
    out = io.BytesIO()
    Image.new("RGB", (6, 6), (shade, 80, 99)).save(out, "PNG")
    return out.getvalue()


def text_of(data):
    return base64.b64encode(data).decode()


@pytest.fixture
def pictures(guarded, tmp_path):
    (tmp_path / "photos").mkdir()
    places = []
    for n in range(30):
        places.append(str(tmp_path / "photos" / f"{n}.png"))
        (tmp_path / "photos" / f"{n}.png").write_bytes(png(n))
    guarded.space["df"] = pd.DataFrame(
        {
            **PEOPLE,
            "photo": [png(n) for n in range(30)],
            "portrait": [Image.new("RGB", (6, 6), (n, 1, 2)) for n in range(30)],
            "photo_path": places,
            "photo_url": [f"https://cdn.example/people/{n}.png" for n in range(30)],
            "fingerprint": [b"FMR" + bytes([n]) * 60 for n in range(30)],
            "product_image": [png(200 + n) for n in range(30)],
        }
    )
    guarded.session.knowledge.learn()
    return Pictures(guarded.session, lambda: None)


def displayed(**data):
    return {"data": {"text/plain": "x", **data}, "metadata": {}}


def exchanged(pictures, content, kind="display_data"):
    return pictures.exchanged(kind, content, None)


# --- pictures of persons ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "show",
    [
        lambda df: display.Image(data=df.photo[3]),
        lambda df: display.Image(filename=df.photo_path[3]),
        lambda df: display.Image(url=df.photo_url[3]),
        lambda df: df.portrait[3],
    ],
    ids=["bytes", "path", "address", "object"],
)
def test_a_picture_of_a_person_is_withheld_with_a_sentence(show, pictures, guarded):
    sentence = pictures.withheld(show(guarded.space["df"]))
    assert sentence.startswith("privguard: ")
    assert "tier public" in sentence


def test_other_pictures_and_objects_are_not(pictures, guarded, tmp_path):
    other = tmp_path / "plot.png"
    other.write_bytes(png(250))
    for obj in (
        display.Image(data=png(250)),
        display.Image(filename=str(other)),
        display.Image(data=guarded.space["df"].product_image[0]),
        Image.new("RGB", (6, 6), (250, 1, 2)),
        "text",
        None,
        [1],
    ):
        assert pictures.withheld(obj) == ""


@pytest.mark.parametrize("column", ["photo", "fingerprint"])
def test_their_bytes_are_known_wherever_they_stand(column, pictures, guarded):
    data = guarded.space["df"][column][3]
    shown = exchanged(pictures, displayed(**{"image/png": text_of(data)}))
    assert "image/png" not in shown["data"]
    assert shown["data"]["text/plain"].startswith("privguard: ")
    html = displayed(**{"text/html": f'<img src="data:image/png;base64,{text_of(data)}" alt="x">'})
    shown = exchanged(pictures, html)["data"]["text/html"]
    assert text_of(data) not in shown
    assert shown.startswith('<img src="data:image/png;base64,')
    assert shown.endswith('" alt="x">')
    assert pictures.buffers([data], None) == [b""]


def test_they_stay_known_when_their_table_is_gone(pictures, guarded):
    data = guarded.space["df"].photo[3]
    assert pictures.withheld(display.Image(data=data))
    guarded.space.clear()
    assert pictures.withheld(display.Image(data=data))


# --- pictures that were written -----------------------------------------------------------------------


def test_a_picture_is_shown_in_its_masked_form(pictures):
    raw, masked = png(250), png(251)
    pictures.became_picture(raw, masked)
    assert exchanged(pictures, displayed(**{"image/png": text_of(raw)}))["data"]["image/png"] == text_of(masked)
    html = f'<p><img src="data:image/png;base64,{text_of(raw)}"></p>'
    assert exchanged(pictures, displayed(**{"text/html": html}))["data"]["text/html"] == html.replace(
        text_of(raw), text_of(masked)
    )
    assert pictures.buffers([raw, b"other"], None) == [masked, b"other"]


def test_one_without_a_masked_form_is_withheld(pictures):
    pictures.became_picture(png(250), b"")
    shown = exchanged(pictures, displayed(**{"image/png": text_of(png(250))}))["data"]
    assert list(shown) == ["text/plain"]
    assert shown["text/plain"].startswith("privguard: ")


SVG = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" width="10"><path d="M 1 2
L {} 4"/><text x="1">a &amp; b</text></svg>
"""


def test_svg_is_known_by_its_lines(pictures):
    raw, masked = SVG.format(3), SVG.format(5)
    pictures.became_picture(raw.encode(), masked.encode())
    for shown in (raw, display.SVG(raw)._repr_svg_(), f"<div>{raw[raw.find('<svg') :]}</div>"):
        mime = "text/html" if shown.startswith("<div>") else "image/svg+xml"
        assert "L 5 4" in exchanged(pictures, displayed(**{mime: shown}))["data"][mime]
    other = displayed(**{"image/svg+xml": SVG.format(7)})
    assert exchanged(pictures, other)["data"] == other["data"]


def test_only_so_many_are_kept(pictures):
    for n in range(150):
        pictures.became_picture(b"%d" % n, b"masked")
    assert pictures.buffers([b"149", b"0"], None) == [b"masked", b"0"]


@pytest.mark.parametrize(
    "content",
    [
        displayed(**{"image/png": text_of(png(250))}),
        displayed(**{"text/html": '<img src="data:image/png;base64,' + text_of(png(250)) + '">'}),
        displayed(**{"application/json": {"a": [1, "x", None]}}),
        displayed(**{"application/vnd.plotly.v1+json": {"data": [{"type": "bar", "x": ["a"], "y": [1]}]}}),
        displayed(**{"application/vnd.vegalite.v5+json": {"data": {"values": [{"a": 1}]}}}),
        displayed(**{"image/png": "no base64 at all!"}),
    ],
)
def test_harmless_content_is_the_same_object(content, pictures):
    assert exchanged(pictures, content) is content


# --- charts -------------------------------------------------------------------------------------------


def test_charts_in_messages_are_masked(pictures):
    figure = {"data": [{"type": "bar", "x": [NAME], "y": PEOPLE["income"]}], "layout": {"title": {"text": NAME}}}
    spec = {"data": {"values": [{"name": NAME, "income": n} for n in PEOPLE["income"]]}, "mark": "bar"}
    shown = exchanged(
        pictures, displayed(**{"application/vnd.plotly.v1+json": figure, "application/vnd.vegalite.v5+json": spec})
    )
    text = str(shown)
    assert NAME not in text
    assert not any(str(n) in text for n in PEOPLE["income"])
    widget = {"data": {"state": {"spec": {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", **spec}}}}
    assert NAME not in str(exchanged(pictures, widget, "comm_open"))


def test_the_text_of_a_chart_is_exchanged_where_it_leaves(pictures, guarded):
    from jupyter_privguard.guard.cells.cell import CellOptions

    session = guarded.session
    session.open_run("1", CellOptions(), "x", execution_count=1, cell_id=None)
    pictures.became_text("{'pay': 50123, 'n': 3}", lambda masker: "{'pay': 50000, 'n': 3}")
    assert session.clean("text: {'pay': 50123, 'n': 3}", session.run_of("1")) == "text: {'pay': 50000, 'n': 3}"


def test_files_of_pictures_are_sinks_of_the_cell(pictures, guarded):
    from jupyter_privguard.guard.cells.cell import CellOptions

    run = guarded.session.open_run("1", CellOptions(), "x", execution_count=1, cell_id=None)
    for _ in range(2):
        pictures.writing("plot.png", lambda: True)
        pictures.written("plot.png")
    assert run.sinks == [{"kind": "file", "target": "plot.png"}]
