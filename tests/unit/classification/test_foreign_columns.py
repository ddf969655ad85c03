"""Columns of foreign kinds, and subclasses: what they override is not asked, what they raise stops nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pandas.api.extensions import ExtensionArray, ExtensionDtype

import jupyter_privguard as pg
from tests.unit.classification.hostile import VALUE, classified, masked_or_refused, own_home, raises  # noqa: F401


class _Type(ExtensionDtype):
    name = "raising"
    type = object

    @classmethod
    def construct_array_type(cls):
        return _Array


class _Array(ExtensionArray):
    """Somebody else's column. From ``arm`` on each look at a value raises and is counted."""

    armed: tuple[str, ...] = ()
    looks = 0

    def __init__(self, values):
        self._values = list(values)

    dtype = property(lambda self: _Type())
    nbytes = 8

    @classmethod
    def _from_sequence(cls, scalars, *, dtype=None, copy=False):
        return cls(scalars)

    @classmethod
    def _look(cls, how):
        if how in cls.armed:
            cls.looks += 1
            raise RuntimeError(VALUE)

    def __len__(self):
        return len(self._values)

    def __getitem__(self, item):
        self._look("getitem")
        if isinstance(item, (int, np.integer)):
            return self._values[item]
        return _Array(np.array(self._values, dtype=object)[item])

    def __iter__(self):
        self._look("iter")
        return iter(self._values)

    def isna(self):
        self._look("isna")
        return np.zeros(len(self), dtype=bool)

    def take(self, indices, *, allow_fill=False, fill_value=None):
        self._look("take")
        return _Array([self._values[place] for place in indices])

    def factorize(self, use_na_sentinel=True):
        self._look("factorize")
        return super().factorize(use_na_sentinel)

    def copy(self):
        self._look("copy")
        return _Array(self._values)


_LOOKS = ("getitem", "iter", "isna", "take", "factorize", "copy")


@pytest.fixture
def foreign(monkeypatch):
    def arm(*looks):
        monkeypatch.setattr(_Array, "looks", 0)
        monkeypatch.setattr(_Array, "armed", looks)

    return pd.DataFrame(
        {"email": pd.Series(_Array([VALUE] * 40)), "x1": [f"a{n}@corp.example" for n in range(40)]}
    ), arm


@pytest.mark.parametrize("look", _LOOKS)
def test_a_foreign_column_that_raises_is_judged_by_its_header(foreign, look):
    table, arm = foreign
    arm(look)

    for full in (False, True):
        assert classified(table, full=full) == ["EMAIL_ADDRESS", "EMAIL_ADDRESS"]
    masked_or_refused(table)


def test_header_only_looks_at_no_value(foreign):
    table, arm = foreign
    arm(*_LOOKS)

    assert classified(table, header_only=True) == ["EMAIL_ADDRESS", "NONE"]
    assert _Array.looks == 0
    assert "quasi" not in repr(pg.classify(table, header_only=True))


class _Overridden(pd.DataFrame):
    """A user's own DataFrame whose methods cannot be trusted."""

    __len__ = __getitem__ = __iter__ = raises
    to_dict = items = head = sample = raises


def test_methods_that_a_subclass_overrides_are_not_asked():
    table = _Overridden({"x1": ["asha@corp.example"] * 3})

    assert classified(table) == ["EMAIL_ADDRESS"]
