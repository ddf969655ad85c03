"""Predictions of the record as a table: a row for each, tokens for people, answers as anybody may see them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

__all__ = ["prediction_columns"]

_TEXTS = ("tier", "outcome", "model", "version", "deployment", "purpose", "experiment", "prediction", "subject")


def prediction_columns(events: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The columns of a table with a row for each ``model.predict`` of ``events``, in their order.

    ``seq``, ``at`` (when it was asked for, aware), ``who`` asked, then texts of the event, ``features``
    (how many the inputs had), and a column ``answer.F`` for each field F of the answers: numbers where all of them
    are, else texts; None where an event has none.
    """
    found = [event for event in events if event.get("action") == "model.predict"]
    columns: dict[str, list[Any]] = {
        "seq": [event["seq"] for event in found],
        "at": [datetime.fromisoformat(str(event.get("at") or event["time"])) for event in found],
        "who": [event["principal"]["id"] for event in found],
        **{name: [event.get(name) for event in found] for name in _TEXTS},
        "features": [len(event.get("features") or ()) for event in found],
    }
    answers = [{one["field"]: one["value"] for one in event.get("answer") or ()} for event in found]
    for name in dict.fromkeys(name for answer in answers for name in answer):
        columns[f"answer.{name}"] = _as_numbers([answer.get(name) for answer in answers])
    return columns


def _as_numbers(texts: list[str | None]) -> list[Any]:
    try:
        return [None if text is None else float(text) for text in texts]
    except ValueError:
        return list(texts)
