"""The tables that a session met, their classes and values. Not thread-safe: the session holds the lock."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ..classification.spans import find_spans
from ..frames import FrameView, first_column, row_cells, row_labels, view
from ..frames.watch import Exact
from ..keys.keyring import KeyRing
from ..model import FREE_TEXT, ColumnVerdict, Tier
from ..policy.masks import class_in
from ..policy.overrides import override_for, words_on
from ..policy.rules import Policy
from .columns.alike import Alike
from .columns.assess import Classification, acting, column_names, is_clear
from .columns.assessing import Assessing
from .columns.datasets import Dataset
from .columns.derived import DerivedTables
from .columns.evidence import Evidence
from .columns.given import as_in_policy
from .columns.heads import Heads
from .columns.learning import Learning
from .columns.naming import TableNames, owner_of
from .columns.numbers import KnownNumbersAndDays, is_mixed
from .columns.pins import DomainPins
from .columns.provenance import Provenance
from .columns.released import Released
from .columns.schemas import Schema, Schemas
from .columns.verdicts import entity_of
from .overrides.deciding import Deciding
from .overrides.statements import Column, DataSet
from .tables.hanging import Hanging
from .tables.masked_copies import MaskedCopies
from .tables.unreadable import Unreadable
from .texts.guesses import Guesses
from .texts.known import KnownValues

if TYPE_CHECKING:
    from .tables.copying import Judged

__all__ = ["Knowledge"]


class Knowledge:
    """Learns from every table that came into being, at the latest before the next text leaves."""

    def __init__(self, policy: Policy, deciding: Deciding, *, pins: DomainPins | None = None) -> None:
        self.values = KnownValues()
        self.numbers = KnownNumbersAndDays()
        self.released = Released(partial(find_spans, patterns=policy.all_patterns))
        self._policy = policy
        self._deciding = deciding
        self._assessing = Assessing(policy, pins, lambda seen, facts: self._derived.lies_on_its_side(seen, facts))
        self.names = TableNames()
        self.guesses = Guesses()
        self._datasets = self.names.datasets
        self._evidence = Evidence(self.values, self.names)
        self.provenance = Provenance(self.names, self.values)
        """Which column of a read table a column comes from."""
        self._copies = MaskedCopies(policy)
        self._alike = Alike()
        self._heads = Heads()
        self._pending: list[Any] = []
        self._hanging = Hanging()
        self.unreadable = Unreadable()
        """Tables that are withheld, with what may come from them; not every other output goes with them."""
        self._changing: str | None = None
        """The label of the column of which something is being said: all else that is known stays so."""
        self._schemas = Schemas()
        self._copied = Schemas()
        self._derived = DerivedTables(
            policy, self._schemas, self.numbers, self._schema_of_source, self._evidence, copied=self._copied
        )
        self._learning = Learning(
            policy,
            self.names,
            values=self.values,
            numbers=self.numbers,
            released=self.released,
            evidence=self._evidence,
            schemas=self._schemas,
            copied=self._copied,
        )

    def use(self, policy: Policy) -> None:
        """``policy``, which is stricter, holds from now on, for tables that were met before too."""
        self._policy = policy
        self.released.use(partial(find_spans, patterns=policy.all_patterns))
        for part in (self._deciding, self._assessing, self._copies, self._derived, self._learning):
            part.use(policy)
        for schemas in (self._schemas, self._copied):
            schemas.renew(self._anew)
        self.released.clear()
        for obj in self._datasets.tables():
            self._readable(obj)
        self.learn()

    def _anew(self, verdict: ColumnVerdict, origin: Dataset) -> ColumnVerdict:
        """The ``verdict`` on a column of the table ``origin``, which may be gone, under the policy of now."""
        said = words_on(self._policy, verdict.column, dataset=origin.glob_name, source=origin.source)
        words = [word for word in said if not word.may_lower]  # what looks the same is not lowered by a label
        entity = override_for(words, found=entity_of(verdict), policy=self._policy)
        if entity != entity_of(verdict):
            data_class = class_in(self._policy, entity)
            verdict = replace(verdict, entity=entity, data_class=data_class, confidence=1.0)
        return acting(verdict, self._policy)

    def watch(self, namespace: Mapping[str, Any]) -> None:
        """Tables in ``namespace``, the user's variables, are known too."""
        self.names.namespace = namespace
        for name, obj in list(namespace.items()):
            if view(obj) is not None:
                self._source(obj, f"variable {name}")

    def loaded(self, obj: Any, source: str | None) -> None:
        """``obj`` came into being, from ``source`` if it was read. It is looked at later."""
        self._pending.append(obj)
        facts = self._datasets.of(obj)
        facts.is_root = True
        if source:
            self.names.read(facts, source)
            if any(layer.principals is not None for layer in self._policy.layers):  # else nobody can approve anything
                self.provenance.read(obj, facts)
            self._source(obj, source)

    def _source(self, obj: Any, source: str) -> None:
        """The values of ``obj`` are no guesses; what cannot be read of it may be."""
        with suppress(Exception):  # whatever is in a table may raise whatever it likes
            self.guesses.read(obj, source)

    def masked(self, copy: FrameView, judged: Judged, tier: Tier) -> None:
        """``copy`` is the masked copy for ``tier`` of a table that was ``judged`` so."""
        state = copy.state() if view(copy.native) is not None else None  # a query does not change, its results are new
        self._datasets.of(copy.native).masked_for = (tier, state)
        self._copies.learn(copy, judged, tier)

    def as_written(self, obj: Any, seen: FrameView, tier: Tier) -> Classification:
        """The verdicts on ``obj`` for a file by ``tier``, for which what was masked for it is harmless."""
        found, made = self.classification(obj, seen), self.facts(obj).masked_for
        if made is None or made[0] > tier or made[1] not in (None, seen.state()):
            return found
        return self._copies.on_copy(found, seen, tier)

    def aggregated(self, obj: Any, source: Any, exact: Exact) -> None:
        """``obj`` holds statistics of ``source``."""
        facts = self._datasets.of(obj)
        facts.exact, facts.source_table = exact, weakref.ref(source)

    def derived(self, obj: Any, source: Any) -> None:
        """``obj`` was made from ``source`` alone: rounded, sorted or cut statistics are still statistics."""
        known = self._datasets.known(source)
        if known is not None and known.exact is not None and obj is not source:
            facts = self._datasets.of(obj)
            facts.exact, facts.source_table = known.exact, known.source_table

    def counting_guesses(self, obj: Any, keyring: KeyRing) -> AbstractContextManager[None]:
        """While ``obj`` is masked: count the values that get handles and come from no known data set."""
        return self.guesses.watching(obj, keyring)

    def facts(self, obj: Any) -> Dataset:
        """What is known about the table ``obj``."""
        return self._datasets.of(obj)

    def classification(self, obj: Any, seen: FrameView) -> Classification:
        """The verdicts on ``obj``; its sensitive values are known from now on."""
        facts = self._datasets.of(obj)
        table, before = seen.state(), facts.classification
        dataset = self.names.data_set(facts) if self._deciding.overrides else None
        state = (table, (self._deciding.overrides.revision, self._policy.sha256), dataset)
        if before is not None and facts.state == state:
            return before
        is_same = facts.state is not None and facts.state[0] == table
        self.provenance.look(seen, facts)
        # What was said of columns has changed, and with it perhaps what is known of others.
        schema = self._schemas.forget(facts) if is_same else None
        found = self._judged(seen, facts, dataset, is_same=is_same)
        is_kept = is_same and before == found
        is_known = is_kept and _said_the_same(before, found) and facts.state is not None and facts.state[2] == dataset
        if is_known and schema is not None and self._changing is not None:
            self._schemas.restore(schema)
            concerned = [at for at, label in enumerate(column_names(seen)) if label == self._changing]
            self._learning.learn(seen, facts, found, concerned)
        else:
            self._learning.learn(seen, facts, found, range(len(found)))
            found = self._derived.with_siblings(found, seen, facts)
            self._learning.remember(seen, facts, found)
        found = self._alike.shared(found)
        # At the end: after an interrupt it is looked at once more.
        facts.classification, facts.state, facts.logged = found, state, facts.logged and is_kept
        return found

    def source_of(self, obj: Any) -> str | None:
        """Where the rows of the table ``obj``, or of the one it was made from, were read; None where nothing tells."""
        seen = self._readable(obj)
        if seen is None:
            return None
        facts = self._datasets.of(obj)
        about = facts.source_table() if facts.source_table is not None else None
        own = facts.known_source or owner_of(facts).source
        own = own or (self.source_of(about) if about is not None and about is not obj else None)
        with suppress(Exception):  # a cell may be any object, whose own code may raise anything
            return own or self._evidence.source_of(seen)
        return own

    def data_set(self, obj: Any) -> DataSet | None:
        """What people call the table ``obj``: its data set, that of the table it is a part of, or its variable."""
        return self.names.data_set(self._datasets.of(obj))

    def keep_names(self) -> None:
        """Tables that have no name yet keep that of their variable."""
        self.names.keep((name, obj) for name, obj, _ in self.tables())

    def _judged(self, seen: FrameView, facts: Dataset, dataset: DataSet | None, *, is_same: bool) -> Classification:
        known_before = (facts.origin, facts.is_part)
        found = self._assessing.assessed(seen, facts)
        found = self._derived.judged(
            found, seen, facts, is_own=is_same and facts.origin is None and facts.exact is None
        )
        if is_same and known_before[0] is not None:  # what it is a part of may be gone by now
            facts.origin, facts.is_part = known_before
        elif self._deciding.overrides:
            dataset = self.names.data_set(facts)
        if facts.source is None:
            found = self.in_known_domains(found, seen)
        labels, is_own = column_names(seen), self.names.is_own(facts)
        if is_own:
            found = self._with_words(self._deciding.on_own(found, labels, dataset), facts)
        if facts.is_root:
            return found
        # A column of statistics is judged by the one it is about, which may have another label.
        places = list(enumerate(labels))[0 if facts.exact is None else seen.width :]

        def lowered(at: int, label: str) -> Column | None:
            return self._lowered(label, lambda: seen.distinct(at))

        found = as_in_policy(found, places, lowered, self.released, self._policy)
        found = self._deciding.on_part(found, places, None if is_own else dataset, lowered)
        return self._copies.judged(self._with_words(found, facts), seen, self._evidence)

    def _with_words(self, found: Classification, facts: Dataset) -> Classification:
        return self._assessing.with_words(found, owner_of(facts)) if found.replaced else found

    def verdict_on_label(self, label: str) -> ColumnVerdict | None:
        """That on the newest column called ``label`` of a table that may be gone; None if it hides nothing."""
        schema = self._schemas.of_part([label])
        verdict = schema.verdicts[label] if schema is not None else None
        return verdict if verdict is not None and verdict.is_sensitive and not is_mixed(verdict) else None

    def in_known_domains(self, found: Classification, seen: FrameView) -> Classification:
        """``found`` on a table made here: its columns keep the domains of those that their values came from."""
        columns = list(found)
        for at, verdict in enumerate(found):
            if verdict.is_sensitive and verdict.domain in ("", verdict.entity):
                domain = self.values.domain_of(verdict.entity, seen.sample(at), label=verdict.column)
                columns[at] = replace(verdict, domain=domain or verdict.domain)
        return replace(found, columns=tuple(columns))

    def _lowered(self, label: str, distinct: Callable[[], list[Any]]) -> Column | None:
        return self._evidence.lowered(label, distinct, self.released)

    def _schema_of_source(self, facts: Dataset) -> Schema | None:
        """The verdicts on the table that statistics are about, while it lives."""
        source = facts.source_table() if facts.source_table is not None else None
        origin = view(source) if source is not None else None
        if origin is None:
            return None
        return Schema.of(origin, self.classification(source, origin), self.facts(source))

    def changed(
        self,
        obj: Any,
        seen: FrameView,
        verdicts: Mapping[int, ColumnVerdict],
        *,
        is_raised: bool,
        is_released: bool,
        before: str | None = None,
    ) -> None:
        """The columns of ``obj``, all of one label, count as ``verdicts`` from now on: what is known follows.

        ``is_raised``: nobody sees more than before; ``is_released``: everybody sees what is masked on its own;
        ``before``: the entity that somebody said and takes back.

        The overrides must say so already. What was learned from a lowered column is forgotten, also where it was
        read into a table that is gone; what other columns hold too stays known.
        """
        facts = self._datasets.of(obj)
        position, verdict = next(iter(verdicts.items()))
        column = Column(self.data_set(obj), column_names(seen)[position])
        values = [value for at in verdicts for value in seen.distinct(at)]
        entity = None if is_clear(verdict) or verdict.entity == FREE_TEXT else verdict.entity
        back = self.released.forget(column)
        if all(map(is_clear, verdicts.values())):
            self._evidence.shows(column)
        sources = self._sources(column, values, facts)
        if before is not None:
            self._schemas.take_back(
                verdict,
                before,
                lambda one: bool(self._deciding.overrides.on(column._replace(dataset=self.names.data_set(one)))),
            )
        domain = "" if entity is None else self._assessing.domain_of(verdict, owner_of(facts))
        self.values.judge(column, entity, values=values, sources=sources, first=is_raised, domain=domain)
        self.numbers.judge(column, verdict if verdict.is_sensitive else None)
        if entity is not None:
            self.values.learn(entity, back, column=column, domain=domain)
        if is_released:
            # For a part of a table that is gone this is the proof that it is the lowered column.
            self.released.learn(column, values, is_for_all=True)
        self._changing = column.label
        try:
            self.classification(obj, seen)
            self.learn(label=column.label)
        finally:
            self._changing = None

    def renew(self) -> None:
        """What was said has changed elsewhere: what is shown of lowered columns is learned from the tables anew."""
        self.released.clear()
        self.learn()

    def _sources(self, column: Column, values: list[Any], facts: Dataset) -> list[Hashable]:
        """The other columns that a table's column came from, as far as that shows: same label, all of its values."""
        holders = self.values.columns_with(values)
        return [
            holder
            for holder in holders
            if isinstance(holder, Column)
            and holder != column
            and holder.label == column.label
            and (holder.dataset is None or not facts.is_root)
        ]

    def verdicts_of_heads(self, seen: FrameView) -> dict[int, ColumnVerdict]:
        """By level the verdicts on the labels of a table's columns: what a pivot makes labels of keeps its class."""
        return self._heads.verdicts(seen, self._policy, lambda level: self.classification(level.native, level)[0])

    def verdicts_of_rows(self, obj: Any, seen: FrameView) -> dict[int, ColumnVerdict]:
        """For a table turned on its side (``df.loc[0]``, ``df.T``): the verdicts by row."""
        verdicts = self._derived.verdicts_of_rows(seen, self.facts(obj).exact)
        verdicts = {
            row: self._copies.verdict(verdict, verdict.column, partial(row_cells, seen, row), self._evidence)
            for row, verdict in verdicts.items()
        }
        if not verdicts or seen.width > 1 or not self.released:
            return verdicts
        names, cells = [str(label) for label in row_labels(seen)], first_column(seen)
        return {
            row: verdict
            for row, verdict in verdicts.items()
            if not self.released.is_for_all(self._lowered(names[row], partial(list, cells[row : row + 1])))
        }

    def learn(self, *, label: str | None = None) -> None:
        """Look at the tables that came into being or changed since the last look, and at parts with a ``label``."""
        shown, pending = self.names.look(), [*self._pending, *self._datasets.parts_with(label)]
        for obj in pending:
            self._readable(obj)
        for name, value in shown:
            self._readable(value, name)
        done = set(map(id, pending))
        self._pending = [obj for obj in self._pending if id(obj) not in done]  # an interrupt leaves all of them

    def tables(self) -> Iterator[tuple[str, Any, FrameView]]:
        """(variable, table, view) of the tables among the user's variables, all of them classified."""
        for name, value in self.names.look():
            seen = self._readable(value, name)
            if seen is not None:
                yield name, value, seen

    def _readable(self, obj: Any, name: str = "") -> FrameView | None:
        """The view of a table that could be classified; None for one that could not (a label whose own code fails)."""
        if obj in self._hanging:
            return None
        try:
            with self._hanging.looking(obj):
                seen = view(obj)
                if seen is not None:
                    self.classification(obj, seen)
        except Exception as error:  # noqa: BLE001 - whatever is in a table may raise whatever it likes
            self.unreadable.note(name, obj, error)
            return None
        self.unreadable.note(name, obj, None)
        return seen

    def variable_of(self, obj: Any) -> str | None:
        """The user's variable that holds ``obj``."""
        return self.names.variable_of(obj)


def _said_the_same(one: Classification | None, other: Classification) -> bool:
    return one is not None and one.replaced == other.replaced
