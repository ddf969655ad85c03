"""From what a column holds to how it is masked: its domain, what is coarser than its values, whose its rows are."""

from __future__ import annotations

from collections.abc import Sequence

from ..masking.masker import ColumnMask, Subject
from ..model import NATIONAL_IDS, ColumnVerdict, Operator
from ..policy.columns import hierarchy_for
from ..policy.rules import Policy

__all__ = ["column_mask", "subject_of"]

_SUBJECTS = (
    *("MEDICAL_RECORD_NUMBER", "CUSTOMER_ID", "EMPLOYEE_ID", "NATIONAL_ID", *sorted(NATIONAL_IDS)),
    *("USERNAME", "EMAIL_ADDRESS", "PERSON_NAME"),
)
"""What tells whose rows are whose, the best first."""


def column_mask(verdict: ColumnVerdict, operator: Operator, policy: Policy | None) -> ColumnMask:
    """How ``operator`` masks what ``verdict`` tells of; without a policy nothing is coarser than a value."""
    domain = verdict.domain or verdict.entity
    if policy is None or operator is not Operator.GENERALISE:
        return ColumnMask(verdict.entity, operator, domain)
    return ColumnMask(verdict.entity, operator, domain, hierarchy_for(policy, verdict.entity, verdict.column))


def subject_of(verdicts: Sequence[ColumnVerdict], dataset: str | None) -> Subject | None:
    """Whose rows these are: by the best column that tells, else all of them are the data set's.

    None for a table without either: dates that one column moves in one table, and something else in
    a part of it, would tell how far apart the moves are.
    """
    positions: dict[str, int] = {}
    for position, verdict in enumerate(verdicts):
        positions.setdefault(verdict.entity, position)
    found = next((positions[entity] for entity in _SUBJECTS if entity in positions), None)
    if found is not None:
        return Subject(found, verdicts[found].domain or verdicts[found].entity)
    return Subject(None, f"data set {dataset}") if dataset is not None else None
