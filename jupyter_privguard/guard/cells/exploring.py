"""A table of a session profiled for everybody, and noted in the cell that asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...frames import FrameView
from ...model import Operator, Tier
from ..columns.assess import masks_for
from ..profiles.profile import Profile
from ..profiles.profiling import profile
from .cell import CellRun

if TYPE_CHECKING:
    from ...masking.masker import ColumnMask
    from ..session import Session

__all__ = ["explore"]


def explore(session: Session, obj: Any, seen: FrameView, run: CellRun | None) -> Profile:
    """What everybody may know of the table ``obj``, whatever the tier of ``run``.

    The run has computed on all columns; those of which values, or coarser forms, are told count as shown.
    """
    with session.locked():
        classification = session.knowledge.classification(obj, seen)
        facts, variable = session.knowledge.facts(obj), session.knowledge.variable_of(obj)
        masks = masks_for(classification, Tier.PUBLIC, session.policy)
    name = facts.known_as or variable

    def coarser(values: list[Any], mask: ColumnMask) -> list[Any]:
        from ...masking.masker import mask_value

        return [mask_value(value, mask, session.keyring, on_screen=True) for value in values]

    found = profile(
        seen,
        classification.columns,
        k=session.policy.k,
        masks=masks,
        coarser=coarser,
        may_show=lambda text: session.clean(text, None) == text,
        dataset=session.safe(name),
    )
    if run is not None and name is not None:
        source, columns = facts.known_source, [verdict.column for verdict in classification]
        run.touch(name, how="computed", columns=columns, rows=seen.rows, source=source, variable=variable)
        told = [verdict for verdict, own in zip(classification, found.columns, strict=True) if own.frequent]
        if told:
            run.touch(name, how="shown", columns=[], rows=seen.rows)
            run.shown.append(
                {
                    "dataset": found.dataset,
                    "columns": [
                        {
                            "label": session.safe(verdict.column),
                            "entity": verdict.entity,
                            "class": verdict.data_class.value,
                            "action": verdict.action.get(Tier.PUBLIC.label, Operator.CLEAR.value),
                        }
                        for verdict in told
                    ],
                    "rows": seen.rows,
                }
            )
    return found
