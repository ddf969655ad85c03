"""The reasons behind one column in words, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model import ColumnVerdict, DataClass, Operator
from ..policy.explain import AtTier, Explanation, Grants, Say, Source
from ..policy.grants import GROUP
from .output import printable

__all__ = ["as_json", "as_text"]

_CLASSES = {
    DataClass.PII: "personal data",
    DataClass.FINANCIAL: "financial data",
    DataClass.HEALTH: "data on health",
    DataClass.SPECIAL: "a special category of personal data",
    DataClass.CREDENTIAL: "a secret",
    DataClass.INTERNAL: "internal to the house",
    DataClass.NONE: "nothing sensitive",
}

_OPERATORS = {
    Operator.CLEAR: "the value itself",
    Operator.ROUND: "a number with fewer digits",
    Operator.SHIFT: "a date moved by some days, by as many for all dates of a person",
    Operator.GENERALISE: "something coarser, such as a year, a band or a region",
    Operator.PARTIAL: "the few characters by which people recognise it, and stars",
    Operator.FPE: "other letters and digits in the same places, which the keys turn back",
    Operator.ENCRYPT: "a handle instead of the value, which the keys turn back",
    Operator.SURROGATE: "something made up in its place",
    Operator.TOKEN: "a code instead of the value, equal for equal values, which does not turn back",
    Operator.REDACT: "nothing of it",
}

_MOST_PEOPLE = 20


def as_text(told: Explanation, *, label: str, file: str, is_you: bool) -> str:
    """Paragraphs with headings; ``label`` is the column's name as it may be shown."""
    return "\n".join(map(printable, _lines(told, label, file, "You" if is_you else _who(told.principal))))


def _lines(told: Explanation, label: str, file: str, who: str) -> Iterator[str]:
    yield f"Column {label} of {file}"
    yield from ("", "What it holds", *_held(told))
    yield from ("", "What each tier sees of it")
    for at in told.tiers:
        yield from _seen(at)
    yield from ("", "Who may ask for a tier")
    for at in told.tiers:
        yield f"  {at.tier.label}: {_people(at.grants)}"
        yield f"    {who} ({told.principal}): {_may(at)}" if who == "You" else f"    {who}: {_may(at)}"
    yield from ("", f"What data set {told.dataset} may be used for", *_purposes(told))
    yield from ("", "Where", f"  {_place(told)}")
    yield from ("", "By which policy", *map(_source, told.sources))
    yield f"  Events name it by its SHA-256, {told.sha256}."


def _held(told: Explanation) -> Iterator[str]:
    verdict = told.verdict
    yield f"  {verdict.entity}: {_CLASSES[verdict.data_class]}. Confidence {verdict.confidence:.2f} of 1."
    yield from _named(told)
    yield from (f"  - {line}" for line in verdict.evidence)
    if not told.acts and verdict.data_class is not DataClass.NONE:
        yield f"  That is a guess: it takes {ColumnVerdict.ACTS_FROM} before a column is masked."


def _named(told: Explanation) -> Iterator[str]:
    """What the policy says of the column itself, under ``datasets``."""
    if told.is_named and len(told.words) == 1:
        yield "  The policy itself says so, under `datasets`."
    elif told.words:
        yield "  The policy speaks of it under `datasets`; what hides more holds:"
        yield from (f"    - {where}: {entity}" for where, entity in told.words)


def _seen(at: AtTier) -> Iterator[str]:
    yield f"  {at.tier.label}: {at.holds.operator.value}, that is {_OPERATORS[at.holds.operator]}"
    yield f"    because of {_said(at.holds)}"
    if at.others:
        yield "    Also asked; what hides most holds:"
    for other in at.others:
        verdict = "the same" if other.operator is at.holds.operator else f"{other.operator.value}, which hides less"
        yield f"    - {_said(other)}: {verdict}"


def _said(say: Say) -> str:
    rests_on = f" ({say.source})" if say.source else ""
    if say.is_fallback:
        return f"the built-in rule “{_bare(say)}”{rests_on}, as {say.where} has none for it"
    where = "the built-in" if say.where == "built-in" else f"{say.where},"
    return f"{where} rule “{_bare(say)}”{rests_on}"


