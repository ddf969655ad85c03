"""A table that could not be looked at: what may come from it is withheld, and nothing else."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from jupyter_privguard.errors import MaskingError
from jupyter_privguard.guard import knowledge
from jupyter_privguard.guard.cells.cell import CellOptions
from tests.unit.guard.conftest import PEOPLE, Guarded


def run_of(guarded: Guarded, source: str) -> Any:
    return guarded.session.open_run(source, CellOptions(), source, execution_count=1, cell_id=None)


@pytest.fixture
def blind(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> Guarded:
    """Looking at the table `bad` fails, as a mistake of ours or of its own code would make it."""
    bad = guarded.space["bad"] = pd.DataFrame(PEOPLE)
    guarded.space["good"] = pd.DataFrame({"shelf": ["a", "b"], "count": [1, 2]})
    original = knowledge.Knowledge.classification

    def failing(self: Any, obj: Any, *args: Any, **kwargs: Any) -> Any:
        if obj is bad:
            raise RuntimeError(PEOPLE["name"][0])
        return original(self, obj, *args, **kwargs)

    monkeypatch.setattr(knowledge.Knowledge, "classification", failing)
    return guarded


@pytest.mark.parametrize("source", ["print(bad.name[0])", "x = bad\nprint(x)", "show(bad, good)"])
def test_nothing_of_a_cell_that_uses_it_is_shown(blind: Guarded, source: str) -> None:
    with pytest.raises(MaskingError, match=r"the table bad could not be looked at \(RuntimeError\)") as failed:
        blind.session.clean(f"a {PEOPLE['name'][0]}", run_of(blind, source))

    assert PEOPLE["name"][0] not in str(failed.value)


def test_nothing_of_no_cell_is_shown(blind: Guarded) -> None:
    with pytest.raises(MaskingError, match="the table bad"):
        blind.session.clean("anything", None)


def test_other_cells_go_on(blind: Guarded) -> None:
    assert blind.session.clean("shelf a", run_of(blind, "print(good)")) == "shelf a"


def test_it_ends_with_the_table(blind: Guarded) -> None:
    with pytest.raises(MaskingError):
        blind.session.clean("a", None)
    del blind.space["bad"]
    assert blind.session.clean("a", None) == "a"


def test_other_objects_may_fail_as_they_like(guarded: Guarded) -> None:
    class Proxy:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("unbound")

    guarded.space["proxy"] = Proxy()

    assert guarded.session.clean("text", run_of(guarded, "print(proxy)")) == "text"
