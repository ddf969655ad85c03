"""What data may be used for, and where: purposes and environments. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from ..model import Decision, Request, Used
from .grants import refused
from .rules import Policy, Purpose

__all__ = ["basis_of", "decide_datasets", "decide_purpose", "environments_of", "is_one_of"]

_LONGEST = 200
_LISTED = 8


def decide_purpose(request: Request, policy: Policy) -> Decision | None:
    """No, where a policy lists purposes and not this one, or not any more; None where there is nothing against it."""
    purpose = request.purpose
    if purpose is None:
        return None
    if len(purpose) > _LONGEST:
        return refused("purpose", f"a purpose has at most {_LONGEST} characters; shorten it.")
    for layer in policy.layers:
        if layer.purposes is None:
            continue
        if purpose not in layer.purposes:
            names = list(layer.purposes)
            listed = ", ".join(names[:_LISTED]) + (" …" if len(names) > _LISTED else "")
            return refused("purposes", f"the policy knows no such purpose; choose one of {listed}.")
        expires = layer.purposes[purpose].expires
        if expires is not None and request.at is not None and request.at.date() > expires:
            return refused(
                f"purposes.{purpose}.expires",
                f"purpose {purpose} ended on {expires.isoformat()}; an administrator can prolong it in the policy.",
            )
    return None


def decide_datasets(request: Request, policy: Policy) -> Decision | None:
    """No, where a data set is bound to another environment, or is not one of its purpose; else None."""
    here = None
    for layer in policy.layers:
        # A layer that comes later cannot say for an earlier one where this is.
        here = here or layer.environment
        purpose = (layer.purposes or {}).get(request.purpose or "")
        for used in request.datasets:
            problem = _environment(used, layer, here) or _outside(used, request.purpose, purpose)
            if problem is not None:
                return problem
    return None


def _environment(used: Used, layer: Policy, environment: str | None) -> Decision | None:
    for rule in layer.datasets:
        if rule.environment is not None and rule.environment != environment and is_one_of(used, (rule.glob,)):
            here = (
                f"this is {environment}"
                if environment is not None
                else "the policy names no environment for this place"
            )
            return refused(
                f"datasets.{rule.glob}.environment",
                f"data set {used.name} is bound to environment {rule.environment}, and {here}; use it there, "
                "or use data of this environment here.",
            )
    return None


def _outside(used: Used, name: str | None, purpose: Purpose | None) -> Decision | None:
    if purpose is None or not purpose.datasets or is_one_of(used, purpose.datasets):
        return None
    return refused(
        f"purposes.{name}.datasets",
        f"data set {used.name} is none of those that purpose {name} is for; use another purpose, "
        "or ask an administrator to add it.",
    )


def is_one_of(used: Used, globs: Iterable[str]) -> bool:
    """Whether any of ``globs`` means a data set, by its name or source."""
    names = [name for name in used if name is not None]
    return any(fnmatchcase(name, glob) for glob in globs for name in names)


def basis_of(policy: Policy, purpose: str | None) -> str | None:
    """The lawful basis of a purpose, by the first layer that names one; None where none does."""
    found = ((layer.purposes or {}).get(purpose or "") for layer in policy.layers)
    return next((one.basis for one in found if one is not None and one.basis is not None), None)


def environments_of(policy: Policy, used: Used) -> tuple[str, ...]:
    """The environments that a data set is bound to; empty: any."""
    rules = (rule for layer in policy.layers for rule in layer.datasets if is_one_of(used, (rule.glob,)))
    return tuple(dict.fromkeys(rule.environment for rule in rules if rule.environment is not None))