def _bare(say: Say) -> str:
    """The rule's name without the layer, which stands before it already."""
    return say.rule.removeprefix("built-in: ").removeprefix(f"{say.where.removeprefix('pack ')}: ")


def _people(grants: Grants) -> str:
    if grants.everybody:
        return "everybody"
    named = [_who(name) for name in grants.people[:_MOST_PEOPLE]]
    if len(grants.people) > _MOST_PEOPLE:
        named.append(f"and {len(grants.people) - _MOST_PEOPLE} more")
    by_role = f"whoever has the role {' or '.join(grants.roles)}" if grants.roles else "nobody; no role gives it"
    return f"{by_role}: {', '.join(named)}" if named else f"{by_role}{'; nobody has it' if grants.roles else ''}"


def _who(name: str) -> str:
    return f"whoever is in group {name.removeprefix(GROUP)}" if name.startswith(GROUP) else name


def _may(at: AtTier) -> str:
    if not at.grants.you:
        return f"no; {_without_prefix(at.grants.why_not)}"
    return "yes, with a reason" if at.grants.needs_reason else "yes"


def _without_prefix(sentence: str) -> str:
    return sentence.removeprefix("privguard: ")


def _purposes(told: Explanation) -> Iterator[str]:
    if told.purposes is None:
        yield "  anything; the policy lists no purposes, and what a cell names is recorded"
        return
    if not told.purposes:
        yield "  nothing that has a name; the list of purposes is empty"
    for purpose in told.purposes:
        until = f", until {purpose.expires}" if purpose.expires else ""
        basis = f" ({purpose.basis})" if purpose.basis else ""
        answer = "yes" if purpose.allowed else f"no; {_without_prefix(purpose.why_not)}"
        yield f"  {purpose.name}{basis}{until}: {answer}"


def _place(told: Explanation) -> str:
    if not told.usable_here:
        return f"not here; {_without_prefix(told.why_not_here)}"
    if told.bound_to:
        return f"here: it is bound to environment {' and '.join(told.bound_to)}, and this is {told.place}"
    return "anywhere; it is bound to no environment" + (f" (this is {told.place})" if told.place else "")


def _source(one: Source) -> str:
    if one.is_pack:
        return f"  {one.source}, which only masks more"
    if one.source == "built-in":
        return "  the built-in one, for nobody has named another; `privguard policy init` writes one to start from"
    whose = (
        "you could have written it, so what it grants counts as self" if one.author_is_self else "not yours to change"
    )
    return f"  {one.source}; {whose}"


def as_json(told: Explanation, *, label: str, file: str) -> dict[str, Any]:
    """All of it as plain values; ``label`` is the column's name as it may be shown."""
    verdict = told.verdict
    return {
        "file": file,
        "column": label,
        "dataset": told.dataset,
        "entity": verdict.entity,
        "class": verdict.data_class.value,
        "confidence": round(verdict.confidence, 2),
        "evidence": list(verdict.evidence),
        "acts": told.acts,
        "named_by_policy": told.is_named,
        "words": [{"where": where, "entity": entity} for where, entity in told.words],
        "policy": {"sha256": told.sha256, "sources": [one._asdict() for one in told.sources]},
        "principal": told.principal,
        "tiers": {at.tier.label: _tier_json(at) for at in told.tiers},
        "purposes": None if told.purposes is None else [purpose._asdict() for purpose in told.purposes],
        "environment": {
            "here": told.place,
            "bound_to": list(told.bound_to),
            "allowed": told.usable_here,
            "why_not": told.why_not_here,
        },
    }


def _tier_json(at: AtTier) -> dict[str, Any]:
    return {
        "operator": at.holds.operator.value,
        "because": _say_json(at.holds),
        "others": [_say_json(other) for other in at.others],
        "granted": {**at.grants._asdict(), "roles": list(at.grants.roles), "people": list(at.grants.people)},
    }


def _say_json(say: Say) -> dict[str, Any]:
    return {
        "where": say.where,
        "rule": say.rule,
        "operator": say.operator.value,
        "source": say.source,
        "is_fallback": say.is_fallback,
    }
