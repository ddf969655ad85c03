"""Texts in figures of matplotlib: masked where a figure is drawn for a screen, and nothing else moves."""

from __future__ import annotations

import io

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("agg")

from matplotlib.figure import Figure

from jupyter_privguard.plots import drawing_for

NAME = "Wendeline Osterhaus"


def figure(draw=lambda figure, axes: None):
    made = Figure(figsize=(4, 3), dpi=60)
    axes = made.subplots()
    axes.plot([1, 2, 3], [3, 1, 2])
    draw(made, axes)
    return made


def titled(text=NAME):
    return figure(lambda f, a: a.set_title(text))


def as_svg(made):
    out = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "x"}):
        made.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None})
    return out.getvalue()


def as_pixels(made, **options):
    out = io.BytesIO()
    made.savefig(out, format="raw", **options)
    return np.frombuffer(out.getvalue(), dtype=np.uint8)


def as_png(made):
    out = io.BytesIO()
    made.savefig(out, format="png", bbox_inches="tight")
    return out.getvalue()


PLACES = {
    "title": lambda f, a: a.set_title(f"Account of {NAME}"),
    "suptitle": lambda f, a: f.suptitle(NAME),
    "axis label": lambda f, a: a.set_xlabel(NAME),
    "tick labels": lambda f, a: a.set_xticks([1, 2], [NAME, "other"]),
    "categories": lambda f, a: a.bar([NAME, "other"], [1, 2]),
    "annotation": lambda f, a: a.annotate(NAME, (1, 2), (2, 3), arrowprops={"arrowstyle": "->"}),
    "text with a box": lambda f, a: a.text(1, 1, NAME, bbox={"boxstyle": "round"}),
    "two lines": lambda f, a: a.text(1, 1, f"first\n{NAME}", rotation=30),
    "legend": lambda f, a: (a.plot([1], [1], label=NAME), a.legend()),
    "legend of the figure": lambda f, a: (a.plot([1], [1], label=NAME), f.legend()),
    "pie": lambda f, a: a.pie([1, 2], labels=[NAME, "other"]),
    "table": lambda f, a: a.table([["1", NAME], ["2", "x"]]),
    "bar label": lambda f, a: a.bar_label(a.bar([1], [2]), labels=[NAME]),
    "colour bar": lambda f, a: f.colorbar(a.imshow([[1, 2]]), ax=a).set_label(NAME),
    "second axis": lambda f, a: a.twinx().set_ylabel(NAME),
    "inset": lambda f, a: a.inset_axes([0.5, 0.5, 0.4, 0.4]).set_title(NAME),
    "subfigure": lambda f, a: f.subfigures(1, 2)[0].suptitle(NAME),
}


@pytest.mark.parametrize("draw", PLACES.values(), ids=PLACES.keys())
def test_texts_are_masked_wherever_they_stand(draw, watcher, masker):
    made = figure(draw)
    assert NAME in as_svg(made)
    with drawing_for(masker):
        shown = as_svg(made)
    assert NAME not in shown
    assert "tok_11111111" in shown
    assert NAME in as_svg(made), "the figure itself keeps its texts"


def test_texts_with_path_effects_are_masked(watcher, masker):
    from matplotlib import patheffects

    def draw(f, a, text):
        a.set_title(text).set_path_effects([patheffects.withStroke(linewidth=2)])

    with drawing_for(masker):
        assert as_png(figure(lambda f, a: draw(f, a, NAME))) != as_png(figure(lambda f, a: draw(f, a, "x" * 19)))
    masked = figure(lambda f, a: draw(f, a, NAME))
    raw = as_png(masked)
    with drawing_for(masker):
        assert as_png(masked) != raw


def test_in_three_dimensions(watcher, masker):
    made = Figure(figsize=(3, 3))
    axes = made.add_subplot(projection="3d")
    axes.text(0, 0, 0, NAME)
    axes.set_zlabel(NAME)
    with drawing_for(masker):
        assert NAME not in as_svg(made)


@pytest.mark.parametrize("options", [{}, {"bbox_inches": "tight"}], ids=["whole", "tight"])
def test_nothing_but_the_text_changes(options, watcher, masker):
    made = titled(f"Account of {NAME}")
    raw = as_pixels(made, **options)
    with drawing_for(masker):
        shown = as_pixels(made, **options)
    assert raw.shape == shown.shape, "a tight box may not move"
    made.canvas.draw()
    box = made.axes[0].title.get_window_extent()
    if not options:
        width, height = 240, 180
        changed = (raw.reshape(height, width, 4) != shown.reshape(height, width, 4)).any(axis=2)
        changed[int(height - box.y1) - 2 : int(height - box.y0) + 2, int(box.x0) - 2 : int(box.x1) + 2] = False
        assert not changed.any()
    assert (raw != shown).any()


