"""What is found in a text by its form, its check digit, the name before it, or as prose, under a policy."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from ..classification.prose import find_in_prose
from ..classification.spans import Span, find_spans, finders
from ..model import Operator, Tier, class_of
from ..policy.masks import operator_for
from ..policy.rules import Policy
from .codes import decoded, without_long_codes
from .drawn import without_drawings
from .hits import apart, closed, without_chance
from .pieces import Form
from .secrets import Hit, named_secrets, random_secrets
from .verdicts import is_masked

__all__ = ["Forms"]

_MOST_PROSE = 1_000_000
"""Characters of a text that are read as prose."""
_SURE = {"checksum": 90, "pattern": 85}
_LESS_SURE = {"IP_ADDRESS": 65, "PHONE_NUMBER": 75, "PERSON_NAME": 60, "ADDRESS": 70, "DATE_OF_BIRTH": 80}
_ONE_BY_ONE = 5_000
"""Values of a column that are looked at one by one; the others many at once, which is several times as quick."""
_TOGETHER = 250_000
"""Characters that are looked at at once."""
_SHORT = 200
"""Letters of texts that are met with again and again, as keys and categories are."""
_MOST_KNOWN = 10_000
_APART = "\n" * 5
"""What stands between two of them, so that none is taken for the neighbour of another."""


class Forms:
    """Looks for values in texts; what is less sure than ``least`` percent is left out."""

    def __init__(self, policy: Policy, least: int) -> None:
        self._policy = policy
        self._least = least
        self._patterns = policy.all_patterns
        self._known: dict[tuple[str, Form, str], list[Hit]] = {}
        self._kinds = {detector.entity: detector.kind for detector in finders()}

    def of_values(self, values: Sequence[str], key: str) -> dict[object, list[Hit]]:
        """What stands in each of the different ``values`` of the column ``key``; those with nothing are left out."""
        found: dict[object, list[Hit]] = {}
        for value in values[:_ONE_BY_ONE]:
            if hits := self.hits(value, Form.PROSE, key):
                found[value] = hits
        for part in _parts(values[_ONE_BY_ONE:]):
            self._add_of_many(part, key, found)
        return found

    def _add_of_many(self, values: list[str], key: str, found: dict[object, list[Hit]]) -> None:
        starts: list[int] = []
        at = 0
        for value in values:
            starts.append(at)
            at += len(value) + len(_APART)
        for hit in self.hits(_APART.join(values), Form.PROSE):
            place = bisect_right(starts, hit.start) - 1
            value, start = values[place], starts[place]
            if hit.end - start <= len(value):
                found.setdefault(value, []).append(hit._replace(start=hit.start - start, end=hit.end - start))
        for value in values:
            if secrets := [hit for hit in named_secrets(value, Form.DATA, key) if self._counts(hit, value)]:
                found.setdefault(value, secrets)

    def hits(self, text: str, form: Form, key: str = "") -> list[Hit]:
        """Values in ``text``, sorted, apart from one another."""
        if len(text) > _SHORT:
            return self._hits(text, form, key)
        asked = (text, form, key)
        found = self._known.get(asked)
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = self._known[asked] = self._hits(*asked)
        return found

    def _hits(self, text: str, form: Form, key: str) -> list[Hit]:
        plain = without_drawings(without_long_codes(text))
        found = without_chance(self._formed(plain), plain)
        found += named_secrets(plain, form, key)
        if form is Form.CODE or form is Form.SETTINGS:
            found += random_secrets(plain)
        if form is Form.PROSE:
            part = plain[:_MOST_PROSE]
            spans = [Span(hit.start, hit.end, hit.entity) for hit in sorted(found) if hit.end <= len(part)]
            prose = [Hit(*span, _LESS_SURE.get(span.entity, 75)) for span in find_in_prose(part, spans)]
            found += without_chance(prose, part)
        for start, end, inside in decoded(text):
            inner = without_chance(self._formed(inside), inside)
            if inner:
                found.append(Hit(start, end, inner[0].entity, max(hit.confidence for hit in inner)))
        return apart(hit for hit in found if self._counts(hit, text))

    def _formed(self, text: str) -> list[Hit]:
        spans = find_spans(text, self._patterns)
        return [Hit(*part, span.entity, self._sure(span.entity)) for span in spans for part in closed(span, text)]

    def _sure(self, entity: str) -> int:
        if entity == "CREDENTIAL":
            return 95
        return _LESS_SURE.get(entity, _SURE.get(self._kinds.get(entity, ""), 80))

    def _counts(self, hit: Hit, text: str) -> bool:
        around = text[max(0, hit.start - 4) : hit.end + 4]
        if hit.confidence < self._least or (around.strip() and is_masked(around)):
            return False
        kind = class_of(hit.entity, self._policy.classes)
        return operator_for(hit.entity, kind, Tier.PUBLIC, self._policy)[0] is not Operator.CLEAR


def _parts(values: Sequence[str]) -> Iterator[list[str]]:
    part: list[str] = []
    size = 0
    for value in values:
        part.append(value)
        size += len(value)
        if size >= _TOGETHER:
            yield part
            part, size = [], 0
    if part:
        yield part
