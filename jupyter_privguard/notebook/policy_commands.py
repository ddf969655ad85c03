"""``%privguard tier`` and ``%privguard policy``: what holds here, by whose word, and what it lets you do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from IPython.core.error import UsageError

from .. import runtime
from ..errors import PrivguardError
from ..guard.session import Session
from ..model import Request, Tier
from ..policy.approvals import State, time_text
from ..policy.decide import decide
from ..policy.grants import decide_lowering, roles_of
from ..policy.rules import Policy
from .approval import about

__all__ = ["policy_text", "tier_text"]

_LISTED = 8
_RIGHTS = {
    "look up what a handle stands for": "reveal",
    "answer requests of others": "approve",
    "rotate and destroy keys": "key.rotate",
}


def tier_text(session: Session, words: Sequence[str]) -> str:
    """What to print for ``%privguard tier WORDS``, which may set the notebook's tier. UsageError, Refused."""
    if words:
        _set(session, words)
    return "\n".join(_tiers(session))


def _set(session: Session, words: Sequence[str]) -> None:
    if len(words) > 1:
        raise UsageError("privguard: tier takes public, internal or --off.")
    try:
        wanted = Tier.PUBLIC if words[0] == "--off" else Tier.parse(words[0])
    except ValueError as error:
        raise UsageError(f"privguard: {error}.") from None
    if wanted is Tier.COMPLIANCE:
        raise UsageError(
            "privguard: tier compliance is never the whole notebook's; begin the one cell that needs it with "
            '%%secure --tier compliance --reason "…".'
        )
    session.admission.check(session.run_of(None), session.admission.decide_tier(wanted))
    session.tier = wanted


def _tiers(session: Session) -> Iterator[str]:
    yield f"privguard: tier {session.tier.label} for cells that ask for none; %%secure --tier T asks for one cell"
    for tier in Tier:
        answer = session.admission.decide_tier(tier)
        if answer.allowed:
            said = "yes"
        elif answer.rule.endswith(".reason"):
            said = "yes, cell by cell, with --reason"
        else:
            said = f"no: {answer.reason.removeprefix('privguard: ')}"
        yield f"  {tier.label:<11} {session.safe(said)}"
    yield from _approved()


def _approved() -> Iterator[str]:
    try:
        known = runtime.known_requests()
    except PrivguardError as error:  # a folder or a policy that cannot be used opens nothing
        yield str(error)
        return
    for one in known:
        if one.is_own and one.standing.state is State.GRANTED and one.standing.expires is not None:
            yield f"  approved    {about(one.asked)} until {time_text(one.standing.expires)}"


def policy_text(session: Session) -> str:
    """What to print for ``%privguard policy``."""
    policy = session.policy
    lines = [
        *([session.policy_problem] if session.policy_problem else []),
        f"privguard: the policy in force has SHA-256 {policy.sha256}",
        *_sources(policy),
        f"  environment  {policy.place or 'none named, so data sets bound to one are refused'}",
        f"  purposes     {_purposes(policy)}",
        f"  statistics   exact from {policy.k} rows on",
        f"  files        {'sensitive columns are refused' if policy.refuses_files else 'what is written is recorded'}",
        *_you(session),
    ]
    return "\n".join(session.safe(line) or "" for line in lines)


def _sources(policy: Policy) -> Iterator[str]:
    for layer in policy.layers:
        if layer.is_pack:
            yield f"  also         {layer.own_source}, which only masks more"
        elif layer.own_source == "built-in":
            yield "  from         the built-in defaults; `privguard policy init` writes a policy of your own"
        else:
            author = "you could have written it: self" if layer.author_is_self else "not yours to change"
            yield f"  from         {layer.own_source} ({author})"
    if len(policy.layers) > 1:
        yield "  together     what one refuses is refused, what one hides is hidden"


def _purposes(policy: Policy) -> str:
    named = [layer.purposes for layer in policy.layers if layer.purposes is not None]
    if not named:
        return "any, in your words"
    names = [name for name in named[0] if all(name in others for others in named[1:])]
    return (", ".join(names[:_LISTED]) + (" …" if len(names) > _LISTED else "")) or "none"


def _you(session: Session) -> Iterator[str]:
    who, policy = session.principal, session.policy
    roles = ", ".join(dict.fromkeys(role for layer in policy.layers for role in roles_of(layer, who))) or "none"
    tiers = [tier for tier in Tier if _is_given(session, tier)]
    rights = [
        words
        for words, action in _RIGHTS.items()
        if decide(Request(who, action, max(tiers), reason="asked"), policy).allowed
    ]
    if decide_lowering(who, policy).allowed:
        rights.append("say that a column needs less protection")
    groups = f", groups {', '.join(who.groups)}" if who.groups else ""
    yield f"  you          {who.id}{groups}, roles {roles}; events say assurance {who.assurance}"
    yield f"  your tiers   {', '.join(tier.label for tier in tiers)}"
    yield f"  you may      {', '.join(rights) or 'nothing beyond that'}"


def _is_given(session: Session, tier: Tier) -> bool:
    answer = session.admission.decide_tier(tier)
    return answer.allowed or answer.rule.endswith(".reason")
