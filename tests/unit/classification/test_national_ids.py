"""National ids: named by header, refined by check digits, never found in digits that merely look like one."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
import yaml

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.classification.detector import DETECTORS
from jupyter_privguard.frames import view
from jupyter_privguard.model import NATIONAL_IDS, DataClass, class_of

_VECTORS = Path(__file__).parents[2] / "vectors" / "detectors"
_ALIKE = {"EE_IK", "LT_AK"}
"""Built in the same way, so that only a header can tell them apart."""
_ONE_DIGIT = [name for name, found in DETECTORS.items() if found.entity in NATIONAL_IDS and 0 < found.alone < 0.4]
_CHECKED = [name for name, found in DETECTORS.items() if found.entity in NATIONAL_IDS and found.alone >= 0.4]


def _hits(name):
    return yaml.safe_load((_VECTORS / f"{name}.yaml").read_text(encoding="utf-8"))["hits"]


def _entity(values, label="col_0", **columns):
    values = list(values)
    frame = pd.DataFrame({label: values, **{name: list(column)[: len(values)] for name, column in columns.items()}})
    return classify(view(frame))[0].entity


_MAILS = [f"{a}.{b}@example.com" for a in ("asha", "jo", "kim") for b in "abcdefghij"]


def test_there_are_many_countries_and_each_entity_has_its_detector():
    assert len({entity[:2] for entity in NATIONAL_IDS}) >= 25
    assert {detector.entity for detector in DETECTORS.values()} >= NATIONAL_IDS
    assert {class_of(entity) for entity in NATIONAL_IDS} == {DataClass.PII}


@pytest.mark.parametrize("name", [name for name in DETECTORS if DETECTORS[name].headers])
def test_each_is_found_under_its_own_header(name):
    detector = DETECTORS[name]

    assert _entity(_hits(name), label=detector.headers.split(",")[0]) == detector.entity


@pytest.mark.parametrize("name", [*_CHECKED, *_ONE_DIGIT])
def test_a_general_header_is_refined_by_the_check(name):
    values = [hit for hit in _hits(name) if name != "il_tz" or hit[0] in "08"]

    found = _entity(values, label="national_id")

    assert found == DETECTORS[name].entity or (found == "NATIONAL_ID" and DETECTORS[name].entity in _ALIKE)


@pytest.mark.parametrize("name", _CHECKED)
def test_a_date_or_letters_and_a_check_need_no_header(name):
    found = _entity(_hits(name))

    assert found == DETECTORS[name].entity or (found == "NATIONAL_ID" and DETECTORS[name].entity in _ALIKE)


@pytest.mark.parametrize("name", _ONE_DIGIT)
def test_one_check_digit_needs_persons(name):
    hits = _hits(name)

    assert _entity(hits) == "NONE"
    assert _entity(hits, email=_MAILS) in NATIONAL_IDS | {"NATIONAL_ID"}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", range(9, 17))
@pytest.mark.parametrize("among_persons", [False, True])
def test_random_digits_are_nobodys(size, seed, among_persons):
    rng = random.Random(100 * size + seed)
    values = [rng.randrange(10 ** (size - 1), 10**size) for _ in range(len(_MAILS))]

    found = _entity(values, **({"email": _MAILS} if among_persons else {}))

    assert found in {"NONE", "INTERNAL_UNKNOWN"}


def test_what_two_countries_build_alike_is_left_open():
    verdict = classify(view(pd.DataFrame({"x1": _hits("lt_ak")})))[0]

    assert verdict.entity == "NATIONAL_ID"
    assert "EE_IK and LT_AK fit alike" in " ".join(verdict.evidence)


@pytest.mark.parametrize(
    ("label", "name", "entity"),
    [("nif", "es_nif", "ES_NIF"), ("nif", "pt_nif", "PT_NIF"), ("personnummer", "no_fnr", "NO_FNR"),
     ("personnummer", "se_personnummer", "SE_PERSONNUMMER"), ("personnummer", "dk_cpr", "DK_CPR")],
)  # fmt: skip
def test_a_header_of_two_countries_is_decided_by_the_values(label, name, entity):
    assert _entity(_hits(name), label=label) == entity


def test_a_leading_zero_that_an_integer_lost_does_not_hide_a_number():
    values = [int(value) for value in ("0101801234",)] + [int(value) for value in _hits("bg_egn")]

    assert _entity(values) == "BG_EGN"
