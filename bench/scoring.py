"""A classifier's answers beside the labels of the yardstick: F1, false alarms, recall, confidence, speed."""

from __future__ import annotations

import itertools
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from labelled import DIRECT, NONE, Case, Column

Classifier = Callable[[pd.DataFrame], Sequence[Any]]
"""Frame → a column each, an entity or a pair of entity and confidence."""

ACTS_FROM = 0.7
_NOTHING = (NONE, "INTERNAL_UNKNOWN", None, "")


@dataclass
class Tally:
    """What was right and wrong in one variant."""

    hits: int = 0
    missed: int = 0
    alarms: int = 0
    harmless: int = 0
    direct: int = 0
    direct_found: int = 0
    entity_hits: Counter[str] = field(default_factory=Counter)
    entity_missed: Counter[str] = field(default_factory=Counter)
    entity_alarms: Counter[str] = field(default_factory=Counter)

    def add(self, label: Column, answer: str) -> None:
        """Count one answer, NONE or an entity."""
        entity, said = label.entity or NONE, answer != NONE
        if entity == NONE:
            self.harmless += 1
            self.alarms += said
        else:
            self.hits += said
            self.missed += not said
            if entity in DIRECT:
                self.direct += 1
                self.direct_found += said
        if said and is_right(label, answer):
            self.entity_hits[entity] += 1
            return
        self.entity_missed[entity] += entity != NONE
        self.entity_alarms[answer] += said

    @property
    def precision(self) -> float:
        return self.hits / max(1, self.hits + self.alarms)

    @property
    def recall(self) -> float:
        return self.hits / max(1, self.hits + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(1, 2 * self.hits + self.missed + self.alarms)

    @property
    def entity_f1(self) -> float:
        """The mean over the entities that the labels hold."""
        present = [e for e in {*self.entity_hits, *self.entity_missed} if self.entity_hits[e] + self.entity_missed[e]]
        scores = [
            2 * self.entity_hits[e] / (2 * self.entity_hits[e] + self.entity_missed[e] + self.entity_alarms[e])
            for e in present
        ]
        return sum(scores) / max(1, len(scores))

    @property
    def alarms_per_100(self) -> float:
        return 100 * self.alarms / max(1, self.harmless)

    @property
    def direct_recall(self) -> float:
        return self.direct_found / max(1, self.direct)

    def figures(self) -> dict[str, float]:
        """All of it by name."""
        names = ("f1", "precision", "recall", "entity_f1", "alarms_per_100", "direct_recall")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Answer:
    """One scored column: what was said, how surely, and what is right."""

    case: Case
    label: Column
    entity: str
    confidence: float

    @property
    def acts(self) -> bool:
        return self.entity != NONE and self.confidence >= ACTS_FROM

    @property
    def is_right(self) -> bool:
        return is_right(self.label, self.entity)


@dataclass
class Run:
    """All answers of one classifier, and the time they took."""

    answers: list[Answer] = field(default_factory=list, repr=False)
    seconds: float = 0.0
    cells: int = 0
    tables: int = 0
    raised: int = 0
    """Frames that made the classifier raise; it has said NONE to their columns."""

    def by_variant(self) -> dict[str, Tally]:
        found: dict[str, Tally] = defaultdict(Tally)
        for answer in self.answers:
            found[answer.case.variant].add(answer.label, answer.entity if answer.acts else NONE)
        return dict(found)


def is_right(label: Column, entity: str) -> bool:
    """Whether ``entity`` is the label or another right answer."""
    return entity == label.entity or (entity in label.also and label.entity != NONE)


def run(classifier: Classifier, cases: Iterable[Case]) -> Run:
    """Ask ``classifier`` about every case."""
    found, last = Run(), None
    for case in cases:
        began = time.perf_counter()
        try:
            said = list(classifier(case.frame))
        except Exception as error:  # noqa: BLE001 - a peer may raise anything; one frame must not end the comparison
            said, found.raised, last = [NONE] * len(case.labels), found.raised + 1, error
        found.seconds += time.perf_counter() - began
        if len(said) != len(case.labels):
            raise ValueError(f"{len(said)} answers for {len(case.labels)} columns")
        found.cells += case.frame.size
        found.tables += 1
        for label, answer in zip(case.labels, said, strict=True):
            if label is not None and label.entity is not None:
                found.answers.append(Answer(case, label, *_read(answer)))
    if last is not None and found.raised == found.tables:
        raise last
    return found


def _read(answer: Any) -> tuple[str, float]:
    entity, confidence = answer if isinstance(answer, tuple) else (answer, 1.0)
    return (NONE, confidence) if entity in _NOTHING else (entity, confidence)


BINS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def reliability(answers: Iterable[Answer]) -> list[tuple[float, float, int, float, float]]:
    """A bin of confidence each: from, to, verdicts that name an entity, mean confidence, share that is right."""
    named = [answer for answer in answers if answer.entity != NONE]
    rows = []
    for low, high in itertools.pairwise(BINS):
        inside = [a for a in named if low <= a.confidence < high or (high == BINS[-1] and a.confidence == high)]
        if inside:
            mean = sum(a.confidence for a in inside) / len(inside)
            rows.append((low, high, len(inside), mean, sum(a.is_right for a in inside) / len(inside)))
    return rows


def overconfident(answers: Iterable[Answer], *, least: int = 10) -> list[tuple[str, int, float, float]]:
    """Entities whose verdicts at 0.9 are right less than nine times in ten: entity, verdicts, confidence, right."""
    groups: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        if answer.entity != NONE and answer.confidence >= 0.9:
            groups[answer.entity].append(answer)
    rows = (
        (entity, len(g), sum(a.confidence for a in g) / len(g), sum(a.is_right for a in g) / len(g))
        for entity, g in groups.items()
        if len(g) >= least
    )
    return sorted((row for row in rows if row[3] < 0.9), key=lambda row: row[3])
