"""What a detector is, and the registry of all of them.

A detector knows one kind of value. Add one: a file in ``detectors/`` with a ``Detector`` constant
and a file of hits and near misses of the same name under ``tests/vectors/detectors``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["DETECTORS", "Detector", "ValueTest", "detectors_of"]

ValueTest = Callable[[str], bool]
"""One trimmed value as text; whether it fits."""


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of value: how it looks, how it is proved, and what that is worth.

    Two tests, because they answer two questions. ``shape``: may a column whose *header* names the
    entity hold this? ``proof``: does the value speak for itself (check digit, unmistakable form,
    closed vocabulary)? Without a header only ``proof`` counts.
    """

    name: str
    """Lower snake, unique; also the name of the vector file."""
    entity: str
    shape: ValueTest
    proof: ValueTest | None = None
    kind: str = "pattern"
    """``pattern``, ``checksum`` or ``dictionary``: how ``proof`` knows."""
    alone: float = 0.0
    """Confidence in [0, 1] when ``share`` of the values are proved and nothing else is known."""
    with_person: float = 0.0
    """The same in a table whose rows are persons; at least ``alone``."""
    share: float = 0.7
    """Share of distinct values that must be proved."""
    mixed: float = 1.0
    """Share that suffices when nearly all values have the shape: written in several ways, some of them proved."""
    few: bool = False
    """Whether one or two values are enough, because chance cannot make this form."""
    span: re.Pattern[str] | None = None
    """Finds candidates inside a text; each is then put to ``proof``."""
    headers: str = ""
    """Phrases of a header, parted by commas, that decide for the entity; more stand in ``_header_words``."""
    says: str = ""
    """What was tested, for the evidence: ``"Luhn check digit and issuer range"``."""

    def __post_init__(self) -> None:
        if self.proof is None and (self.alone or self.span):
            raise ValueError(f"detector {self.name}: without a proof nothing can be found by value")
        if self.with_person < self.alone:
            object.__setattr__(self, "with_person", self.alone)


class _Registry(Mapping[str, Detector]):
    """All detectors by name, found by file name; nothing is imported before the first look.

    Loading the patterns takes longer than loading the extension may, hence the delay.
    """

    def __init__(self) -> None:
        self._found: dict[str, Detector] | None = None

    def _load(self) -> dict[str, Detector]:
        if self._found is None:
            self._found = _discover()
        return self._found

    def __getitem__(self, name: str) -> Detector:
        return self._load()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._load())

    def __len__(self) -> int:
        return len(self._load())


def _discover() -> dict[str, Detector]:
    """Detectors of all modules in ``detectors/``, in file order; a doubled or missing one raises."""
    import importlib
    import pkgutil

    from . import detectors

    found: dict[str, Detector] = {}
    for info in sorted(pkgutil.iter_modules(detectors.__path__), key=lambda module: module.name):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{detectors.__name__}.{info.name}")
        mine = [value for value in vars(module).values() if isinstance(value, Detector)]
        if not mine:
            raise RuntimeError(f"{module.__name__} holds no Detector")
        for detector in mine:
            if detector.name in found:
                raise RuntimeError(f"{module.__name__}: a detector called {detector.name} exists already")
            found[detector.name] = detector
    return found


DETECTORS: Mapping[str, Detector] = _Registry()
"""Every detector by name."""


def detectors_of(entity: str) -> tuple[Detector, ...]:
    """The detectors that know values of ``entity``, in file order."""
    return _by_entity().get(entity, ())


@lru_cache(maxsize=1)
def _by_entity() -> dict[str, tuple[Detector, ...]]:
    table: dict[str, tuple[Detector, ...]] = {}
    for detector in DETECTORS.values():
        table[detector.entity] = (*table.get(detector.entity, ()), detector)
    return table
