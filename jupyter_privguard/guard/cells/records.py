"""Turns what happened in a cell into what the log says about it. Values become their masks here."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...audit.event import classified_column
from ...frames import FrameView
from ...model import Tier
from ..columns.assess import Classification
from ..knowledge import Knowledge
from .cell import CellRun
from .lineage import columns_named

if TYPE_CHECKING:
    from ..tables.show import Shown

__all__ = ["dataset_fields", "end_fields", "note_shown", "note_tables", "start_fields"]

Safe = Callable[[str | None], str | None]
"""Masks what is a known value, or has the look of one, in a text that goes into the log."""


def start_fields(run: CellRun, safe: Safe) -> dict[str, Any]:
    """What ``cell.start`` says."""
    return {
        "cell": {"execution_count": run.execution_count, "id": run.cell_id},
        "tier": run.options.tier.label,
        "purpose": safe(run.options.purpose),
        "experiment": safe(run.options.experiment),
        "reason": safe(run.options.reason),
        "rule": run.rule or None,
        "approval": [approval.id for approval in run.approvals],
    }


def end_fields(run: CellRun, safe: Safe, source_hmac: Callable[[bytes], str]) -> dict[str, Any]:
    """What ``cell.run`` says beyond the outcome."""
    from ...audit.scrub import scrub

    fields = start_fields(run, safe)
    fields["cell"] |= {
        "source": safe(scrub(run.source)),
        "source_hmac": source_hmac(run.source.encode("utf-8", "surrogatepass")),
    }
    if run.expressions:
        fields["cell"]["expressions"] = safe(scrub(run.expressions))
    return fields | {
        "datasets": [_safe_tree(touched.to_event(), safe) for touched in run.touched.values()],
        "sinks": [_safe_tree(sink, safe) for sink in run.sinks],
        "shown": run.shown,
        "masked": dict(sorted(run.masked.items())),
        "refusal": run.refused or run.denied or None,
        "duration_ms": run.duration_ms,
    }


def _safe_tree(value: Any, safe: Safe) -> Any:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, list):
        return [_safe_tree(item, safe) for item in value]
    if isinstance(value, dict):
        return {key: _safe_tree(item, safe) for key, item in value.items()}
    return value


def note_shown(
    run: CellRun,
    obj: Any,
    seen: FrameView,
    classification: Classification,
    shown: Shown,
    knowledge: Knowledge,
    safe: Safe,
    *,
    tier: Tier,
) -> None:
    """The run showed ``obj`` at ``tier``: which columns, under which mask."""
    facts = knowledge.facts(obj)
    variable = knowledge.variable_of(obj)
    name = facts.known_as or variable
    run.masked.update(shown.masked)
    if name is not None:  # what has no name is a result on its way to the screen, not a data set
        touch = functools.partial(run.touch, name, rows=seen.rows, source=facts.known_source, variable=variable)
        touch(how="shown", columns=_labels(classification))
    entry = {
        "dataset": safe(name) or "a result",
        "columns": [
            {
                "label": safe(v.column),
                "entity": v.entity,
                "class": v.data_class.value,
                "action": v.action.get(tier.label, "clear"),
            }
            for v in classification
        ],
        "rows": seen.rows,
    }
    if entry not in run.shown:
        run.shown.append(entry)


def note_tables(run: CellRun, knowledge: Knowledge) -> list[tuple[Any, FrameView]]:
    """Note the tables that the cell's code names or has loaded; those the log does not know yet."""
    tables = list(knowledge.tables())
    labels = {name: _labels(knowledge.classification(obj, seen)) for name, obj, seen in tables}
    used = {} if run.refused else columns_named(run.code, labels)
    new = []
    for name, obj, seen in tables:
        facts = knowledge.facts(obj)
        facts.name = facts.known_as or name
        classification = knowledge.classification(obj, seen)
        touch = functools.partial(run.touch, facts.name, rows=seen.rows, source=facts.known_source, variable=name)
        if name in used:
            touch(how="computed", columns=used[name])
        if not facts.logged:
            facts.logged = True
            if facts.origin is None:
                new.append((obj, seen))
            if facts.source and not run.refused:
                touch(how="loaded", columns=_labels(classification))
    return new


def dataset_fields(run: CellRun, obj: Any, seen: FrameView, knowledge: Knowledge, safe: Safe) -> dict[str, Any]:
    """What ``data.load`` says: each column's class, and what each tier sees of it."""
    facts = knowledge.facts(obj)
    columns = [classified_column(v, safe(v.column) or "") for v in knowledge.classification(obj, seen)]
    name, source = safe(facts.name), safe(facts.known_source)
    return {
        "dataset": {"name": name, "source": source, "rows": seen.rows, "columns": columns},
        "cell": {"execution_count": run.execution_count, "id": run.cell_id},
        "purpose": safe(run.options.purpose),
        "experiment": safe(run.options.experiment),
    }


def _labels(classification: Classification) -> list[str]:
    return [verdict.column for verdict in classification]
