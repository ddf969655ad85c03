"""Detectors are found by folder; mistakes in the folder are errors, never skipped."""

from __future__ import annotations

import pytest

from jupyter_privguard.classification import detector
from jupyter_privguard.classification import detectors as folder
from jupyter_privguard.classification.detector import DETECTORS, Detector


def _folder_with(tmp_path, monkeypatch, name, source):
    (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path)])


def test_a_new_file_is_a_new_detector(tmp_path, monkeypatch):
    source = (
        "from jupyter_privguard.classification.detector import Detector\n"
        "PET = Detector('pet_tag', 'NATIONAL_ID', shape=str.isdigit)\n"
    )
    _folder_with(tmp_path, monkeypatch, "zz_pet", source)

    assert "pet_tag" in detector._discover()


def test_a_doubled_name_names_the_module(tmp_path, monkeypatch):
    source = (
        "from jupyter_privguard.classification.detector import Detector\n"
        "X = Detector('iban', 'IBAN', shape=str.isdigit)\n"
    )
    _folder_with(tmp_path, monkeypatch, "zz_double", source)

    with pytest.raises(RuntimeError, match=r"zz_double.*iban"):
        detector._discover()


def test_a_file_without_a_detector_is_an_error(tmp_path, monkeypatch):
    _folder_with(tmp_path, monkeypatch, "zz_empty", "X = 1\n")

    with pytest.raises(RuntimeError, match="zz_empty"):
        detector._discover()


def test_a_detector_that_could_never_find_anything_is_refused():
    with pytest.raises(ValueError, match="proof"):
        Detector("x", "NATIONAL_ID", shape=str.isdigit, alone=0.9)


def test_an_unknown_name_is_a_key_error():
    with pytest.raises(KeyError):
        DETECTORS["nothing"]
