"""What a policy says of single columns: the domain of their handles, and what is coarser than their values.

Only the first policy is asked, the administrator's where there is one: a shared domain joins what
was apart, and a hierarchy shows more than a token, so neither tightens anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from ..model import GENERALISED
from .rules import Policy

__all__ = ["domain_for", "hierarchy_for", "is_coarsened", "is_meant"]


def is_meant(glob: str, dataset: str | None, source: str | None) -> bool:
    """Whether ``glob`` means a data set of that name or source; one that has neither only where it means all."""
    names = [name for name in (dataset, source) if name is not None] or [""]
    return any(fnmatchcase(name, glob) for name in names)


def domain_for(policy: Policy, column: str, *, dataset: str | None, source: str | None) -> str | None:
    """The domain that the policy names for a column of a data set, or None: then it is the entity."""
    for domain, columns in policy.domains.items():
        if any(c.column == column and is_meant(c.glob, dataset, source) for c in columns):
            return domain
    return None


def hierarchy_for(policy: Policy, entity: str, column: str | None) -> Mapping[str, str]:
    """The coarser texts for a column, by its label or else by its entity, whatever the case; empty if none."""
    by_key = {key.casefold(): texts for key, texts in policy.hierarchies.items()}
    by_label = by_key.get(column.casefold()) if column is not None else None
    return by_label or by_key.get(entity.casefold(), {})


def is_coarsened(policy: Policy, entity: str, column: str | None) -> bool:
    """Whether there is a coarser truth than the values of a column, by a hierarchy or by the entity itself."""
    return entity in GENERALISED or bool(hierarchy_for(policy, entity, column))
