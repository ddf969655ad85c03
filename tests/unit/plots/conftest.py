from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from jupyter_privguard.plots import watch

NAMES = {"Wendeline Osterhaus": "tok_11111111", "Bo": "tok_22222222", "48213": "tok_33333333"}


class Masker:
    """Knows three values; numbers called ``pay`` measure somebody."""

    def text(self, text: str) -> str:
        for name in ("Wendeline Osterhaus",):
            text = text.replace(name, NAMES[name])
        return text

    def column(self, label: str, values: Sequence[Any]) -> list[Any]:
        if label in ("pay", "y") and all(isinstance(v, (int, float)) for v in values):
            return [round(v, -4) for v in values]
        if label in ("who", "id"):
            return [NAMES.get(v, v) for v in values]
        if label == "illness":
            return ["[redacted]" for _ in values]
        return [self.text(v) if isinstance(v, str) else v for v in values]


class Watcher:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []
        self.pictures: list[tuple[bytes, bytes]] = []
        self.files: list[str] = []
        self.tables: list[Any] = []
        self.refuses = False
        self.end: Callable[[], None] = lambda: None

    def masker(self) -> Masker:
        return Masker()

    def charted(self, table: Any) -> None:
        self.tables.append(table)

    def is_of_person(self, source: Any) -> bool:
        return source == b"person" or str(source).endswith("ann.png")

    def writing(self, target: str, has_findings: Callable[[], bool]) -> None:
        if self.refuses and has_findings():
            raise PermissionError(target)

    def written(self, target: str) -> None:
        self.files.append(target)

    def became_text(self, text: str, masked: Callable[[Any], str]) -> None:
        self.texts.append((text, masked(Masker())))

    def became_picture(self, picture: bytes, masked: bytes) -> None:
        self.pictures.append((picture, masked))


@pytest.fixture
def masker():
    return Masker()


@pytest.fixture
def watcher():
    watcher = Watcher()
    watcher.end = watch(watcher)
    yield watcher
    watcher.end()
