"""What a report says by itself: the words of this package that a reader of a page can see."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ..model import ENTITIES, DataClass, Operator, Tier

__all__ = ["is_own"]

_HERE = Path(__file__).parent
_CODE = (
    *("sections/*.py", "build.py", "page.py", "words.py", "shown.py", "experiments.py", "blocks.py", "evidence.py"),
    *("acts.py", "identifier_table.py", "pack_file.py", "tables.py", "entries.py", "concerns.py", "history.py"),
)
_COMMENT = re.compile(r"(?m)^\s*#.*$")
_MARKUP = re.compile(r"\{[{%#].*?[}%#]\}|<style.*?</style>|<[^>]*>", re.DOTALL)
_EDGE = ".,;:!?…'\"()[]{}“”‘’–—"


def is_own(text: str, start: int, end: int) -> bool:
    """Whether all words of ``text`` in which ``start`` to ``end`` (exclusive) lies are words of the report's own texts.

    Whole words are compared: that a value is a part of one of ours says nothing about it.
    """
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return _own_words().issuperset(_words(text[start:end]))


def _words(text: str) -> list[str]:
    return [word for word in (part.strip(_EDGE) for part in text.split()) if word]


@cache
def _own_words() -> frozenset[str]:
    return frozenset(word for text in _visible() for word in _words(text))


def _visible() -> Iterator[str]:
    yield from (*ENTITIES, *DataClass, *map(str.upper, DataClass), *Operator, *(tier.label for tier in Tier))
    for pattern in _CODE:
        for path in sorted(_HERE.glob(pattern)):
            yield from _texts_in(path.read_text("utf-8"))
    for path in sorted(_HERE.glob("controls/*.yaml")):
        yield _COMMENT.sub("", path.read_text("utf-8")).replace("https://", "")  # addresses stand there without
    for path in sorted(_HERE.rglob("*.j2")):
        yield _MARKUP.sub("\n", path.read_text("utf-8"))


def _texts_in(source: str) -> Iterator[str]:
    """The texts in Python code; docstrings, which nobody sees on a page, are none of them."""
    tree = ast.parse(source)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value
