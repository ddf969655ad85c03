"""Who runs this process, where its state lies, and what the policy lets it do."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .._version import __version__
from ..errors import LogUnavailable, Refused
from ..model import Principal, Request, Tier
from ..policy.decide import decide, roles_of
from ..policy.load import load as load_policy
from ..policy.rules import Policy
from ..settings import Home, account_name, policy_paths

__all__ = ["check_allowed", "home", "is_there", "policy", "principal", "tell", "version"]


def home() -> Home:
    """Where state lives; touches nothing."""
    return Home.from_environment()


def version() -> str:
    """The version of this package."""
    return __version__


def policy(extra: Path | None = None) -> Policy:
    """The policy in force, tightened by ``extra`` if given. PolicyError if any part is unusable."""
    admin, named = policy_paths()
    base = load_policy(admin, named, user_can_write=_can_write)
    return base if extra is None else base.tightened(load_policy(None, extra, user_can_write=_can_write))


def _can_write(path: Path) -> bool:
    """Whether this account could have written ``path`` or put it there."""
    return os.access(path, os.W_OK) or os.access(path.parent, os.W_OK)


def principal(in_force: Policy) -> Principal:
    """Who runs this process, as the operating system knows, with the roles the policy gives."""
    name = account_name()
    assurance = "self" if in_force.author_is_self else "os"
    return Principal(id=name, roles=roles_of(in_force, name), assurance=assurance)


def check_allowed(
    action: str, tier: Tier, in_force: Policy, *, reason: str | None = None, experiment: str | None = None
) -> None:
    """Raises Refused unless the policy lets this account do ``action`` at ``tier``."""
    request = Request(principal(in_force), action, tier, reason=reason, experiment=experiment)
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
