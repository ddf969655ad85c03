"""Who runs this process, where its state lies, and what the policy lets it do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from .._version import __version__
from ..errors import LogUnavailable, Refused
from ..model import Principal, Request, Tier, Used
from ..policy.builtin import built_in
from ..policy.grants import roles_of
from ..policy.load import load as load_policy
from ..policy.rules import Policy
from ..settings import Home, account_name, policy_paths

__all__ = [
    "acting_as",
    "bind",
    "check_allowed",
    "home",
    "is_there",
    "policy",
    "policy_at",
    "principal",
    "tell",
    "version",
]

_T = TypeVar("_T")

_acting: ContextVar[Principal | None] = ContextVar("privguard_acting", default=None)
"""Whom the Jupyter server works for at the moment."""
_bound: list[tuple[Principal, bool]] = []
"""Whom the server has said this process runs for, and whether that may be this account's own word."""


def home() -> Home:
    """Where state lives; touches nothing."""
    return Home.from_environment()


def version() -> str:
    """The version of this package."""
    return __version__


def policy(extra: Path | None = None) -> Policy:
    """The policy in force, tightened by ``extra`` if given. PolicyError if any part is unusable."""
    base = policy_at(*policy_paths())
    return base if extra is None else base.tightened(policy_at(None, extra))


def policy_at(admin: Path | None, named: Path | None) -> Policy:
    """The policy of these files, as `policy` says of those in force."""
    return load_policy(admin, named, user_can_write=_could_write)


def _could_write(file: Path) -> bool:
    from .authors import could_write  # asked of files, which not everybody has

    return could_write(file)


def principal(in_force: Policy) -> Principal:
    """Who acts, with the roles the policy gives: whoever the Jupyter server names, else the account of this process.

    Whoever could have written the policy that grants, or the word on who they are, is ``self``, whatever is known of
    them. Groups are those that the server names; an account has none.
    """
    bound, is_own_word = _bound[0] if _bound else (None, False)
    named = _acting.get() or bound
    if named is None or named.assurance == "os":
        who = Principal(account_name(), assurance="self" if in_force.author_is_self else "os")
        return who._replace(roles=roles_of(in_force, who))
    granting = next((layer for layer in in_force.layers if layer.own_source != built_in().source), None)
    is_self = granting is not None and (granting.author_is_self or (is_own_word and named is bound))
    assurance = "self" if is_self else named.assurance
    return named._replace(roles=roles_of(in_force, named), assurance=assurance)


def acting_as(who: Principal, work: Callable[[], _T]) -> _T:
    """What ``work`` returns, done for ``who``, whose identity the caller has checked."""
    token = _acting.set(who)
    try:
        return work()
    finally:
        _acting.reset(token)


def bind(who: Principal | None, *, is_own_word: bool = False) -> None:
    """From now on this process runs for ``who``; None: for its account.

    ``is_own_word`` tells that this account may have named itself so.
    """
    _bound[:] = [] if who is None else [(who, is_own_word)]


def check_allowed(
    action: str,
    tier: Tier,
    in_force: Policy,
    *,
    reason: str | None = None,
    purpose: str | None = None,
    experiment: str | None = None,
    datasets: Sequence[Used] = (),
) -> None:
    """Raises Refused unless the policy lets this account do ``action`` at ``tier``, here and with ``datasets``."""
    from ..policy.decide import decide  # the guard decides by itself

    request = Request(
        principal(in_force),
        action,
        tier,
        purpose=purpose,
        reason=reason,
        experiment=experiment,
        datasets=tuple(datasets),
        at=datetime.now(UTC),
    )
    answer = decide(request, in_force)
    if not answer.allowed:
        raise Refused(answer.reason, answer.rule)


def is_there(path: Path) -> bool:
    """Whether there is anything of this name, also a link to nowhere; LogUnavailable if nobody can tell."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise LogUnavailable(f"privguard: {path} cannot be looked for ({error.strerror}); check its owner.") from None
    return True


def tell(notices: list[str]) -> None:
    """What was made or mended is said where a program has no surface of ours to say it."""
    for notice in notices:
        print(notice, file=sys.stderr)
