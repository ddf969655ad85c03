"""Pictures of PIL: those that show what may not be seen are told from others; none is changed."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from jupyter_privguard.plots import is_marked

NAME = "Wendeline Osterhaus"


def drawn(text):
    image = Image.new("RGB", (90, 20))
    ImageDraw.Draw(image).text((2, 2), text)
    return image


def test_a_picture_with_a_value_drawn_into_it_is_known(watcher):
    assert is_marked(drawn(NAME))
    assert is_marked(drawn(f"first\n{NAME}"))
    assert not is_marked(drawn("Visits of 2024"))


def test_drawing_draws_what_it_is_told(watcher):
    guarded = drawn(NAME).tobytes()
    watcher.end()
    assert drawn(NAME).tobytes() == guarded


MADE = {
    "copy": lambda i: i.copy(),
    "part": lambda i: i.crop((0, 0, 9, 9)),
    "size": lambda i: i.resize((9, 9)),
    "mode": lambda i: i.convert("L"),
    "turned": lambda i: i.rotate(90),
    "mirrored": lambda i: i.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "channels": lambda i: Image.merge("RGB", i.split()),
    "blended": lambda i: Image.blend(i, i.copy(), 0.5),
    "pasted": lambda i: _pasted(i),
}


def _pasted(image):
    board = Image.new("RGB", (200, 200))
    board.paste(image, (3, 3))
    return board


@pytest.mark.parametrize("make", MADE.values(), ids=MADE.keys())
def test_so_is_what_is_made_of_it(make, watcher):
    assert is_marked(make(drawn(NAME)))
    assert not is_marked(make(drawn("Visits")))


def test_a_picture_opened_from_a_persons_file_is_known(watcher, tmp_path):
    for name in ("ann.png", "plot.png"):
        Image.new("RGB", (4, 4)).save(tmp_path / name)
    assert is_marked(Image.open(tmp_path / "ann.png"))
    assert is_marked(Image.open(str(tmp_path / "ann.png")).resize((2, 2)))
    with (tmp_path / "ann.png").open("rb") as file:
        assert is_marked(Image.open(file))
    assert not is_marked(Image.open(tmp_path / "plot.png"))


def test_what_is_saved_of_it_is_told_and_may_be_refused(watcher, tmp_path):
    buffer = io.BytesIO()
    drawn(NAME).save(buffer, "png")
    drawn("Visits").save(io.BytesIO(), "png")
    drawn(NAME).save(tmp_path / "a.png")
    assert watcher.pictures == [(buffer.getvalue(), b""), ((tmp_path / "a.png").read_bytes(), b"")]
    assert watcher.files == [str(tmp_path / "a.png")]
    watcher.refuses = True
    with pytest.raises(PermissionError):
        drawn(NAME).save(tmp_path / "b.png")
    drawn("Visits").save(tmp_path / "c.png")
    assert {path.name for path in tmp_path.iterdir()} == {"a.png", "c.png"}


def test_a_persons_picture_is_left_out_of_a_figure(watcher, masker, tmp_path):
    import matplotlib.image as mpl_image
    from matplotlib.figure import Figure

    from jupyter_privguard.plots import drawing_for

    def picture(image):
        figure = Figure(figsize=(1, 1), dpi=40)
        figure.add_axes((0, 0, 1, 1)).imshow(image)
        out = io.BytesIO()
        with drawing_for(masker):
            figure.savefig(out, format="raw")
        shown = out.getvalue()
        figure.savefig(raw := io.BytesIO(), format="raw")
        return shown, raw.getvalue()

    face = Image.new("RGB", (20, 20), (200, 80, 99))
    face.save(tmp_path / "ann.png")
    face.save(tmp_path / "plot.png")
    for image in (Image.open(tmp_path / "ann.png"), mpl_image.imread(tmp_path / "ann.png")):
        shown, raw = picture(image)
        assert shown != raw
        middle = (20 * 40 + 20) * 4
        assert set(shown[middle : middle + 4]) == {255}
    for image in (Image.open(tmp_path / "plot.png"), mpl_image.imread(tmp_path / "plot.png")):
        shown, raw = picture(image)
        assert shown == raw


def test_its_points_are_told_when_they_become_an_array(watcher):
    import numpy as np

    np.asarray(drawn("Visits"))
    assert watcher.pictures == []
    points = np.asarray(drawn(NAME))
    assert watcher.pictures == [(points.tobytes(), b"")]
