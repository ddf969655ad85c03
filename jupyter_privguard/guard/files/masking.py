"""A masked copy of a table in a file of any size, in constant memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...classification.every_cell import promising
from ...classification.spans import find_spans as spans_in
from ...frames import FrameView, Kind
from ...frames import view as view_of
from ...keys.held_back import HeldBack
from ...keys.keyring import KeyRing
from ...model import FREE_TEXT, DataClass, Operator, Pattern, Tier
from ...policy.rules import Policy
from ..columns.assess import Classification, assess, mask_table, masks_for
from ..columns.date_orders import DateOrders, are_shifted
from ..texts.masker import TextMasker
from ..texts.own_values import own_values, texts_of_labels

if TYPE_CHECKING:
    from ...frames.as_written import Written
    from ...frames.files import Table
    from ...frames.survey import Survey
    from ...masking.free_text import FindSpans, SpanLike
    from ...masking.masker import ColumnMask
    from ...masking.utility import Utility
    from ..columns.pins import DomainPins

__all__ = ["MaskedFile", "mask_file"]

_MOST_HANDLES, _FLUSHED_AFTER = 1_000_000, 200_000


@dataclass(frozen=True, slots=True)
class MaskedFile:
    """What was masked; holds no value."""

    rows: int
    masked: Mapping[str, int]
    """Number of changed cells by entity; entities without any are left out."""
    classification: Classification
    has_handles: bool
    """Whether its handles can be looked up in the vault: of more than a million different ones none is kept there.

    Random surrogates always are: nothing else leads back.
    """
    shifted_by: str | None = None
    """The column that tells whose dates were shifted; None where none was, or they were redacted for want of one."""
    unshifted: tuple[str, ...] = ()
    """Columns of dates that were to be shifted and are redacted, for no column tells whose they are."""
    guessed: tuple[str, ...] = ()
    """Columns whose shifted dates were read day first, for want of anything that tells."""
    utility: Utility | None = None
    """What is left of the masked columns, over the rows of the first chunk, if that was asked for."""


def mask_file(
    path: str,
    out: str,
    *,
    tier: Tier,
    policy: Policy,
    keys: Callable[[], KeyRing],
    pins: Callable[[KeyRing], DomainPins] | None = None,
    dataset: str | None = None,
    words: Callable[[KeyRing, Classification, FrameView], Classification] | None = None,
    ready: Callable[[MaskedFile], None],
    progress: Callable[[float], None] | None = None,
    block: int | None = None,
    with_utility: bool = False,
) -> MaskedFile:
    """Write a copy of the CSV, TSV or Parquet file ``path`` to ``out``, masked for ``tier``: whole, or not at all.

    The file is read three times (Parquet twice), in chunks of ``block`` bytes: checked, looked over,
    masked. The classification comes from values at even strides over all rows; text in which
    nothing was recognised is searched in every cell. Masks, types and the order of dates are those of
    whole columns, so where a chunk ends makes no difference. ``keys`` is asked for the keys when the file has been
    looked over, ``pins`` keeps the domains of the data set; ``words`` adds what people said of its columns to what
    was found in them; ``ready`` hears of the result when everything is written
    and before ``out`` exists; what it raises prevents that. ``progress`` hears shares in [0, 1].
    ``with_utility`` asks what the masks leave of the columns.

    InputError for what cannot be read or written, MaskingError, StateError where handles cannot be kept.
    """
    from ...frames import files, streaming

    files.check_target(out)
    work = _Work(progress, _size(path))
    with streaming.open_table(path, block=block or streaming.BLOCK, done=work.checking) as table:
        survey, orders = _looked_over(table, work, with_dates=are_shifted(policy))
        keyring = keys()
        pinned = pins(keyring) if pins is not None else None
        sample = survey.sample()
        found = assess(sample, policy=policy, dataset=dataset, source=path, pins=pinned, month_first=orders.told())
        if words is not None:
            found = words(keyring, found, sample)
        masks = masks_for(found, tier, policy)
        kept = [position for position in range(sample.width) if position not in masks]
        # Of these keys surrogates know nothing: they go into the vault as they are drawn.
        own = keyring.as_of_now()
        in_labels = _in_labels(sample, found, policy, own)
        held = own.vault = HeldBack(keyring.vault, _MOST_HANDLES) if keyring.vault is not None else None
        counts: Counter[str] = Counter()
        proof: Utility | None = None

        def result() -> MaskedFile:
            has_handles = held is None or not held.are_too_many
            return MaskedFile(survey.rows, dict(+counts), found, has_handles, *_dates(found, masks, orders), proof)

        def chunks() -> Iterator[Any]:
            nonlocal proof
            counts.clear()
            if held is not None:
                held.begin_again()
            for view, written in _views(table, survey, found, tier, work):
                find = _finder(view, found, policy.all_patterns, in_labels)
                done = mask_table(view, tier=tier, policy=policy, keyring=own, classification=found, find_spans=find)
                if with_utility and proof is None:
                    proof = _proof(view, done.native, masks)
                counts.update(done.masked)
                if keyring.vault is not None and counts.total() % _FLUSHED_AFTER < sum(done.masked.values()):
                    keyring.vault.flush()
                if written is None or not streaming.is_text(out):
                    yield done.native
                else:
                    yield streaming.as_written(done.native, view.native, written, kept)

        def finish() -> None:
            for vault in (keyring.vault, held):
                if vault is not None:
                    vault.flush()
            ready(result())

        streaming.write_table(out, chunks, types=table.types, timed=survey.timed, ready=finish)
    return result()


def _dates(
    found: Classification, masks: Mapping[int, ColumnMask], orders: DateOrders
) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    """The column by which dates are shifted, the columns for which there is none, those that were read day first."""
    shifted = {position: mask for position, mask in masks.items() if mask.operator is Operator.SHIFT}
    by = next((mask.subject.position for mask in shifted.values() if mask.subject is not None), None)
    if by is None:
        return None, tuple(found.columns[position].column for position in shifted), ()
    guessed = (position for position, mask in shifted.items() if mask.month_first is None and orders.are_open(position))
    return found.columns[by].column, (), tuple(found.columns[position].column for position in guessed)


def _proof(before: FrameView, masked: Any, masks: Mapping[int, ColumnMask]) -> Utility:
    from ...masking.utility import utility

    after = view_of(masked)
    assert after is not None  # noqa: S101 - a masked table is a table
    return utility(before, after, masks)


class _Work:
    """The passes over a file as one share of work; masking is by far the longest."""

    def __init__(self, progress: Callable[[float], None] | None, size: int) -> None:
        self._hears, self._size, self._read = progress, size, 0

    def _progress(self, share: float) -> None:
        if self._hears is not None:
            self._hears(share)

    def checking(self, size: int) -> None:
        """Bytes were checked."""
        self._read += size
        self._progress(min(0.1, 0.1 * self._read / max(1, self._size)))

    def part(self, table: Table, begin: float, end: float) -> Callable[[int], None]:
        """Hears what passes in the part of the work from ``begin`` to ``end``."""
        passed, whole = 0, max(1, table.size)

        def done(size: int) -> None:
            nonlocal passed
            passed += size
            self._progress(min(end, begin + (end - begin) * passed / whole))

        return done


def _looked_over(table: Table, work: _Work, *, with_dates: bool) -> tuple[Survey, DateOrders]:
    from ...frames.survey import Survey

    survey, orders = None, DateOrders()
    for frame in table.chunks(work.part(table, 0.1, 0.3)):
        survey = survey or Survey(frame)
        survey.add(frame)
        if with_dates and (seen := view_of(frame)) is not None:
            orders.learn(seen)
    assert survey is not None  # noqa: S101 - a table has one chunk at least
    return survey, orders


def _views(
    table: Table, survey: Survey, found: Classification, tier: Tier, work: _Work
) -> Iterator[tuple[FrameView, Written | None]]:
    """The chunks, and beside each what was written, of a file without types."""
    partial = {
        position
        for position, verdict in enumerate(found)
        if verdict.action.get(tier.label) == Operator.PARTIAL.value and verdict.entity == "EMAIL_ADDRESS"
    }
    for frame, written in table.chunks_as_written(work.part(table, 0.3, 1.0)):
        yield survey.chunk(frame, frozenset(partial)), written


def _in_labels(
    sample: FrameView, found: Classification, policy: Policy, keyring: KeyRing
) -> dict[str, Sequence[SpanLike]]:
    """What is to be masked in each text of a label in which values of the sensitive columns stand."""
    find = TextMasker(policy, keyring).finder(own_values(sample, found, in_labels_alone=True))
    return {text: spans for text in texts_of_labels(sample) if (spans := find(text))}


def _finder(
    view: FrameView, found: Classification, patterns: tuple[Pattern, ...], in_labels: Mapping[str, Sequence[SpanLike]]
) -> FindSpans:
    """Finds values in text; texts of this chunk in which there surely is none are known at once."""
    texts = {
        value
        for position, verdict in enumerate(found)
        if view.kind(position) is Kind.TEXT and (verdict.data_class is DataClass.NONE or verdict.entity == FREE_TEXT)
        for value in view.distinct(position)
        if type(value) is str
    }
    listed = list(texts)
    dull = texts.difference(promising(listed, patterns))

    def spans(text: str) -> Sequence[SpanLike]:
        if text in in_labels:
            return in_labels[text]
        return () if text in dull else spans_in(text, patterns)

    return spans


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:  # said in a sentence when it is opened
        return 0
