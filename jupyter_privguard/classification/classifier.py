"""Columns of a table → one verdict each, by header, values and the table as a whole.

The header is a prior; values confirm, refute or refine it; without a header only a check digit or
an unmistakable form counts. Whether the rows are persons is decided first, over all columns, and
then decides what ``name``, ``city``, ``postcode`` or ``age`` mean.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from ..errors import PolicyError
from ..frames.engine import FrameView, Kind
from ..model import ENTITIES, ColumnVerdict, DataClass, Pattern
from .candidates import first_candidates
from .context import DIRECT, TableContext, table_context
from .custom import candidates_of, classes_of
from .detector import detectors_of
from .every_cell import forms_within
from .evidence import Candidate
from .facts import ColumnFacts, gather
from .freetext import is_long_text, scan, text_with
from .headers import label_text, read_header
from .in_table import with_context
from .nested import of_records
from .spans import redact_spans
from .unknown import is_unknown

__all__ = ["classify", "shown_label"]

_SAMPLE, _SMALLEST, _CELLS = 200, 20, 120_000
_FEWEST = 6
"""Cells from which half of a column is not missed, with a probability of 98 %."""


def shown_label(label: Hashable, patterns: tuple[Pattern, ...] = ()) -> str:
    """A label as text that may be shown: values in it redacted, at most 200 characters."""
    if label is None:
        return "(no name)"
    text = label_text(label)[:1000].encode("utf-8", "replace").decode()  # lone surrogates can be shown nowhere
    return redact_spans(text, patterns)[:200]


def classify(
    view: FrameView,
    *,
    header_only: bool = False,
    full: bool = False,
    overrides: Mapping[int, str] | None = None,
    patterns: tuple[Pattern, ...] = (),
) -> tuple[ColumnVerdict, ...]:
    """One verdict a label of ``view`` (index levels too), in order; ``action`` stays empty.

    ``header_only`` reads no value; ``full`` looks at every cell. ``overrides`` gives the entity of
    positions that a person or the policy has decided; PolicyError for an entity that does not exist.
    ``patterns`` are the policy's own forms and entities.
    """
    classes = {**ENTITIES, **classes_of(patterns)}
    given = dict(overrides or {})
    if not classes.keys() >= set(given.values()):
        raise PolicyError("privguard: a column is given to an entity that does not exist; see `columns` in the policy.")
    labels = view.labels
    columns = _gathered(view, labels, header_only=header_only, full=full)
    best = _decided(view, columns, given, full=full, patterns=patterns)
    has_direct = any(
        found is not None and found.entity in DIRECT and found.confidence >= ColumnVerdict.ACTS_FROM for found in best
    )
    verdicts = []
    for facts, label, found in zip(columns, labels, best, strict=True):
        name = _label(facts, label, found, patterns)
        verdict = _verdict(facts, name, found, has_direct, classes, rows=view.rows)
        is_sampled = not full and facts.position not in given and _may_hold_text(view, facts)
        verdicts.append(_with_limit_of_sample(verdict, facts, rows=view.rows) if is_sampled else verdict)
    return tuple(verdicts)


def _gathered(view: FrameView, labels: Sequence[Hashable], *, header_only: bool, full: bool) -> list[ColumnFacts]:
    """What is known of each column by itself."""
    if header_only:
        return [_header_alone(position, label) for position, label in enumerate(labels)]
    size = min(_SAMPLE, max(_SMALLEST, _CELLS // max(1, len(labels))))
    return [gather(view, position, label, size=size, full=full) for position, label in enumerate(labels)]


def _decided(
    view: FrameView,
    columns: Sequence[ColumnFacts],
    given: Mapping[int, str],
    *,
    full: bool,
    patterns: tuple[Pattern, ...],
) -> list[Candidate | None]:
    """For each column what it holds most likely, or what was ``given``; None where nothing speaks for anything."""
    first = {
        facts.position: [_overridden(given[facts.position])] if facts.position in given else first_candidates(facts)
        for facts in columns
    }
    context = table_context(columns, first)
    return [
        _best(
            first[facts.position]
            if facts.position in given
            else _all_candidates(view, facts, first[facts.position], context, full=full, patterns=patterns)
        )
        for facts in columns
    ]


def _all_candidates(
    view: FrameView,
    facts: ColumnFacts,
    first: list[Candidate],
    context: TableContext,
    *,
    full: bool,
    patterns: tuple[Pattern, ...],
) -> list[Candidate]:
    """What one column may hold, by itself, by the table, by the policy, and by values within its cells."""
    candidates = with_context(facts, first, context)
    candidates += _of_policy(facts, candidates, patterns)
    within = of_records(facts.records, partial(classify, full=full, patterns=patterns))
    candidates += [within] if within is not None else []
    if is_long_text(facts):
        found = scan(view, facts, full=full, patterns=patterns)
        candidates += [found] if found is not None else []
    elif not _acts(candidates) and (hits := forms_within(facts, patterns)):
        candidates.append(text_with(hits, len(facts.cells or facts.texts), "distinct values"))
    return candidates


def _best(candidates: Iterable[Candidate]) -> Candidate | None:
    return max(candidates, key=lambda candidate: candidate.confidence, default=None)


def _label(facts: ColumnFacts, label: Hashable, best: Candidate | None, patterns: tuple[Pattern, ...]) -> str:
    """The label as it may be shown: of a file without a header it is the first row's value."""
    if best is not None and best.confidence >= ColumnVerdict.ACTS_FROM and not facts.header.hints:
        text = facts.label.strip()
        if any(found.proof is not None and found.proof(text) for found in detectors_of(best.entity)):
            return "[redacted]"
    return shown_label(label, patterns)


