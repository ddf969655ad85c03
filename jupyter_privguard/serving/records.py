"""What the log says of predictions: one event for each row, with tokens and masked answers, never an input."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from ..errors import PrivguardError
from ..model import Operator
from ..reviewing.findings import FieldVerdict
from ..reviewing.forms import rows_of
from .plan import Served
from .wire import as_json

__all__ = ["ModelFacts", "answers", "facts"]

_MOST_FIELDS = 20
_CLASS = re.compile(r"[\w +./-]{1,40}")
"""Names of classes, bands and tokens; sentences stay out of the log."""
_SAID = (Operator.CLEAR.value, Operator.ROUND.value)


class ModelFacts(NamedTuple):
    """Which model it is."""

    name: str
    """As a registry has it, or its class with the module."""
    version: str
    sha256: str
    deployment: str

    @property
    def said(self) -> dict[str, str]:
        """As an event says it."""
        return {"model": self.name, "version": self.version, "sha256": self.sha256}


def facts(model: Any, *, version: str | None, deployment: str | None, name: str | None = None) -> ModelFacts:
    """What is known of ``model``; its digest is that of its pickle, ``unknown`` where it has none.

    Without a ``name``, as a registry has it, it is called by its class.
    """
    import hashlib
    import pickle

    kind = type(model)
    try:
        digest = hashlib.sha256(pickle.dumps(model)).hexdigest()
    except Exception:  # noqa: BLE001 - models of anybody's, of which many cannot be pickled
        digest = "unknown"
    called = name or f"{kind.__module__}.{kind.__qualname__}"
    return ModelFacts(called, version or "unknown", digest, deployment or "unknown")


def answers(served: Served, features: Sequence[str], rows: int) -> list[list[dict[str, str]]]:
    """For each of ``rows`` what the model said, as anybody may see it: classes and scores as text.

    Fields that hold something personal, that are called like an input, or that are no short single value are left out.
    """
    try:
        columns = rows_of(as_json(served.public)).columns
    except PrivguardError:
        return [[] for _ in range(rows)]
    said = {
        name: values
        for name, values in islice(columns.items(), _MOST_FIELDS)
        if len(values) == rows and _may_be_said(_verdict(served.fields, name, len(columns)), name, features)
    }
    found: list[list[dict[str, str]]] = []
    for at in range(rows):
        texts = {name: _text(values[at]) for name, values in said.items()}
        found.append([{"field": name, "value": text} for name, text in texts.items() if text is not None])
    return found


def _verdict(fields: Mapping[str, FieldVerdict], name: str, count: int) -> FieldVerdict | None:
    """The verdict on a field, also of one without a name: in verdicts it is called by what was asked."""
    return fields.get(name) or (fields.get("prediction") if count == 1 else fields.get(f"prediction_{name}"))


def _may_be_said(verdict: FieldVerdict | None, name: str, features: Sequence[str]) -> bool:
    return verdict is not None and verdict.entity == "NONE" and verdict.action in _SAID and name not in features


def _text(value: Any) -> str | None:
    if isinstance(value, (bool, int)):
        return str(value).lower()
    if isinstance(value, (float, Decimal)):
        return f"{value:.6g}"
    return value if isinstance(value, str) and _CLASS.fullmatch(value) else None
