"""A checked document (plain dicts and lists) made into a Policy."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..model import ENTITIES, DataClass, Operator, Pattern, Tier
from .rules import DEFAULT_SMALLEST_GROUP, DatasetRule, DomainColumn, Policy, Purpose, Role, Rule

__all__ = ["policy_from"]

# `Any` in this file is a document that has passed the schema: its shape is known, its type is not.


def policy_from(
    document: Any, *, source: str, sha256: str, author_is_self: bool, prefix: str = "", is_pack: bool = False
) -> Policy:
    """The Policy that ``document`` describes; ``prefix`` goes before the names of its rules."""
    principals, purposes, approvals = (
        document.get("principals"),
        document.get("purposes"),
        document.get("approvals", {}),
    )
    network = document.get("network")
    return Policy(
        source=source,
        sha256=sha256,
        environment=document.get("environment"),
        principals=None if principals is None else {n: tuple(p.get("roles", ())) for n, p in principals.items()},
        roles={name: _role(role) for name, role in document.get("roles", {}).items()},
        datasets=tuple(
            DatasetRule(glob, dict(dataset.get("columns", {})), dataset.get("environment"))
            for glob, dataset in document.get("datasets", {}).items()
        ),
        rules=tuple(_rule(place, rule, prefix) for place, rule in enumerate(document.get("rules", ()), start=1)),
        patterns=tuple(_pattern(pattern) for pattern in document.get("patterns", ())),
        domains={name: tuple(map(_domain_column, columns)) for name, columns in document.get("domains", {}).items()},
        surrogates=document.get("surrogates", "made-up"),
        hierarchies={key: dict(texts) for key, texts in document.get("hierarchies", {}).items()},
        purposes=None if purposes is None else {name: _purpose(purpose or {}) for name, purpose in purposes.items()},
        smallest_group=int(document.get("k", DEFAULT_SMALLEST_GROUP)),  # 5.0 is a whole number too
        two_person=approvals.get("two_person", False),
        approvals_folder=approvals.get("folder"),
        models=approvals.get("models"),
        files=document.get("files", "record"),
        save=document.get("save", "redact"),
        store=_team_store(document.get("audit", {}).get("store")),
        retain_days=_days(document.get("audit", {}).get("retain")),
        endpoints=None if network is None else tuple(network.get("allow", ())),
        allows_http=bool((network or {}).get("http", False)),
        anchor=document.get("anchor", {}).get("file"),
        author_is_self=author_is_self,
        is_pack=is_pack,
    )


def _purpose(purpose: Any) -> Purpose:
    expires = purpose.get("expires")
    return Purpose(
        basis=purpose.get("basis"),
        datasets=tuple(purpose.get("datasets", ())),
        expires=None if expires is None else date.fromisoformat(str(expires)),
    )


_DAYS = {"d": 1, "m": 30, "y": 365}


def _days(term: str | None) -> int | None:
    return None if term is None else int(term[:-1]) * _DAYS[term[-1]]


def _team_store(said: str | None) -> str | None:
    return None if said == "sqlite" else said


def _domain_column(named: str) -> DomainColumn:
    # The first dot: names of data sets are file names without ending, labels may be anything.
    glob, _, column = named.partition(".")
    return DomainColumn(glob, column)


def _pattern(pattern: Any) -> Pattern:
    entity = pattern["entity"]
    data_class = ENTITIES.get(entity) or DataClass(pattern.get("class", DataClass.INTERNAL))
    return Pattern(entity, data_class, pattern.get("regex", ""), tuple(pattern.get("header", ())))


def _role(role: Any) -> Role:
    return Role(
        tiers=frozenset(Tier.parse(tier) for tier in role["tiers"]),
        reveal=role.get("reveal", False),
        reason_required=role.get("reason", "required") == "required",
        classify=role.get("classify", False),
        log=role.get("log", "own"),
        approve=role.get("approve", role.get("reveal", False)),
    )


def _rule(place: int, rule: Any, prefix: str) -> Rule:
    entities, classes = _several(rule.get("entity", [])), _several(rule.get("class", []))
    name = rule.get("name") or f"rule {place} ({(*entities, *classes)[0]})"
    return Rule(
        name=prefix + name,
        operators={tier: Operator(rule[tier.label]) for tier in Tier if tier.label in rule},
        entities=frozenset(entities),
        classes=frozenset(DataClass(data_class) for data_class in classes),
        source=rule.get("source"),
    )


def _several(one_or_many: Any) -> list[str]:
    return [one_or_many] if isinstance(one_or_many, str) else list(one_or_many)
