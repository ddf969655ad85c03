"""Bytes of pictures are somebody's only where the header says so."""

from __future__ import annotations

import pandas as pd
import pytest
from PIL import Image

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.frames import view

_PNG = [b"\x89PNG\r\n\x1a\n" + bytes([i]) * 20 for i in range(30)]
_DRAWN = [Image.new("RGB", (4, 4), (i, 80, 99)) for i in range(30)]
_JPEG = [b"\xff\xd8\xff\xe0" + bytes([i]) * 20 for i in range(30)]


def _verdict(label, values):
    return classify(view(pd.DataFrame({label: values})))[0]


@pytest.mark.parametrize("label", ["photo", "portrait", "selfie", "Passbild", "profile_picture", "顔写真"])
@pytest.mark.parametrize("pictures", [_PNG, _JPEG, _DRAWN], ids=["png", "jpeg", "objects"])
def test_pictures_under_a_header_for_persons_are_images_of_persons(label, pictures):
    verdict = _verdict(label, pictures)

    assert (verdict.entity, verdict.is_sensitive) == ("IMAGE_OF_PERSON", True)
    assert "begin as pictures do" in " ".join(verdict.evidence)


@pytest.mark.parametrize("label", ["blob", "thumbnail", "product_photo", "chart_image", "col_0"])
def test_other_pictures_are_nobodys(label):
    assert not _verdict(label, _PNG).is_sensitive
    assert not _verdict(label, _DRAWN).is_sensitive


def test_a_header_for_photos_over_yes_and_no_is_refuted():
    assert _verdict("photo", ["yes", "no"] * 20).entity == "NONE"
