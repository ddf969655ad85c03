"""Turns what happened in a cell into what the log says about it. Values become their masks here."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ...audit.event import classified_column, event
from ...frames import styled_frame, view

if TYPE_CHECKING:
    from ...frames import FrameView
    from ...model import ColumnVerdict, Principal, Tier
    from ...policy.rules import Policy
    from ..columns.assess import Classification
    from ..columns.datasets import Dataset
    from ..knowledge import Knowledge
    from ..session import Session
    from ..sight import Sight
    from ..tables.show import Shown
    from ..tables.shower import TableShower
    from .cell import CellRun

__all__ = ["dataset_fields", "end_fields", "event_of", "note_shown", "note_tables", "start_fields"]

Safe = Callable[[str | None], str | None]
"""Masks what is a known value, or has the look of one, in a text that goes into the log."""


def event_of(
    session: Session, action: str, outcome: str, *, principal: Principal | None = None, **fields: Any
) -> dict[str, Any]:
    """An event of ``session``, by its own person or by ``principal``."""
    return event(
        action,
        principal=principal or session.principal,
        session=session.id,
        outcome=outcome,
        policy_sha256=session.policy.sha256,
        kernel=session.kernel,
        notebook=session.safe(session.notebook),
        **fields,
    )


def start_fields(run: CellRun, safe: Safe) -> dict[str, Any]:
    """What ``cell.start`` says."""
    return {
        "cell": {"execution_count": run.execution_count, "id": run.cell_id, "message": run.key},
        "tier": run.options.tier.label,
        "purpose": safe(run.options.purpose),
        "experiment": safe(run.options.experiment),
        "reason": safe(run.options.reason),
        "rule": run.rule or None,
        "approval": [approval.id for approval in run.approvals],
    }


def end_fields(run: CellRun, safe: Safe, source_hmac: Callable[[bytes], str], policy: Policy) -> dict[str, Any]:
    """What ``cell.run`` says beyond the outcome."""
    from ...audit.scrub import scrub

    safe = functools.cache(safe)  # a table of thousands of columns says the same of most
    fields = start_fields(run, safe)
    fields["cell"] |= {
        "source": safe(scrub(run.source)),
        "source_hmac": source_hmac(run.source.encode("utf-8", "surrogatepass")),
    }
    if run.expressions:
        fields["cell"]["expressions"] = safe(scrub(run.expressions))
    if run.minimised is not None:
        fields["minimise"] = _safe_tree(run.minimised.to_event(), safe)
    return fields | {
        "datasets": [_safe_tree(touched.to_event(), safe) for touched in run.touched.values()],
        "sinks": [_safe_tree(sink, safe) for sink in (_looked_at(one, policy) for one in run.sinks)],
        "shown": run.shown,
        "masked": dict(sorted(run.masked.items())),
        "refusal": run.refused or run.denied or None,
        "duration_ms": run.duration_ms,
    }


def _looked_at(sink: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """A file with its size in bytes, if it is there, and with what a model in it keeps of its training data."""
    if sink["kind"] != "file" or "target" not in sink:
        return sink
    try:
        size = os.stat(sink["target"]).st_size  # noqa: PTH116 - as the program called it
    except (OSError, ValueError):
        return sink
    from ..files.stored_rows import stored_in  # most cells write no file

    return {**sink, "bytes": size, **stored_in(sink["target"], policy)}


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
    displayed: Any,
    shown: Shown,
    session: Session,
    shower: TableShower,
    sight: Sight,
) -> None:
    """The run showed the table or Styler ``displayed`` to ``sight``: which columns, under which mask."""
    obj = displayed if (styled := styled_frame(displayed)) is None else styled
    if (seen := view(obj)) is None:
        return
    classification, tier = shower.classification(obj, seen, sight), sight.tier
    knowledge, safe, origins = session.knowledge, session.safe, session.uses.origins_of(obj)
    facts = knowledge.facts(obj)
    variable = knowledge.variable_of(obj)
    name = facts.known_as or variable
    run.masked.update(shown.masked)
    if origins is not None:
        for origin in origins:
            origin.touch(run, "shown" if facts.exact is None else "computed", seen.rows)
    elif name is not None:  # what has no name is a result on its way to the screen, not a data set
        columns = _labels(classification)
        if facts.name is None and facts.origin is not None and facts.origin.classification is not None:
            own = set(_labels(facts.origin.classification))
            columns = [label for label in columns if label in own]
        if facts.name is None and variable is None:
            run.guess(name, facts.known_source, "shown", columns=columns, rows=seen.rows)
        else:
            source = facts.known_source
            run.touch(name, how="shown", columns=columns, rows=seen.rows, source=source, variable=variable)
    key = (name, seen.rows, tier, knowledge.values.revision)
    before = facts.entry
    if before is None or before[0] is not classification or before[1] != key:
        before = facts.entry = classification, key, _entry(name, seen.rows, classification, safe, tier)
    entry = before[2]
    if entry not in run.shown:
        run.shown.append(entry)


def _entry(name: str | None, rows: int, classification: Classification, safe: Safe, tier: Tier) -> dict[str, Any]:
    """What the log says of a table that was shown."""
    return {
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
        "rows": rows,
    }


def note_tables(run: CellRun, knowledge: Knowledge) -> list[tuple[Any, FrameView]]:
    """Note the tables that the cell has loaded; those the log does not know yet."""
    new = []
    for name, obj, seen in knowledge.tables():
        facts = knowledge.facts(obj)
        facts.name = facts.known_as or name
        classification = knowledge.classification(obj, seen)
        if not facts.logged:
            facts.logged, was_logged = True, facts.was_logged
            facts.was_logged = True
            if facts.origin is None or _stands_for(facts.origin):
                new.append((obj, seen))
            noted = run.touched.get(run.key_of(facts.name, facts.known_source))
            if noted is not None and "loaded" in noted.how:
                noted.variables.add(name)
            elif facts.source and not (run.refused or facts.is_told or was_logged) and facts.origin is None:
                columns, source = _labels(classification), facts.known_source
                run.touch(facts.name, how="loaded", columns=columns, rows=seen.rows, source=source, variable=name)
    return new


def _stands_for(origin: Dataset) -> bool:
    """Whether a part is all that is left of the read table ``origin``, of which the log knows nothing yet.

    So it is with ``read_csv(…).dropna()``: the table itself is gone before its cell ends.
    """
    if origin.logged or not origin.source or (origin.table is not None and origin.table() is not None):
        return False
    origin.logged = origin.was_logged = True
    return True


def dataset_fields(run: CellRun, obj: Any, seen: FrameView, session: Session) -> list[dict[str, Any]]:
    """What ``data.load`` says: each column's class, and what each tier sees of it.

    One for the table ``obj``; of a query's result one for each table in which its columns were found.
    """
    knowledge, safe = session.knowledge, session.safe
    facts, verdicts = knowledge.facts(obj), list(knowledge.classification(obj, seen))
    own = [(verdict, verdict.column) for verdict in verdicts]
    sets = [(facts.name, facts.known_source, own)]
    if facts.is_told:
        found = session.uses.columns_from(obj)
        told = [(name, source, [*_of_table(verdicts, labels)]) for name, source, labels in found]
        sets = [one for one in told if one[2]] or sets
    return [
        {
            "dataset": {
                "name": safe(name),
                "source": safe(source),
                "rows": _rows(run, facts, seen),
                "columns": [classified_column(verdict, safe(label) or "") for verdict, label in columns],
            },
            "cell": {"execution_count": run.execution_count, "id": run.cell_id},
            "purpose": safe(run.options.purpose),
            "experiment": safe(run.options.experiment),
        }
        for name, source, columns in sets
    ]


def _rows(run: CellRun, facts: Dataset, seen: FrameView) -> int:
    """The rows of the table, or of the read one that it stands for."""
    noted = run.touched.get(facts.name or "") if facts.origin is not None else None
    return noted.rows if noted is not None and "loaded" in noted.how else seen.rows


def _of_table(verdicts: list[ColumnVerdict], labels: dict[str, str]) -> Iterator[tuple[ColumnVerdict, str]]:
    """What a query's result says of a table's columns, by ``labels``; a statistic says nothing of its column."""
    for verdict in verdicts:
        label = labels.get(verdict.column)
        if label is not None and (label.casefold() == verdict.column.casefold() or verdict.entity not in ("", "NONE")):
            yield verdict, label


def _labels(classification: Classification) -> list[str]:
    return [verdict.column for verdict in classification]
