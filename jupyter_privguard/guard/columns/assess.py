"""A table's classification under a policy, and the table masked by it: the same for every surface."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ...classification.spans import find_spans as spans_in
from ...frames import FrameView, Kind, name_heads
from ...frames import view as view_of
from ...frames.nested import WITHOUT_TEXT, is_nested, texts_in
from ...keys.keyring import KeyRing
from ...model import FREE_TEXT, ColumnVerdict, DataClass, Operator, Tier, class_of
from ...policy.columns import domain_for
from ...policy.masks import operator_for
from ...policy.rules import Policy
from ..texts.known import Hit
from ..texts.masker import mask_spans
from .labels import acts_on_labels, finding_in_lists, masked_labels, short_handle, values_in_labels
from .named_columns import column_names, judged
from .verdicts import Classification, is_clear, no_table

if TYPE_CHECKING:
    from ...masking.masker import ColumnMask, FindSpans, MaskedFrame
    from ...masking.surrogates import Surrogates
    from .pins import DomainPins

__all__ = [
    "Classification",
    "acting",
    "assess",
    "column_names",
    "head_alone",
    "heads_alone",
    "is_clear",
    "mask_table",
    "masks_for",
    "while_it_lives",
    "with_domains",
]


def assess(
    view: FrameView,
    *,
    policy: Policy,
    dataset: str | None = None,
    source: str | None = None,
    header_only: bool = False,
    full: bool = False,
    pins: DomainPins | None = None,
    pinned_as: str | None = None,
    month_first: Mapping[int, bool] | None = None,
) -> Classification:
    """The verdict of every column of ``view``, with what each tier would see under ``policy``.

    ``dataset`` and ``source`` are what the policy's globs may match. With ``pins`` a named data set keeps the domains
    of its first tokens and the order of its dates, under ``pinned_as`` where only a variable names it; StateError if
    they cannot be kept. ``month_first`` is by position how dates are written that are shifted, for a view that has
    not all cells.
    """
    verdicts, alone = judged(view, policy, dataset=dataset, source=source, header_only=header_only, full=full)
    if month_first is None:
        month_first = {} if header_only else _month_first(view, policy)
    found = Classification(
        tuple(replace(verdict, month_first=month_first.get(at)) for at, verdict in enumerate(verdicts)),
        dataset or pinned_as,
        no_table if header_only else while_it_lives(view),
        by_policy={at: replace(verdict, month_first=month_first.get(at)) for at, verdict in alone.items()},
        labels=view.labels,
    )
    return with_domains(found, policy, dataset=dataset, source=source, pins=pins, pinned_as=pinned_as)


def _month_first(view: FrameView, policy: Policy) -> dict[int, bool]:
    from .date_orders import DateOrders, are_shifted

    if not are_shifted(policy):
        return {}
    orders = DateOrders()
    orders.learn(view)
    return orders.told()


def with_domains(
    found: Classification,
    policy: Policy,
    *,
    dataset: str | None = None,
    source: str | None = None,
    pins: DomainPins | None = None,
    pinned_as: str | None = None,
) -> Classification:
    """``found`` on the table called ``dataset``, with the domains of its tokens and the order of its dates.

    Arguments and StateError as `assess`.
    """
    from .date_orders import are_shifted, with_date_orders

    name = dataset or pinned_as
    names = _names_apart(found)
    domains = {
        names[at]: domain_for(policy, v.column, dataset=dataset, source=source) or v.entity
        for at, v in enumerate(found)
        if v.is_sensitive
    }
    if pins is not None and name is not None and domains:
        domains = pins.pinned(name, domains)
    verdicts = [acting(replace(v, domain=domains.get(names[at], "")), policy) for at, v in enumerate(found)]
    if are_shifted(policy):
        verdicts = with_date_orders(verdicts, dataset=name, pins=pins)
    alone = {at: _in_own_domain(verdict, policy, dataset, source) for at, verdict in found.by_policy.items()}
    return replace(found, columns=tuple(verdicts), dataset=name, by_policy=alone)


def _names_apart(found: Classification) -> list[str]:
    """What the columns are called where domains are kept: where one label has several kinds of things, its kind too."""
    kinds: dict[str, set[str]] = {}
    for verdict in found:
        if verdict.is_sensitive:
            kinds.setdefault(verdict.column, set()).add(verdict.entity)
    return [f"{v.column}\0{v.entity}" if len(kinds.get(v.column, ())) > 1 else v.column for v in found]


def _in_own_domain(verdict: ColumnVerdict, policy: Policy, dataset: str | None, source: str | None) -> ColumnVerdict:
    """``verdict`` on a column that the policy lowers: its table makes no tokens of it that a pin could be for."""
    domain = domain_for(policy, verdict.column, dataset=dataset, source=source) or verdict.entity
    return acting(replace(verdict, domain=domain if verdict.is_sensitive else ""), policy)


def while_it_lives(view: FrameView) -> Callable[[], FrameView | None]:
    """The view again, as long as somebody else keeps its table: a verdict must not keep a table in memory."""
    try:
        table = weakref.ref(view.native)
    except TypeError:  # a type that cannot be referred to without being kept
        return no_table

    def again() -> FrameView | None:
        native = table()
        return None if native is None else view_of(native)

    return again


def acting(verdict: ColumnVerdict, policy: Policy) -> ColumnVerdict:
    """``verdict`` with what each tier sees of the column under ``policy``."""
    if not verdict.is_sensitive:
        return replace(verdict, action={tier.label: Operator.CLEAR.value for tier in Tier})
    actions = {
        tier: operator_for(verdict.entity, verdict.data_class, tier, policy, column=verdict.column)[0] for tier in Tier
    }
    return replace(verdict, action={tier.label: operator.value for tier, operator in actions.items()})


def masks_for(
    classification: Classification,
    tier: Tier,
    policy: Policy | None = None,
    *,
    positions: Iterable[int] | None = None,
) -> dict[int, ColumnMask]:
    """The masks by position that ``tier`` needs, of all ``positions`` or these; columns shown in clear are left out.

    ``policy`` tells what is coarser than a value; without it such values get tokens.
    """
    from .column_masks import column_mask, subject_of

    subject = subject_of(classification.columns)
    masks = {}
    for position in range(len(classification)) if positions is None else positions:
        verdict = classification.columns[position]
        operator = Operator(verdict.action.get(tier.label, Operator.CLEAR.value))
        if verdict.data_class is not DataClass.NONE and operator is not Operator.CLEAR:
            masks[position] = replace(column_mask(verdict, operator, policy), subject=subject)
    return masks


def mask_table(
    view: FrameView,
    *,
    tier: Tier,
    policy: Policy,
    keyring: KeyRing,
    on_screen: bool = False,
    dataset: str | None = None,
    source: str | None = None,
    classification: Classification | None = None,
    find_spans: FindSpans | None = None,
    surrogates: Surrogates | None = None,
    heads: Mapping[int, ColumnVerdict] | None = None,
) -> MaskedFrame:
    """``view`` classified and masked for ``tier``; labels that are values themselves are masked too.

    ``classification`` is that of the table from which ``view`` was cut, if it was cut: see `FrameView.origin`.
    ``find_spans`` finds what to mask within free text and labels: patterns, the policy's too, if nobody knows more.
    ``surrogates`` draws and keeps random surrogates; without it they are made up by key. ``heads`` are by level the
    verdicts on labels; without it they say themselves what they are.
    """
    from ...masking.masker import mask_frame, mask_values

    known = classification or assess(view, policy=policy, dataset=dataset, source=source)
    masks = _masks_at(view.origin, known, tier, policy)
    if not on_screen:
        masks |= _masks_of_strays(view, known, tier, policy)
    find = _in_domains_of(known, find_spans or partial(spans_in, patterns=policy.all_patterns))
    own = {
        at: mask_values([text], masks[at], keyring, on_screen=on_screen, find_spans=find, surrogates=surrogates)[0]
        for at, text in _values_in_labels(view, known).items()
        if at in masks
    }
    new = masked_labels(
        view,
        heads_alone(view, policy) if heads is None else heads,
        tier=tier,
        policy=policy,
        keyring=keyring,
        on_screen=on_screen,
        mask_text=partial(
            _masked_label,
            find=finding_in_lists(view.labels, find),
            tier=tier,
            policy=policy,
            keyring=keyring,
            on_screen=on_screen,
        ),
        own=own,
    )
    masked = mask_frame(
        view,
        masks,
        keyring,
        on_screen=on_screen,
        labels=new.labels,
        find_spans=find,
        surrogates=surrogates,
    )
    if new.names is not None:
        name_heads(masked.native, new.names)
    return masked


def _masks_at(origin: Sequence[int], known: Classification, tier: Tier, policy: Policy) -> dict[int, ColumnMask]:
    """The masks of a part of a table, by position in it; ``origin`` says where its columns are in the table."""
    if len(origin) == len(known):
        return masks_for(known, tier, policy)
    masks = masks_for(known, tier, policy, positions=origin)
    places = {position: at for at, position in enumerate(origin)}
    return {places[position]: _subject_at(mask, places) for position, mask in masks.items()}


def _subject_at(mask: ColumnMask, places: Mapping[int, int]) -> ColumnMask:
    """``mask`` with the place of its subject in a part; without one where the part does not have it."""
    if mask.subject is None:
        return mask
    at = places.get(mask.subject.position)
    return replace(mask, subject=None if at is None else mask.subject._replace(position=at))


def _values_in_labels(view: FrameView, known: Classification) -> dict[int, str]:
    """Of a part of a table too those of the whole tell what its labels are."""
    if len(view.origin) == len(known) or not known.labels:
        return values_in_labels(view.labels, known)
    found = values_in_labels(known.labels, known)
    return {at: found[position] for at, position in enumerate(view.origin) if position in found}


def _in_domains_of(known: Classification, find: FindSpans) -> FindSpans:
    """``find`` with the domains of the columns that hold the same: a person is the same in notes as in the column."""
    domains: dict[str, set[str]] = {}
    for verdict in known:
        if verdict.is_sensitive:
            domains.setdefault(verdict.entity, set()).add(verdict.domain or verdict.entity)
    other = {entity: next(iter(own)) for entity, own in domains.items() if len(own) == 1 and own != {entity}}
    if not other:
        return find

    def found(text: str) -> list[Hit]:
        return [
            Hit(
                span.start,
                span.end,
                span.entity,
                getattr(span, "value", None) or text[span.start : span.end],
                getattr(span, "domain", "") or other.get(span.entity, ""),
            )
            for span in find(text)
        ]

    return found


def heads_alone(view: FrameView, policy: Policy) -> dict[int, ColumnVerdict]:
    """By level the verdicts on the labels of ``view``, by nothing but themselves and the level's name."""
    found = ((at, level, head_alone(level, policy)) for at, level in enumerate(view.heads))
    return {at: verdict for at, level, verdict in found if verdict is not None and acts_on_labels(verdict, level)}


