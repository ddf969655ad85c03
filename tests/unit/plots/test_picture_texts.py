"""Texts beside the points of a picture go when they hold a value; the points and all other texts stay."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from jupyter_privguard.notebook.messages import clean_content
from jupyter_privguard.plots.picture_texts import clean_picture


def clean(text: str) -> str:
    return text.replace("Velonavitch", "***")


def picture(form: str, text: str, *, how: str) -> bytes:
    out = io.BytesIO()
    info, more = PngImagePlugin.PngInfo(), {}
    info.add_text("Software", "house 1.0")
    if how in ("tEXt", "zTXt"):
        info.add_text("Author", text, zip=how == "zTXt")
    elif how in ("iTXt", "iTXt compressed"):
        info.add_itxt("Author", text, zip=how != "iTXt")
    elif how == "comment":
        more["comment"] = text.encode()
    else:
        exif = Image.Exif()
        exif[0x9C9D if how == "EXIF, UTF-16" else 0x013B] = text.encode("utf-16-le") if "UTF-16" in how else text
        more["exif"] = exif
    Image.new("RGB", (5, 4), (200, 30, 30)).save(out, form, **({"pnginfo": info} if form == "png" else {}), **more)
    return out.getvalue()


HOWS = [
    ("png", "tEXt"),
    ("png", "zTXt"),
    ("png", "iTXt"),
    ("png", "iTXt compressed"),
    ("png", "EXIF"),
    ("jpeg", "EXIF"),
    ("jpeg", "EXIF, UTF-16"),
    ("jpeg", "comment"),
]


@pytest.mark.parametrize(("form", "how"), HOWS)
def test_a_text_with_a_value_is_left_out_and_the_points_stay(form: str, how: str) -> None:
    raw = picture(form, "by Velonavitch", how=how)

    cleaned = clean_picture(raw, clean)

    before, after = Image.open(io.BytesIO(raw)), Image.open(io.BytesIO(cleaned))
    assert after.tobytes() == before.tobytes()
    assert "Velonavitch" not in str(after.info) and len(cleaned) < len(raw)
    assert form != "png" or after.info["Software"] == "house 1.0"
    assert base64.b64decode(clean_picture(base64.b64encode(raw).decode(), clean)) == cleaned


@pytest.mark.parametrize(("form", "how"), HOWS)
def test_a_picture_without_a_value_is_the_very_same(form: str, how: str) -> None:
    raw = picture(form, "by nobody", how=how)
    encoded = base64.encodebytes(raw).decode()

    assert clean_picture(raw, clean) is raw
    assert clean_picture(encoded, clean) is encoded


@pytest.mark.parametrize(
    "data", ["", "!!!", "R0lGODlh Velonavitch", b"GIF89a Velonavitch", b"\xff\xd8\xff", b"%PDF-1.7"]
)
def test_other_formats_stay_as_they_are(data: Any) -> None:
    assert clean_picture(data, clean) is data


@given(st.binary(max_size=80), st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"]))
def test_broken_pictures_lose_nothing_and_break_nothing(rest: bytes, start: bytes) -> None:
    raw = start + rest

    assert clean_picture(raw, lambda text: text) is raw


def test_a_message_is_sent_without_them() -> None:
    raw = base64.b64encode(picture("png", "Velonavitch", how="tEXt")).decode()

    cleaned = clean_content("display_data", {"data": {"image/png": raw, "text/plain": "x"}, "metadata": {}}, clean)

    assert b"Velonavitch" not in base64.b64decode(cleaned["data"]["image/png"])
    assert cleaned["data"]["image/png"] != raw
