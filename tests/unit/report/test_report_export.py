"""A report is in its file and in the log, or in neither."""

from __future__ import annotations

import hashlib
import os

import pytest

from jupyter_privguard.errors import InputError, LogUnavailable
from jupyter_privguard.report.export import check_target, export


def test_the_file_appears_after_it_was_recorded(tmp_path):
    path = tmp_path / "r.html"
    seen = []

    export("<p>ä</p>", path, lambda sha256: seen.append((sha256, path.exists())))

    assert seen == [(hashlib.sha256("<p>ä</p>".encode()).hexdigest(), False)]
    assert path.read_text("utf-8") == "<p>ä</p>"
    assert os.listdir(tmp_path) == ["r.html"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_recorded_is_not_written_and_the_old_file_stays(tmp_path):
    path = tmp_path / "r.html"
    path.write_text("old")

    def fail(sha256: str) -> None:
        raise LogUnavailable("privguard: the log is busy.")

    with pytest.raises(LogUnavailable):
        export("new", path, fail)

    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["r.html"]


def test_unusable_targets_are_one_sentence(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        check_target(tmp_path)
    with pytest.raises(InputError, match="there is no folder"):
        check_target(tmp_path / "none" / "r.html")
    check_target(tmp_path / "r.html")


def test_a_folder_that_vanishes_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        export("x", tmp_path / "none" / "r.html", lambda sha256: None)
