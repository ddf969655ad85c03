"""From what a column holds to how it is masked: its domain, what is coarser than its values, whose its rows are."""

from __future__ import annotations

from collections.abc import Sequence

from ...masking.masker import ColumnMask, Subject
from ...model import FREE_TEXT, NATIONAL_IDS, ColumnVerdict, Operator, Tier
from ...policy.columns import hierarchy_for
from ...policy.rules import Policy

__all__ = ["column_mask", "mask_at", "subject_of"]

_SUBJECTS = (
    *("MEDICAL_RECORD_NUMBER", "CUSTOMER_ID", "EMPLOYEE_ID", "NATIONAL_ID", *sorted(NATIONAL_IDS)),
    *("USERNAME", "EMAIL_ADDRESS", "PERSON_NAME"),
)
"""What tells whose rows are whose, the best first; of two columns with the same the one further left."""


def column_mask(verdict: ColumnVerdict, operator: Operator, policy: Policy | None) -> ColumnMask:
    """How ``operator`` masks what ``verdict`` tells of; without a policy nothing is coarser than a value."""
    domain = verdict.domain or verdict.entity
    if verdict.entity == FREE_TEXT:
        # Its name list is not needed before the first such column.
        from ...classification.prose import find_in_prose

        return ColumnMask(verdict.entity, operator, domain, find_more=find_in_prose)
    if operator is Operator.SHIFT:
        return ColumnMask(verdict.entity, operator, domain, month_first=verdict.month_first)
    if policy is None or operator is not Operator.GENERALISE:
        return ColumnMask(verdict.entity, operator, domain)
    return ColumnMask(verdict.entity, operator, domain, hierarchy_for(policy, verdict.entity, verdict.column))


def mask_at(verdict: ColumnVerdict, tier: Tier, policy: Policy | None) -> ColumnMask | None:
    """How ``tier`` sees what ``verdict`` tells of; None where it sees it as it is."""
    operator = Operator(verdict.action.get(tier.label, Operator.CLEAR.value))
    return None if operator is Operator.CLEAR else column_mask(verdict, operator, policy)


def subject_of(verdicts: Sequence[ColumnVerdict]) -> Subject | None:
    """Whose rows these are: by the best column that tells; None where none does.

    The order is: medical record number, customer, employee and national id, those of countries by
    their names, username, e-mail address, name. A verdict that is not sure enough to act tells nothing.
    """
    positions: dict[str, int] = {}
    for position, verdict in enumerate(verdicts):
        if verdict.is_sensitive:
            positions.setdefault(verdict.entity, position)
    found = next((positions[entity] for entity in _SUBJECTS if entity in positions), None)
    return None if found is None else Subject(found, verdicts[found].domain or verdicts[found].entity)
