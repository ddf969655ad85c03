"""Accepted findings: a file of fingerprints that may be shared, for it tells no value."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from .._files import LATER, is_later, read_regular
from ..errors import InputError
from .findings import Finding

__all__ = ["NOTHING", "Accepted", "accepted_in", "baseline_text"]

_LARGEST = 64 * 2**20
_ANY = 2**62


@dataclass(frozen=True, slots=True)
class _Column:
    """What is accepted of a column."""

    count: int
    values: frozenset[str]
    """Keyed digests; empty where the baseline tells none."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Findings that do not count."""

    by_fingerprint: Mapping[str, tuple[_Column, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.by_fingerprint)

    def left(self, one: Finding) -> Finding | None:
        """What of a finding is not accepted: all, none, or the new values of a column.

        Values that were accepted are accepted in any number, in any order. Where values are not told apart, for want
        of a key or because they are too many, a column counts anew once it has more of them, or others.
        """
        keyed = self.by_fingerprint.get(one.fingerprint, ())
        known = frozenset().union(*(column.values for column in keyed))
        if keyed and not known:  # accepted as a whole
            return None if self._has_room(keyed, one) else one
        if keyed and one.values:
            return _without(one, known)
        placed = self.by_fingerprint.get(one.by_place, ())
        return None if placed and self._has_room(placed, one) else one

    @staticmethod
    def _has_room(columns: Sequence[_Column], one: Finding) -> bool:
        return one.count <= max(column.count for column in columns)


NOTHING = Accepted()


def _without(one: Finding, known: frozenset[str]) -> Finding | None:
    new = [at for at, value in enumerate(one.values) if value not in known]
    if not new:
        return None
    edits = tuple(one.edits[at] for at in new) if len(one.edits) == len(one.values) else one.edits
    count = len(new) if len(one.values) == one.count else one.count
    said = f"{one.excerpt}; {count:,} not accepted"
    return replace(one, excerpt=said, count=count, edits=edits, values=tuple(one.values[at] for at in new))


def baseline_text(found: Sequence[Finding], key_id: str | None) -> str:
    """A baseline that accepts ``found``; by value under the key ``key_id``, by place where there is none."""
    entries: dict[tuple[str, str, str], dict[str, object]] = {}
    for one in found:
        entry = entries.setdefault(
            (one.fingerprint, one.entity, one.path),
            {"fingerprint": one.fingerprint, "entity": one.entity, "path": one.path, "count": 0, "values": []},
        )
        entry["count"] = max(int(str(entry["count"])), one.count)
        entry["values"] = sorted({*_texts(entry["values"]), *one.values})
    made = {"version": 1, "key_id": key_id, "accepted": [entries[key] for key in sorted(entries)]}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _texts(values: object) -> list[str]:
    return [str(one) for one in values] if isinstance(values, list) else []


def accepted_in(path: str, key_id: str | None) -> Accepted:
    """What the baseline ``path`` accepts; InputError where it is none, or was made under another key."""
    try:
        read = json.loads(read_regular(Path(path), _LARGEST))
        if is_later(read["version"], 1):
            raise InputError(f"privguard: {path} {LATER}")
        if read["version"] != 1:
            raise ValueError
        made_under, found = read["key_id"], _by_fingerprint(read["accepted"])
    except OSError as error:
        raise InputError(f"privguard: {path}: the baseline cannot be read ({error.strerror or 'I/O error'}).") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InputError(f"privguard: {path} is no baseline; `--write-baseline` writes one.") from None
    if made_under is not None and made_under != key_id:
        raise InputError(
            f"privguard: {path} was made under another key, so its fingerprints say nothing here; write it anew."
        )
    return Accepted(found)


def _by_fingerprint(entries: Sequence[Mapping[str, object]]) -> dict[str, tuple[_Column, ...]]:
    """Entries of before values were told accept any number of them."""
    found: dict[str, tuple[_Column, ...]] = {}
    for one in entries:
        count = one.get("count", _ANY)
        column = _Column(count if isinstance(count, int) else _ANY, frozenset(_texts(one.get("values"))))
        fingerprint = str(one["fingerprint"])
        found[fingerprint] = (*found.get(fingerprint, ()), column)
    return found