def test_a_picture_without_findings_is_the_same_bytes(watcher, masker):
    made = figure(lambda f, a: (a.set_title("Visits of 2024"), a.bar(["gold", "basic"], [1, 2]), a.legend(["plan"])))
    raw = as_png(made)
    with drawing_for(masker):
        assert as_png(made) == raw
        assert as_svg(made) == as_svg(made)


def test_drawing_for_a_screen_leaves_no_trace(watcher, masker):
    made = titled()
    raw = as_png(made)
    with drawing_for(masker):
        as_png(made)
    assert as_png(made) == raw
    assert made.axes[0].get_title() == NAME


def test_ticks_of_one_axis_are_a_column(watcher, masker):
    made = figure(lambda f, a: (a.set_xlabel("id"), a.set_xticks([1, 2], ["48213", "50000"])))
    with drawing_for(masker):
        shown = as_svg(made)
    assert "tok_33333333" in shown
    assert "48213" not in shown


def test_numbers_at_positions_stay(watcher, masker):
    made = figure(lambda f, a: (a.set_xlabel("id"), a.plot([48213, 48214], [1, 2])))
    raw = as_svg(made)
    with drawing_for(masker):
        assert as_svg(made) == raw


def test_texts_that_become_the_same_stay_apart(watcher, masker):
    made = figure(lambda f, a: (a.bar(["Crohn", "HIV"], [1, 2]), a.set_xlabel("illness")))
    with drawing_for(masker):
        shown = as_svg(made)
    assert ">[redacted]<" in shown
    assert ">[redacted] (2)<" in shown


def test_a_file_keeps_its_texts_and_is_recorded(watcher, tmp_path):
    path = tmp_path / "plot.svg"
    with mpl.rc_context({"svg.fonttype": "none"}):
        titled().savefig(path)
    assert NAME in path.read_text()
    assert watcher.files == [str(path)]


def test_a_file_with_findings_may_be_refused(watcher, tmp_path):
    watcher.refuses = True
    with pytest.raises(PermissionError):
        titled().savefig(tmp_path / "plot.png")
    assert not list(tmp_path.iterdir())
    titled("Visits").savefig(tmp_path / "plot.png")
    assert watcher.files == [str(tmp_path / "plot.png")]


def test_what_is_written_may_be_shown_in_its_masked_form(watcher, masker, tmp_path):
    made, buffer = titled(), io.BytesIO(b"before")
    buffer.seek(6)
    made.savefig(buffer, format="png")
    made.savefig(tmp_path / "plot.png")
    (kept, instead), (from_file, _) = watcher.pictures
    assert kept == buffer.getvalue()[6:]
    assert from_file == (tmp_path / "plot.png").read_bytes()
    with drawing_for(masker):
        out = io.BytesIO()
        made.savefig(out, format="png")
    assert instead == out.getvalue() != kept


def test_an_open_file_is_a_file(watcher, tmp_path):
    with (tmp_path / "plot.png").open("wb") as file:
        titled().savefig(file, format="png")
    assert watcher.files == [str(tmp_path / "plot.png")]
    assert watcher.pictures[0][0] == (tmp_path / "plot.png").read_bytes()


def test_harmless_files_are_not_drawn_twice(watcher, tmp_path):
    titled("Visits").savefig(tmp_path / "plot.png")
    assert watcher.pictures == []


def test_animations_for_a_notebook_are_masked(watcher):
    from matplotlib.animation import FuncAnimation

    with mpl.rc_context({"animation.frame_format": "svg", "svg.fonttype": "none"}):
        import base64
        import re

        made = titled()
        moving = FuncAnimation(made, lambda frame: [], frames=2)
        html = moving.to_jshtml()
    frames = [base64.b64decode(part.replace("\\\n", "")).decode() for part in re.findall(r"base64,([^\"]+)\"", html)]
    assert frames
    assert all(NAME not in frame and "tok_11111111" in frame for frame in frames)


def test_live_canvases_are_masked(watcher):
    from matplotlib.backends.backend_webagg_core import FigureCanvasWebAggCore

    def picture(text):
        canvas = FigureCanvasWebAggCore(titled(text))
        canvas.manager = type("Manager", (), {"refresh_all": lambda self: None})()
        canvas.draw()
        return bytes(canvas.get_renderer().buffer_rgba())

    end = FigureCanvasWebAggCore.draw
    assert picture(NAME) != picture("W" * 19)
    raw = FigureCanvasWebAggCore(titled())
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    agg = FigureCanvasAgg(raw.figure)
    agg.draw()
    assert bytes(agg.buffer_rgba()) != picture(NAME)
    assert end is FigureCanvasWebAggCore.draw


def test_the_hooks_go_away(watcher, masker):
    from matplotlib.text import Text

    hooked = Text.draw, Figure.draw, Figure.savefig
    watcher.end()
    assert all(a is not b for a, b in zip(hooked, (Text.draw, Figure.draw, Figure.savefig), strict=True))
    with drawing_for(masker):
        assert NAME in as_svg(titled())
