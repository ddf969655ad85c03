"""Why a column is masked as it is, who may see more of it, and for what: a structure of plain facts. Pure.

Nothing is decided here: masks, tiers, purposes and environments are asked of the functions that decide them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from ..model import ColumnVerdict, Operator, Principal, Request, Tier, Used
from .decide import decide
from .grants import GROUP, granting_layers
from .masks import Answer, answers_for
from .overrides import Word, override_for, words_on
from .purposes import basis_of, decide_datasets, decide_purpose, environments_of
from .rules import Policy

__all__ = ["AtTier", "Explanation", "Grants", "PurposeSays", "Say", "Source", "as_principal", "explain"]


class Say(NamedTuple):
    """What one part of the policy says of the column."""

    where: str
    """The file, ``pack NAME`` or ``built-in``."""
    rule: str
    operator: Operator
    source: str | None
    """What the rule rests on, such as an article of a law."""
    is_fallback: bool
    """Whether ``where`` has no rule for it, so that the built-in one speaks."""


class Grants(NamedTuple):
    """Who may ask for a tier."""

    everybody: bool
    roles: tuple[str, ...]
    people: tuple[str, ...]
    """Those of the named principals who get it; ``group:NAME`` means its members."""
    you: bool
    why_not: str
    """For you, if you may not: the sentence of the refusal."""
    needs_reason: bool
    """Whether you have to say why."""


class AtTier(NamedTuple):
    """What is shown at one tier, by whose word, and to whom."""

    tier: Tier
    holds: Say
    others: tuple[Say, ...]
    """What else was asked, from strict to lax; the stricter wins."""
    grants: Grants


class Source(NamedTuple):
    """One part of the policy, and whose word it is."""

    source: str
    """The file, ``pack NAME`` or ``built-in``."""
    is_pack: bool
    author_is_self: bool
    """Whether this account could have written it."""


class PurposeSays(NamedTuple):
    """Whether the data set may be used for a purpose that the policy lists."""

    name: str
    basis: str | None
    expires: str | None
    allowed: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that bears on one column of one data set."""

    verdict: ColumnVerdict
    dataset: str
    sha256: str
    """The policy's digest, as events have it."""
    sources: tuple[Source, ...]
    principal: str
    acts: bool
    """Whether the verdict is sure enough to mask the column."""
    is_named: bool
    """Whether what the policy itself says of the column decides what it holds."""
    words: tuple[tuple[str, str], ...]
    """By layer, the file and the entity that it names; what hides more holds."""
    tiers: tuple[AtTier, ...]
    purposes: tuple[PurposeSays, ...] | None
    """None: any text is a purpose."""
    place: str | None
    """The environment that the policy names for this place."""
    bound_to: tuple[str, ...]
    """The environments that it is bound to; empty: any."""
    usable_here: bool
    why_not_here: str


def explain(
    verdict: ColumnVerdict,
    policy: Policy,
    principal: Principal,
    *,
    used: Used,
    at: datetime,
    tiers: Iterable[Tier] = tuple(Tier),
) -> Explanation:
    """The chain of reasons for the column of ``verdict`` in the data set ``used``, as ``principal`` meets it."""
    words = words_on(policy, verdict.column, dataset=used.name, source=used.source)
    here = decide_datasets(Request(principal, "run", Tier.PUBLIC, datasets=(used,), at=at), policy)
    return Explanation(
        verdict=verdict,
        dataset=used.name,
        sha256=policy.sha256,
        sources=tuple(Source(one.own_source, one.is_pack, one.author_is_self) for one in policy.layers),
        principal=principal.id,
        acts=verdict.is_sensitive,
        is_named=bool(words) and verdict.entity == _named(words, policy),
        words=tuple((word.layer.own_source, word.entity) for word in words),
        tiers=tuple(_at_tier(verdict, tier, policy, principal, at) for tier in tiers),
        purposes=_purposes(policy, principal, used, at),
        place=policy.place,
        bound_to=environments_of(policy, used),
        usable_here=here is None,
        why_not_here="" if here is None else here.reason,
    )


def _named(words: tuple[Word, ...], policy: Policy) -> str:
    """What the column would count as by the policy's words alone."""
    return override_for(words, found="NONE", policy=policy)


def _at_tier(verdict: ColumnVerdict, tier: Tier, policy: Policy, principal: Principal, at: datetime) -> AtTier:
    grants = _grants(tier, policy, principal, at)
    if not verdict.is_sensitive:
        return AtTier(tier, Say("built-in", "nothing sensitive", Operator.CLEAR, None, False), (), grants)
    answers = answers_for(verdict.entity, verdict.data_class, tier, policy, column=verdict.column)
    holds, *others = map(_say, answers)
    return AtTier(tier, holds, tuple(others), grants)


def _say(answer: Answer) -> Say:
    return Say(answer.layer.own_source, answer.rule, answer.operator, answer.source, answer.is_fallback)


def _grants(tier: Tier, policy: Policy, principal: Principal, at: datetime) -> Grants:
    layers = granting_layers(policy)
    named = list(dict.fromkeys(name for layer in layers for name in layer.principals or {}))
    roles = dict.fromkeys(name for layer in layers for name, role in layer.roles.items() if tier in role.tiers)

    def asked(who: Principal, reason: str | None = "a reason") -> tuple[bool, str]:
        answer = decide(Request(who, "run", tier, reason=reason, at=at), policy)
        return answer.allowed, answer.reason

    you, why_not = asked(principal)
    return Grants(
        everybody=asked(Principal(""))[0],
        roles=tuple(roles),
        people=tuple(name for name in named if asked(as_principal(name))[0]),
        you=you,
        why_not=why_not,
        needs_reason=you and not asked(principal, None)[0],
    )


def as_principal(key: str) -> Principal:
    """Whom a key of ``principals`` means: an account or person, or somebody of whom only the group is known."""
    return Principal(key, groups=(key.removeprefix(GROUP),) if key.startswith(GROUP) else ())


def _purposes(policy: Policy, principal: Principal, used: Used, at: datetime) -> tuple[PurposeSays, ...] | None:
    listing = [layer.purposes for layer in policy.layers if layer.purposes is not None]
    if not listing:
        return None
    says = []
    for name in dict.fromkeys(name for purposes in listing for name in purposes):
        request = Request(principal, "run", Tier.PUBLIC, purpose=name, datasets=(used,), at=at)
        answer = decide_purpose(request, policy) or decide_datasets(request, policy)
        ends = [p[name].expires for p in listing if name in p]
        expires = min((end.isoformat() for end in ends if end is not None), default=None)
        says.append(
            PurposeSays(name, basis_of(policy, name), expires, answer is None, "" if answer is None else answer.reason)
        )
    return tuple(says)
