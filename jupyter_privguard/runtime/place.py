"""Who runs this process, where its state lies, and what the policy lets it do."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from .._version import __version__
from ..errors import LogUnavailable, Refused
from ..model import Principal, Request, Tier, Used
from ..policy.decide import decide
from ..policy.grants import roles_of
from ..policy.load import load as load_policy
from ..policy.rules import Policy
from ..settings import Home, account_name, policy_paths
from .authors import could_write

__all__ = ["check_allowed", "home", "is_there", "policy", "policy_at", "principal", "tell", "version"]


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
    return load_policy(admin, named, user_can_write=could_write)


def principal(in_force: Policy) -> Principal:
    """Who runs this process, as the operating system knows, with the roles the policy gives."""
    name = account_name()
    assurance = "self" if in_force.author_is_self else "os"
    return Principal(id=name, roles=roles_of(in_force, name), assurance=assurance)


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