def head_alone(level: FrameView, policy: Policy) -> ColumnVerdict | None:
    """The verdict on the labels of one level; None for numbers without a name, as a table has that was given none."""
    if level.labels[0] is None and level.kind(0) is Kind.INTEGER:
        return None
    return assess(level, policy=policy).columns[0]


def _masked_label(text: str, *, find: FindSpans, tier: Tier, policy: Policy, keyring: KeyRing, on_screen: bool) -> str:
    short = short_handle(text) if on_screen else text
    if short != text:
        return short
    return mask_spans(text, tier=tier, policy=policy, keyring=keyring, on_screen=on_screen, find=find)


def _masks_of_strays(
    view: FrameView, classification: Classification, tier: Tier, policy: Policy
) -> dict[int, ColumnMask]:
    """Columns with texts that hold nothing as a whole are searched: one note in a thousand may name somebody.

    On a screen all text is searched when it leaves; a file has no such exit. What a person has said to hold
    nothing is left as it is.
    """
    from ...masking.masker import ColumnMask

    operator, _ = operator_for(FREE_TEXT, class_of(FREE_TEXT), tier, policy)
    if operator is Operator.CLEAR:
        return {}
    if operator is Operator.REDACT:
        # That is said of texts about people; of a column of colours only what is found in it goes.
        operator = Operator.PARTIAL
    return {
        position: ColumnMask(FREE_TEXT, operator, FREE_TEXT, strays_only=view.kind(position) is not Kind.TEXT)
        for position, verdict in enumerate(classification)
        if verdict.data_class is DataClass.NONE
        and position not in classification.released_by_persons
        and (view.kind(position) is Kind.TEXT or _holds_texts(view, position))
    }


def _holds_texts(view: FrameView, position: int) -> bool:
    """Whether there may be a text in a column that is not one of texts: in any cell, or in lists and records.

    Lists and records are told by a sample: a column of vectors need not be searched.
    """
    is_typed = view.is_typed(position)
    if is_typed and view.kind(position) is not Kind.OTHER:
        return False
    cells = view.sample(position, 50)
    kinds = set(map(type, cells if is_typed else view.distinct(position)))
    nested = {kind for kind in kinds if is_nested(kind)}
    if not is_typed and any(not issubclass(kind, WITHOUT_TEXT) for kind in kinds - nested):
        return True
    return bool(nested) and any(map(texts_in, cells))
