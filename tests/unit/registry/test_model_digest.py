"""The digest of a model's files: of their names and bytes alone."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.errors import InputError
from jupyter_privguard.registry.digest import directory_digest

FILES = {"MLmodel": b"flavors: {}", "data/model.pkl": b"\x80\x04.", "requirements.txt": b""}


def put(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_it_is_what_the_documentation_says(tmp_path) -> None:
    put(tmp_path, {"b": b"1", "a/c": b""})
    empty, one = (hashlib.sha256(data).hexdigest() for data in (b"", b"1"))
    text = f'{{"files":[["a/c",0,"{empty}"],["b",1,"{one}"]],"version":1}}'

    assert directory_digest(tmp_path) == hashlib.sha256(text.encode()).hexdigest()


def test_it_does_not_depend_on_place_order_or_time(tmp_path) -> None:
    one = put(tmp_path / "one", FILES)
    other = put(tmp_path / "other", dict(reversed(FILES.items())))
    os.utime(other / "MLmodel", (1, 1))
    (other / "registered_model_meta").write_text("model_name: churn")  # MLflow's, at each download
    (other / "empty").mkdir()

    assert directory_digest(one) == directory_digest(other)


names = st.text(st.sampled_from("ab"), min_size=1, max_size=3)


@settings(max_examples=40)
@given(files=st.dictionaries(names, st.binary(max_size=3), min_size=1), name=names, data=st.binary(max_size=3))
def test_other_files_have_another_digest(tmp_path_factory, files, name, data) -> None:
    changed = files | {name: data}
    folders = [put(tmp_path_factory.mktemp("model"), one) for one in (files, changed)]

    assert (directory_digest(folders[0]) == directory_digest(folders[1])) == (files == changed)


def test_what_has_no_digest_gets_a_sentence(tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    linked = put(tmp_path / "linked", FILES)
    (linked / "more").symlink_to(tmp_path)
    pipe = put(tmp_path / "pipe", FILES)
    os.mkfifo(pipe / "fifo")

    for folder in (tmp_path / "empty", tmp_path / "missing", linked, pipe):
        with pytest.raises(InputError, match=r"^privguard: [^\n]+\.$"):
            directory_digest(folder)


def test_one_file_is_a_model_too(tmp_path) -> None:
    put(tmp_path, {"model.onnx": b"1", "other": b"1"})

    assert directory_digest(tmp_path / "model.onnx") != directory_digest(tmp_path / "other")