def _of_policy(facts: ColumnFacts, candidates: list[Candidate], patterns: tuple[Pattern, ...]) -> list[Candidate]:
    """What the policy's patterns add to what is known; where that acts, only of a policy that may lower too."""
    acts = _acts(candidates)
    return [candidate for candidate, pattern in candidates_of(facts, patterns) if not (acts and pattern.raises_only)]


def _acts(candidates: Iterable[Candidate]) -> bool:
    return any(candidate.confidence >= ColumnVerdict.ACTS_FROM for candidate in candidates)


def _with_limit_of_sample(verdict: ColumnVerdict, facts: ColumnFacts, *, rows: int) -> ColumnVerdict:
    """The verdict with a word on what a sample of texts can miss.

    A form that one in ``n / 4`` cells has is among ``n`` of them with a probability of 98 %, from six cells on.
    """
    if not facts.seen or rows <= max(_SAMPLE, facts.seen):
        return verdict
    missed = f"a form in fewer than 1 in {max(2, facts.seen // 4)}" if facts.seen >= _FEWEST else "any other form"
    said = f"values: {facts.seen} of {rows:,} looked at; {missed} may be missed"
    return replace(verdict, evidence=(*verdict.evidence, said))


def _may_hold_text(view: FrameView, facts: ColumnFacts) -> bool:
    """Whether some cells may be texts, be it that those looked at are numbers."""
    return facts.kind is Kind.TEXT or (bool(facts.seen) and not view.is_typed(facts.position))


def _header_alone(position: int, label: Hashable) -> ColumnFacts:
    text = label_text(label)
    return ColumnFacts(position, text, read_header(text[:400]), note="only the header was read")


def _overridden(entity: str) -> Candidate:
    candidate = Candidate(entity, by_value=True)
    candidate.support(1.0, "override: decided by a person or the policy")
    return candidate


def _verdict(
    facts: ColumnFacts,
    name: str,
    best: Candidate | None,
    direct: bool,
    classes: Mapping[str, DataClass],
    *,
    rows: int,
) -> ColumnVerdict:
    if best is not None and best.confidence >= ColumnVerdict.ASKS_FROM:
        evidence = tuple(best.reasons) + ((f"values: {facts.note}",) if facts.note else ())
        return ColumnVerdict(name, best.entity, classes[best.entity], round(best.confidence, 2), evidence)
    if direct and is_unknown(facts, rows):
        reason = "values: nearly all differ, in a table that holds a direct identifier; what they are is not recognised"
        return ColumnVerdict(name, "INTERNAL_UNKNOWN", DataClass.INTERNAL, 0.7, (reason,))
    doubt = best.confidence if best is not None else 0.0
    reasons = [*(best.reasons if best else ()), *facts.reasons]
    if facts.note:
        reasons.append(f"values: {facts.note}")
    if not reasons:
        reasons.append("nothing in header or values points to a person")
    return ColumnVerdict(name, "NONE", DataClass.NONE, round(0.95 - doubt / 2, 2), tuple(reasons))
