"""Sentences name a few and say how many more there are."""

from __future__ import annotations

import pytest

from jupyter_privguard._listing import first_of


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a, b"),
        (["a", "b", "c"], "a, b and 1 more"),
        (["a", "b", *"cdefg"], "a, b and 5 more"),
    ],
)
def test_the_first_are_named_and_the_rest_counted(names: list[str], said: str) -> None:
    assert first_of(names, 2) == said
