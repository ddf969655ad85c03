"""What the record of a cell says of a file that may be a model."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from jupyter_privguard.guard.files.stored_rows import stored_in
from jupyter_privguard.policy.builtin import built_in

MAILS = [f"p{n}@corp.example" for n in range(30)]


class Keeper:
    def __init__(self) -> None:
        self.words = MAILS


@pytest.mark.parametrize("name", ["m.pkl", "m.joblib", "m.bin", "m", "m.of-my-own"])
def test_a_model_is_known_by_its_name_or_its_beginning(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(pickle.dumps(Keeper()))

    told = stored_in(str(tmp_path / name), built_in())

    assert told == {"stored": [{"where": "Keeper.words", "rows": 30, "entities": ["EMAIL_ADDRESS"]}]}


def test_models_of_other_formats(tmp_path: Path) -> None:
    from tests.unit.scanning.test_skops_files import MEASURES, NEIGHBOURS, packed

    (tmp_path / "m.skops").write_bytes(packed(NEIGHBOURS, x=MEASURES))
    (tmp_path / "bomb.skops").write_bytes(packed("0" * (65 * 2**20)))
    (tmp_path / "broken.onnx").write_bytes(b"\x3a\x7f")

    (one,) = stored_in(str(tmp_path / "m.skops"), built_in())["stored"]
    assert (one["where"], one["rows"], one["entities"]) == ("KNeighborsClassifier._fit_X", len(MEASURES), [])
    assert stored_in(str(tmp_path / "bomb.skops"), built_in()) == {"partly_read": True}
    assert stored_in(str(tmp_path / "broken.onnx"), built_in()) == {"partly_read": True}


def test_what_is_no_model_or_no_file_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n".join(MAILS))
    (tmp_path / "empty.pkl").touch()
    (tmp_path / "plain.pkl").write_bytes(pickle.dumps({"a": 1}))
    os.mkfifo(tmp_path / "pipe.pkl")
    (tmp_path / "large.pkl").touch()
    os.truncate(tmp_path / "large.pkl", 2**40)

    for name in ("a.csv", "empty.pkl", "plain.pkl", "pipe.pkl", "large.pkl", "gone.pkl", ""):
        assert stored_in(str(tmp_path / name), built_in()) == {}, name
    assert stored_in("a\0b", built_in()) == {}


@pytest.mark.parametrize(
    "data", [b"\x80\x04]", b"\x80\x63N.", b"\x80\x05\x97.", b"\x1f\x8b\x08garbage", b"\x80\x04" + b"]" * 250_001]
)
def test_what_is_not_read_to_its_end_is_told(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.pkl").write_bytes(data)

    assert stored_in(str(tmp_path / "m.pkl"), built_in()) == {"partly_read": True}
