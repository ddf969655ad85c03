"""Cells and labels that raise or lie, and what is asked of every table that holds them."""

from __future__ import annotations

import pytest

import jupyter_privguard as pg
from jupyter_privguard.errors import PrivguardError

VALUE = "zq.canary@corp.example"
"""Stands where it must not be quoted."""


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)


def raises(*_, **__):
    raise RuntimeError(VALUE)


def one(*names, base=object, **more):
    return type("Hostile", (base,), {**dict.fromkeys(names, raises), **more})


def liar(kind):
    return one(__class__=property(lambda self: kind))()


NO_STR = ("__str__", "__repr__")


TEXT = one("strip", "lower", "endswith", "encode", "isdigit", "__getitem__", "__len__", "__iter__", *NO_STR, base=str)


WRONG_SLICE = type("Hostile", (str,), {"__getitem__": lambda self, item: 5, "strip": lambda self: 7})


def classified(table, **options):
    found = pg.classify(table, **options)
    shown = f"{found!r}{found._repr_html_()}{found.to_json()}{found.to_frame()}{found.quasi_identifiers.to_frame()}"
    assert VALUE not in shown
    assert all(verdict.evidence and 0 <= verdict.confidence <= 1 for verdict in found)
    return [verdict.entity for verdict in found]


def masked_or_refused(table):
    try:
        masked = pg.mask(table)
    except PrivguardError as error:
        assert str(error).startswith("privguard: ")
        assert VALUE not in str(error)
        assert error.__cause__ is None
        return None
    assert type(masked) is type(table)
    assert masked.shape == table.shape
    return masked
