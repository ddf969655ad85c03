"""Verdicts on tables that were made from others: parts, statistics, pivots, tables on their side.

``df.head()`` has too few rows to tell what its columns are, a pivot has other labels, a mean has no
row's values. So the tables met before are asked: by their labels, by what a statistic is about, and
by numbers that stand in one of their columns and nowhere by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from ...frames import FrameView, Kind, described, first_column, row_labels
from ...frames.bands import are_round_bands, bounds_of, ends_of
from ...frames.watch import Exact, Statistic
from ...model import ColumnVerdict, DataClass, Operator, Tier
from ...policy.rules import Policy
from .assess import Classification, acting
from .datasets import Dataset
from .evidence import Evidence
from .numbers import KnownNumbersAndDays, as_mixed, numbers_in
from .pieces import pieces_judged
from .schemas import Schema, Schemas, kind_of

__all__ = ["DerivedTables"]

_STATISTICS = 16
"""Most rows of a ``describe()``."""
_SIMPLE = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN, Kind.DATETIME, Kind.TEXT})
_NO_BANDS = _SIMPLE - {Kind.TEXT}
_WIDEST = 2000
"""Rows of a table that may be another one on its side."""
_MANY_COLUMNS, _SAMPLED = 200, 10
"""Columns from which a table on its side is looked at by its rows alone, and those that must bear it out."""
_COMPARED = 20
"""Tables of the same labels with which values are compared."""

OfSource = Callable[[Dataset], Schema | None]
"""The verdicts on the table that statistics are about, while it lives."""


class DerivedTables:
    """Judges tables by ``schemas`` and ``numbers`` of those met before. Not thread-safe: the session holds the lock."""

    def __init__(
        self,
        policy: Policy,
        schemas: Schemas,
        numbers: KnownNumbersAndDays,
        of_source: OfSource,
        evidence: Evidence,
        *,
        copied: Schemas,
    ) -> None:
        """``copied`` are the schemas of masked copies."""
        self._policy = policy
        self._schemas = schemas
        self._copied = copied
        self._numbers = numbers
        self._of_source = of_source
        self._evidence = evidence

    def use(self, policy: Policy) -> None:
        """``policy`` holds from now on."""
        self._policy = policy

    def judged(self, found: Classification, seen: FrameView, facts: Dataset, *, is_own: bool) -> Classification:
        """``found``, what the table says by itself, with what others say of it; ``facts`` learns its origin.

        ``is_own``: it was judged before and is no part of another table.
        """
        if self.lies_on_its_side(seen, facts):
            return found
        if facts.is_root:
            return self._with_numbers(found, seen, range(seen.width), is_made_here=not facts.source)
        if facts.exact is None and seen.rows <= _STATISTICS:
            facts.exact = described(seen)  # a description that went through round() or a selection
        schema = None if is_own else self._schema_of(found, seen, facts)
        if schema is not None:
            if facts.exact is None:
                found = schema.applied_to(found, seen)
            elif facts.exact.columns is None:
                found = schema.applied_to_statistics(found, seen)
            else:
                found = self._of_sources(found, seen, schema, facts.exact.columns)
        if facts.exact is None or (schema is None and facts.exact.columns is not None):
            found = self._with_origins(found, seen, schema, is_part=facts.is_part)
        found = self._with_levels(found, seen)
        found = found if schema is None else self._with_bands(found, seen, schema, facts.exact)
        found = self._with_round_bands(found, seen)
        return found if facts.exact is not None else pieces_judged(found, seen, self._policy, self._evidence.known_in)

    def with_siblings(self, found: Classification, seen: FrameView, facts: Dataset) -> Classification:
        """``found`` with columns made of others of the same table judged as those are, whose numbers are known by now.

        ``df["x"] = pd.to_datetime(df.birth_date)`` has no label that says what it holds.
        """
        if facts.exact is not None or not any(verdict.is_sensitive for verdict in found):
            return found
        places = (at for at in range(seen.width) if at not in found.alone)  # what was said of a column holds
        return self._with_numbers(found, seen, places, is_made_here=False)

    def _schema_of(self, found: Classification, seen: FrameView, facts: Dataset) -> Schema | None:
        """The verdicts on the table that this one is a part of or about, which ``facts`` learn."""
        schema, is_part = self._of_source(facts), True
        if schema is None:
            labels = [v.column for v in found.columns[: seen.width]]
            likely = list(islice(self._schemas.all_of_part(labels), _COMPARED))
            if (own := next((s for s in likely if s.origin is facts), None)) is not None:
                return own  # what it was before it was changed in place
            proven = next((s for s in likely if self._evidence.proves(seen, s)), None) if facts.exact is None else None
            if all(label is None for label in seen.labels[: seen.width]):
                likely = []  # what has no name is called like everything without one
            schema = proven or next(iter(likely), None) or self._schemas.of_part(_sources(facts.exact))
            is_part = proven is not None
        if schema is not None and schema.origin is not facts:
            facts.origin, facts.is_part = schema.origin, is_part
        if schema is None or not schema.mixed:
            return schema
        return schema.without_mixed(self._with_known_numbers(seen, schema.mixed) if is_part else ())

    def _with_known_numbers(self, seen: FrameView, labels: Collection[str]) -> set[str]:
        """Those of ``labels`` whose columns in ``seen`` hold any number that is hardly anybody else's."""
        places = ((at, str(label)) for at, label in enumerate(seen.labels) if str(label) in labels)
        return {label for at, label in places if self._numbers.holds_any(seen.distinct(at))}

    def _of_sources(
        self, found: Classification, seen: FrameView, schema: Schema, about: Mapping[Hashable, Statistic]
    ) -> Classification:
        """``found`` with each column of statistics judged by the column it is about."""
        columns = list(found)
        for position, label in enumerate(seen.labels[: seen.width]):
            known = schema.verdicts.get(str(about[label].source)) if label in about else None
            if known is not None:
                columns[position] = replace(acting(known, self._policy), column=found[position].column)
        return replace(found, columns=tuple(columns))

    def _with_levels(self, found: Classification, seen: FrameView) -> Classification:
        """``found`` with index levels (``value_counts()``, group keys) judged by the column they are named after."""
        columns = list(found)
        labels = seen.labels
        for position in range(seen.width, len(columns)):
            # What has no name is not named after anything, whatever else had none.
            if labels[position] is not None and not columns[position].is_sensitive:
                columns[position] = self._schemas.verdict_on(columns[position], seen.kind(position))
        return replace(found, columns=tuple(columns))

    def _with_bands(
        self, found: Classification, seen: FrameView, schema: Schema, exact: Exact | None
    ) -> Classification:
        """``found`` with numbers by which large groups are keyed, and which no row holds, as nobody's.

        ``groupby(df.born.dt.year // 10 * 10)`` has the label of a column of dates, and decades as keys.
        """
        if exact is None or exact.rows is not None or exact.group_size < self._policy.k:
            return found
        columns = list(found)
        for position in range(seen.width, len(columns)):
            verdict, kind = columns[position], seen.kind(position)
            if not verdict.is_sensitive or kind not in (Kind.INTEGER, Kind.NUMBER):
                continue
            # What statistics are about may be a single column, of a table that has the other as well.
            has_it = verdict.column in schema.kinds
            known = schema if has_it else self._schemas.of_part([*schema.kinds, verdict.column])
            if known is not None and known.is_of_other_kind(verdict, kind):
                columns[position] = self._nobodys(verdict)
        return replace(found, columns=tuple(columns))

    def _with_round_bands(self, found: Classification, seen: FrameView) -> Classification:
        """``found`` with columns of bands (`pd.cut`) shown whose bounds somebody chose: they tell what a mask does."""
        columns = list(found)
        for position, verdict in enumerate(columns):
            masks = {verdict.action.get(tier.label) for tier in Tier} - {Operator.CLEAR.value}
            may_stay = verdict.is_sensitive and masks <= {Operator.GENERALISE.value}
            if not may_stay or seen.kind(position) in _NO_BANDS or not are_round_bands(seen.sample(position, 1)):
                continue
            if are_round_bands(seen.distinct(position)):
                columns[position] = self._nobodys(verdict)
        return replace(found, columns=tuple(columns))

    def _nobodys(self, verdict: ColumnVerdict) -> ColumnVerdict:
        return acting(ColumnVerdict(verdict.column, "NONE", DataClass.NONE, 1.0), self._policy)

    def _with_origins(
        self, found: Classification, seen: FrameView, schema: Schema | None, *, is_part: bool
    ) -> Classification:
        """``found`` with columns that no one table explains judged by where their label or values come from.

        A table that only has the labels of another one explains no numbers: two pivots may have the same columns.
        """
        columns, labels = list(found), seen.labels
        unexplained = []
        for position, verdict in enumerate(found):
            kind = kind_of(seen, position)
            is_explained = schema is not None and schema.explains(verdict, kind)
            if verdict.is_sensitive or (is_explained and is_part):
                continue
            by_label = self._by_label(verdict, labels[position], kind) if schema is None else verdict
            if by_label is not verdict:
                columns[position] = by_label
            else:
                unexplained.append(position)
        return self._with_numbers(replace(found, columns=tuple(columns)), seen, unexplained)

    def _by_label(self, verdict: ColumnVerdict, label: Hashable, kind: Kind) -> ColumnVerdict:
        """The verdict on the newest column of this label, or of one in it: unstacked columns have several."""
        if label is None:
            return verdict
        parts = [str(part) for part in label] if type(label) is tuple else []
        for name in (verdict.column, *parts):
            own = replace(verdict, column=name)
            known = self._schemas.verdict_on(own, kind)
            if known is not own:
                return replace(known, column=verdict.column)
        return verdict

    def _with_numbers(
        self, found: Classification, seen: FrameView, positions: Iterable[int], *, is_made_here: bool = True
    ) -> Classification:
        """``found`` with those of the columns ``positions`` that hold a known column's numbers judged as it is.

        Where the table ``is_made_here`` other numbers may stand beside them, as in a `melt`.
        """
        if not (self._numbers or self._numbers.days):
            return found
        columns = list(found)
        kinds = {p: seen.kind(p) for p in positions if not found[p].is_sensitive}
        samples = {p: seen.sample(p) for p, kind in kinds.items() if kind in (Kind.INTEGER, Kind.NUMBER, Kind.TEXT)}
        judged = self._by_values(samples)
        judged |= self._by_parts({p: s for p, s in samples.items() if p not in judged}) if is_made_here else {}
        for position, kind in kinds.items() if self._numbers.days else ():
            if position not in judged and kind in (Kind.DATETIME, Kind.TEXT, Kind.INTEGER, Kind.OTHER):
                verdict = self._numbers.days.verdict_of(samples.get(position) or seen.sample(position))
                judged |= {position: verdict} if verdict is not None else {}
        judged |= self._by_bounds(seen, kinds)
        for position, known in judged.items():
            columns[position] = replace(acting(known, self._policy), column=found[position].column)
        return replace(found, columns=tuple(columns))

    def _by_bounds(self, seen: FrameView, kinds: Mapping[int, Kind]) -> dict[int, ColumnVerdict]:
        """Verdicts on columns of bands between a known column's least and greatest number, and on their bounds."""
        found: dict[int, ColumnVerdict] = {}
        ends: set[float] = set()
        for position, kind in kinds.items():
            if kind in _NO_BANDS or are_round_bands(few := seen.sample(position, 1)) or not bounds_of(few):
                continue
            bands = seen.distinct(position)
            bounds = bounds_of(bands)
            if bounds is not None and (verdict := self._numbers.verdict_of_bounds(*bounds)) is not None:
                found[position] = verdict
                ends.update(ends_of(bands))
        of_bounds = next(iter(found.values()), None)
        if of_bounds is None:
            return found
        told = {float(f"{end:.6g}") for end in ends}  # bands are written with fewer digits
        both = (
            at
            for at, kind in kinds.items()
            if kind is Kind.NUMBER and told.issuperset(float(f"{bound:.6g}") for bound in seen.distinct(at))
        )
        return found | dict.fromkeys(both, of_bounds)  # `hist` of polars has bands and bounds

    def _by_values(self, samples: Mapping[int, list[Any]]) -> dict[int, ColumnVerdict]:
        """Verdicts on the columns whose values prove where they are from; all of a pivot may prove it together."""
        found = {position: self._numbers.verdict_of(sample) for position, sample in samples.items()}
        if len(samples) > 1 and not any(found.values()):
            together = self._numbers.verdict_of([value for sample in samples.values() for value in sample])
            found = dict.fromkeys(samples, together)
        return {position: verdict for position, verdict in found.items() if verdict is not None}

    def _by_parts(self, samples: Mapping[int, list[Any]]) -> dict[int, ColumnVerdict]:
        """Verdicts on the columns in which known numbers stand beside others; of a table on its side together."""
        found = {}
        for position, sample in samples.items():
            if (part := self._numbers.verdict_of_part(sample, with_round=False)) is not None:
                found[position] = as_mixed(part[0])
        if found or len(samples) < 2:
            return found
        together = [value for sample in samples.values() for value in sample]
        if (part := self._numbers.verdict_of_part(together, with_round=False)) is not None:
            verdict, hits = as_mixed(part[0]), part[1]
            return {
                position: verdict for position, sample in samples.items() if not hits.isdisjoint(numbers_in(sample))
            }
        return {}

    def lies_on_its_side(self, seen: FrameView, facts: Dataset) -> bool:
        """Whether the many columns of a table are rows of one met before, whose values bear that out.

        Its columns are numbered as rows are, and have nothing to say of their own.
        """
        if facts.source or seen.width <= _MANY_COLUMNS:
            return False
        are_numbered = all(type(label) is int for label in seen.labels[: seen.width])
        if not are_numbered or not self.verdicts_of_rows(seen, facts.exact):
            return False
        some = seen.shown(seen.rows, _SAMPLED)
        return all(any(map(self._is_known, some.distinct(at))) for at in range(some.width))

    def _is_known(self, cell: Any) -> bool:
        return type(cell) is str and bool(self._evidence.known_in(cell))

    def verdicts_of_rows(self, seen: FrameView, exact: Exact | None) -> dict[int, ColumnVerdict]:
        """For a table turned on its side (``df.loc[0]``, ``df.T``): the verdicts by row.

        Recognised by its row labels: all of them are column labels of one table met before.
        Statistics of columns (``df.isna().mean()``) have the same labels and are no row.
        """
        if exact is not None and exact.columns is not None:
            return {}
        if not 0 < seen.rows <= _WIDEST or not seen.width or len(seen.labels) == seen.width:
            return {}
        names = [str(label) for label in row_labels(seen)]
        described_by = exact.rows if exact is not None else None
        if described_by is not None and _is_upright(described_by, names, seen):
            return {}
        cells = first_column(seen)
        # Several tables may have these labels: what any of them hides is hidden.
        known = (*self._schemas.all_of_part(names), *self._copied.all_of_part(names))
        # A description begins with counts, which are no row of it: that it is one is known.
        schemas = [schema for schema in known if described_by is not None or schema.is_row(names, cells)]
        # Of many rows a number is nobody's own any more; a sum of texts still holds all of them.
        own = exact is None or exact.rows is not None or exact.group_size < self._policy.k
        verdicts: dict[int, ColumnVerdict] = {}
        for row, (name, cell) in enumerate(zip(names, cells, strict=True)):
            hiding = (schema.verdicts[name] for schema in schemas if schema.verdicts[name].is_sensitive)
            if (own or isinstance(cell, str)) and (verdict := next(hiding, None)) is not None:
                verdicts[row] = verdict
        return verdicts


def _is_upright(statistics: Collection[str], names: list[str], seen: FrameView) -> bool:
    """Whether a description has its ``statistics`` as rows; one on its side has them as columns, if it has any."""
    return not set(statistics).isdisjoint(names) and set(statistics).isdisjoint(seen.labels)


def _sources(exact: Exact | None) -> set[str]:
    """Labels of the columns that a table of statistics is about."""
    about = exact.columns if exact is not None and exact.columns is not None else {}
    return {str(statistic.source) for statistic in about.values()}
