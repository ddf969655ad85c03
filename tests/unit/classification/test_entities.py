"""Every entity is found in a table, by header and values, and by values alone where their form allows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from jupyter_privguard.classification._header_words import all_words
from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.classification.detector import DETECTORS
from jupyter_privguard.frames import view
from jupyter_privguard.model import ENTITIES, NATIONAL_IDS, DataClass

_VECTORS = Path(__file__).parents[2] / "vectors" / "detectors"
_ROWS = 60
_MAILS = [f"{first}.{last}{n}@example.com" for n in range(5) for first in ("asha", "jo", "kim") for last in "abcd"]
_OTHERS = [name for name, found in DETECTORS.items() if found.entity not in NATIONAL_IDS]
_ALONE = [name for name in _OTHERS if DETECTORS[name].alone >= 0.7]
_AMONG_PERSONS = [name for name in _OTHERS if DETECTORS[name].with_person >= 0.7]
_PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def _vectors(name):
    vectors = yaml.safe_load((_VECTORS / f"{name}.yaml").read_text(encoding="utf-8"))
    return {part: ["".join(each) if isinstance(each, list) else each for each in vectors[part]] for part in _PARTS}


_PARTS = ("hits", "near_misses")


def _column(values, label, **columns):
    cells = [values[row % len(values)] for row in range(_ROWS)]
    return classify(view(pd.DataFrame({label: cells, **columns})))[0]


@pytest.mark.parametrize("name", _OTHERS)
def test_header_and_values_among_persons_are_found(name):
    entity = DETECTORS[name].entity
    label = "callback_link" if name == "personal_link" else all_words()["en"].strong[entity][0]

    verdict = _column(_vectors(name)["hits"], label, email=_MAILS)

    assert (verdict.entity, verdict.confidence >= 0.7) == (entity, True)
    assert verdict.evidence


@pytest.mark.parametrize("name", _ALONE)
def test_values_that_speak_for_themselves_need_no_header(name):
    verdict = _column(_vectors(name)["hits"], "x1")

    assert (verdict.entity, verdict.confidence >= 0.7) == (DETECTORS[name].entity, True)


@pytest.mark.parametrize("name", _AMONG_PERSONS)
def test_values_without_a_header_are_found_among_persons(name):
    verdict = _column(_vectors(name)["hits"], "x1", email=_MAILS)

    assert (verdict.entity, verdict.confidence >= 0.7) == (DETECTORS[name].entity, True)


@pytest.mark.parametrize("name", [name for name in DETECTORS if DETECTORS[name].alone])
def test_near_misses_are_not_found(name):
    verdict = _column(_vectors(name)["near_misses"], "x1")

    assert verdict.entity != DETECTORS[name].entity or verdict.confidence < 0.7


def test_images_are_found_in_bytes_and_in_paths():
    pictures = classify(view(pd.DataFrame({"face": [_PNG] * 3, "email": _MAILS[:3]})))[0]
    blobs = classify(view(pd.DataFrame({"payload": [b"\x00\x01\x02"] * 3, "email": _MAILS[:3]})))[0]

    assert pictures.entity == "IMAGE_OF_PERSON"
    assert blobs.entity == "NONE"


def test_persons_in_free_text_are_found_and_remarks_without_any_are_not():
    told = [
        f"Customer wrote from {mail} and asked to be called back on +44 20 7946 0{n:03}."
        for n, mail in enumerate(_MAILS)
    ]
    plain = [f"The parcel number {n} arrived late and the box was damaged on one side." for n in range(_ROWS)]

    verdicts = classify(view(pd.DataFrame({"note": told, "remark": plain})))

    assert [verdict.entity for verdict in verdicts] == ["FREE_TEXT_WITH_PII", "NONE"]


def test_what_is_not_recognised_beside_a_person_is_internal():
    keys = [f"zq{n * 7919 % 99991:05}w" for n in range(_ROWS)]

    among_persons = classify(view(pd.DataFrame({"blurb": keys, "email": _MAILS})))[0]
    alone = classify(view(pd.DataFrame({"blurb": keys})))[0]

    assert (among_persons.entity, among_persons.data_class) == ("INTERNAL_UNKNOWN", DataClass.INTERNAL)
    assert alone.entity == "NONE"


def test_each_entity_is_found_by_a_detector_or_a_rule():
    by_rule = {"FREE_TEXT_WITH_PII", "INTERNAL_UNKNOWN", "NONE"}

    assert {found.entity for found in DETECTORS.values()} | by_rule == {*ENTITIES}
