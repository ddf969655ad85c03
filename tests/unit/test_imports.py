"""Hooks for modules that are imported later: nothing is imported for them, and they go away again."""

from __future__ import annotations

import importlib
import sys

import pytest

from jupyter_privguard._imports import when_imported


@pytest.fixture
def hooked(tmp_path, monkeypatch):
    """Waits for `pg_late` and its part; tells what was hooked and unhooked."""
    package = tmp_path / "pg_late"
    package.mkdir()
    (package / "__init__.py").write_text("READY = False\nfrom . import part\nREADY = True\n")
    (package / "part.py").write_text("VALUE = 3\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    told: list[str] = []

    def install(name):
        told.append(f"{name} {getattr(sys.modules[name], 'READY', '')}".strip())
        return lambda: told.append(f"not {name}")

    def begin():
        return when_imported(("pg_late", "pg_late.part", "pg_never"), install)

    yield begin, told
    for name in ("pg_late.part", "pg_late"):
        sys.modules.pop(name, None)


def test_a_module_is_hooked_after_it_was_executed(hooked):
    begin, told = hooked
    end = begin()
    assert told == []
    module = importlib.import_module("pg_late")
    assert told == ["pg_late.part", "pg_late True"]
    assert module.part.VALUE == 3
    assert type(module.__loader__).__module__ == "_frozen_importlib_external"
    end()
    assert sorted(told[2:]) == ["not pg_late", "not pg_late.part"]


def test_a_module_that_is_there_is_hooked_at_once(hooked):
    begin, told = hooked
    importlib.import_module("pg_late")
    end = begin()
    assert told == ["pg_late True", "pg_late.part"]
    end()


def test_a_module_that_is_imported_anew_is_hooked_anew(hooked):
    begin, told = hooked
    end = begin()
    importlib.import_module("pg_late.part")
    del sys.modules["pg_late.part"]
    importlib.import_module("pg_late.part")
    assert told[-2:] == ["not pg_late.part", "pg_late.part"]
    end()


def test_nothing_is_left_at_the_end(hooked):
    begin, told = hooked
    before = list(sys.meta_path)
    begin()()
    assert sys.meta_path == before
    importlib.import_module("pg_late")
    assert told == []


def test_a_hook_that_fails_leaves_none(hooked):
    _begin, told = hooked
    importlib.import_module("pg_late")

    def install(name):
        if name == "pg_late.part":
            raise ImportError("no")
        return lambda: told.append(f"not {name}")

    before = list(sys.meta_path)
    with pytest.raises(ImportError):
        when_imported(("pg_late", "pg_late.part"), install)
    assert told == ["not pg_late"]
    assert sys.meta_path == before
