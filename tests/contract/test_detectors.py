"""Every detector is held against its own hits and near misses; a detector without vectors fails."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_privguard.classification._header_words import all_words
from jupyter_privguard.classification.detector import DETECTORS
from jupyter_privguard.classification.headers import read_header
from jupyter_privguard.classification.spans import find_spans
from jupyter_privguard.model import ENTITIES, DataClass

_VECTORS = Path(__file__).parents[1] / "vectors" / "detectors"
_MISSING = {"source": "", "test": "proof", "hits": [], "near_misses": []}


@cache
def _vectors(name):
    file = _VECTORS / f"{name}.yaml"
    if not file.exists():
        return _MISSING
    vectors = yaml.safe_load(file.read_text(encoding="utf-8"))
    return vectors | {"hits": ["".join(value) if isinstance(value, list) else value for value in vectors["hits"]]}


def _test_of(detector, vectors):
    return detector.proof if vectors["test"] == "proof" else detector.shape


@pytest.mark.parametrize("name", list(DETECTORS))
def test_a_detector_has_a_source_and_ten_vectors_of_each_sort(name):
    vectors = _vectors(name)

    assert vectors["source"], f"tests/vectors/detectors/{name}.yaml is missing or names no source"
    assert len(set(vectors["hits"])) >= 10
    assert len(set(vectors["near_misses"])) >= 10
    assert vectors["test"] == ("proof" if DETECTORS[name].proof else "shape")


@pytest.mark.parametrize("name", list(DETECTORS))
def test_hits_are_found_and_near_misses_are_left_alone(name):
    vectors = _vectors(name)
    finds = _test_of(DETECTORS[name], vectors)

    assert [value for value in vectors["hits"] if not finds(value)] == []
    assert [value for value in vectors["near_misses"] if finds(value)] == []


_ODD = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"[-+(]?([0-9]{1,4}[ .,:/()-]?){1,8}[A-Z°]?", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9.@_+-]{0,30}", fullmatch=True),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_ODD)
def test_no_detector_stumbles_over_an_odd_value(value):
    for detector in DETECTORS.values():
        for test in (detector.shape, detector.proof):
            assert test is None or test(value) in (True, False)


@pytest.mark.parametrize("name", list(DETECTORS))
def test_what_is_proved_also_has_the_shape(name):
    detector, vectors = DETECTORS[name], _vectors(name)
    if detector.proof is None or name == "device_id":
        return

    unfit = [value for value in vectors["hits"] if detector.proof(value) and not detector.shape(value)]

    assert len(unfit) <= 1, "a column with the right header would be refuted"


@pytest.mark.parametrize("name", list(DETECTORS))
def test_a_detector_is_sure_only_within_limits_and_knows_its_entity(name):
    detector = DETECTORS[name]

    assert detector.entity in ENTITIES
    assert 0 <= detector.alone <= detector.with_person < 1
    assert 0.5 <= detector.share <= 1
    assert bool(detector.says) == bool(detector.alone)


@pytest.mark.parametrize("name", [name for name, detector in DETECTORS.items() if detector.span])
def test_spans_of_hits_are_found_inside_a_sentence(name):
    detector = DETECTORS[name]

    for value in _vectors(name)["hits"]:
        if "\n" in value or not detector.span.search(f" {value} "):
            continue
        text = f"Seen card or Aadhaar: {value} in May."
        assert any(text[span.start : span.end] in value for span in find_spans(text)), value


def test_no_vector_file_is_left_without_its_detector():
    assert {file.stem for file in _VECTORS.glob("*.yaml")} == set(DETECTORS)


def test_every_class_of_the_contract_has_a_detector_or_a_rule():
    classes = {ENTITIES[detector.entity] for detector in DETECTORS.values()}

    assert classes == set(DataClass) - {DataClass.INTERNAL, DataClass.NONE}


def test_every_entity_of_a_detector_has_header_words():
    listed = {entity for words in all_words().values() for entity in words.strong}
    named = {detector.entity for detector in DETECTORS.values() if detector.headers}
    phrases = [(d.entity, phrase.strip()) for d in DETECTORS.values() for phrase in d.headers.split(",") if d.headers]

    assert {detector.entity for detector in DETECTORS.values()} <= listed | named
    assert [pair for pair in phrases if not read_header(pair[1]).score(pair[0])] == []
