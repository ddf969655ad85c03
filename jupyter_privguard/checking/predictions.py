"""Point 4: each prediction logged with masked ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .. import runtime
from ..errors import PrivguardError
from .deployment import Deployment, Event, ids, left_by, seqs
from .points import Found, Status, clause

__all__ = ["predictions"]

_TOKEN = re.compile(r"(?:tok|enc|prd|sur)[_:][\w:=-]{8,}", re.ASCII)
_RAW = frozenset("data input inputs instances raw row values x".split())
"""Fields that a record of a prediction must not have."""
_OWN = frozenset("action at outcome policy_sha256 principal seq session sha256 time".split())
_PEOPLE = 4
_READ = 2000
"""The newest predictions, of which every text is looked at."""


def predictions(at: Deployment) -> list[Found]:
    """Looks at every ``model.predict`` of the record: its id, its fields, and texts that look like a value."""
    return [*_tried(at), *_recorded(at)]


def _tried(at: Deployment) -> list[Found]:
    """Serves predictions for made-up people, and counts the events that they leave."""
    people: list[dict[str, Any]] = [{"customer_id": one, "visits": number} for number, one in enumerate(ids(_PEOPLE))]
    before = runtime.log_reader().size
    try:
        served = runtime.guarded(_MadeUp(), deployment="checklist")
        try:
            shown = str(served.predict(people).output)
        finally:
            served.close()
            left = left_by(before, "model.predict")
            at.tried.extend(left)
    except PrivguardError as error:
        return [Found(Status.NOT, f"no prediction for made-up people could be served ({clause(error)})")]
    if len(left) != _PEOPLE:
        return [Found(Status.NOT, f"{_PEOPLE} predictions for made-up people left {len(left)} events", tuple(left))]
    stored = str(list(runtime.log_reader().at(left)))
    if any(str(one["customer_id"]) in shown + stored for one in people):
        return [Found(Status.NOT, "an id of a made-up person stood in plain in a prediction or its event", tuple(left))]
    return [Found(Status.EVIDENCED, f"{_PEOPLE} predictions for made-up people left {_PEOPLE} events", tuple(left))]


class _MadeUp:
    """A model that repeats the id of whom it is asked about: what must not leave."""

    def predict(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A record for each of ``rows``."""
        return [{"customer_id": row["customer_id"], "churn": row["visits"] % 2} for row in rows]


def _recorded(at: Deployment) -> list[Found]:
    found = at.of("model.predict")
    if not found:
        return [Found(Status.NOT, "no prediction was served")]
    served = [event for event in found if event.get("outcome") == "ok"]
    if not served:
        return [Found(Status.NOT, "no prediction was served: each was refused or failed", seqs(found))]
    bare = [event for event in served if not _TOKEN.fullmatch(str(event.get("prediction", "")))]
    if bare:
        return [Found(Status.NOT, f"{_count(len(bare))} without a token as id", seqs(bare))]
    raw = [event for event in found if any(name.casefold() in _RAW for name in event)]
    if raw:
        return [Found(Status.NOT, f"{_count(len(raw))} with inputs in the record", seqs(raw))]
    plain = [event for event in found[-_READ:] if _holds_a_value(event, at)]
    if plain:
        return [Found(Status.NOT, f"{_count(len(plain))} with what looks like a value", seqs(plain))]
    doubled = len(served) - len({str(event.get("prediction")) for event in served})
    if doubled:
        return [Found(Status.PARTIAL, f"{doubled:,} predictions share their id with another one", seqs(served))]
    return [Found(Status.EVIDENCED, f"{_count(len(served))}, each with a token as id and no input", seqs(served))]


def _holds_a_value(event: Event, at: Deployment) -> bool:
    texts = set(_texts({name: value for name, value in event.items() if name not in _OWN}))
    return any(runtime.safe_text(text, at.policy, at.keyring) != text for text in texts if not _TOKEN.fullmatch(text))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inside in value.items():
            yield str(name)
            yield from _texts(inside)
    elif isinstance(value, (list, tuple)):
        for inside in value:
            yield from _texts(inside)


def _count(number: int) -> str:
    return "1 prediction is recorded" if number == 1 else f"{number:,} predictions are recorded"
