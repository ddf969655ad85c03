"""Files of the home that were lost, or replaced by an older copy: found, told, and accepted where nothing helps."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ..audit.stores.marks import set_mark
from ..errors import InputError, PrivguardError, Refused
from ..guard.overrides.saved import FILE as OVERRIDES_FILE
from ..keys.keyring import KeyRing
from ..keys.vault import FILE as VAULT_FILE
from ..model import Request, Tier
from ..policy.decide import decide, decide_override
from ..policy.rules import Policy
from ..settings import Home
from .bearer_keys import SERVING_KEYS, serving_keys
from .events import record
from .keys import VAULT_MARK, existing_keyring, lost_vault, surrogates, surrogates_mark
from .log import has_log
from .place import principal
from .sessions import domain_pins, overrides_file, pins_mark

__all__ = ["ACCEPTED", "accept_loss", "lost_files"]

ACCEPTED = ("domains.json", OVERRIDES_FILE, SERVING_KEYS, "surrogates", "vault")
"""What `accept_loss` takes."""


_LOCKS = ("log/privguard.lock", "log/team.lock", "domains.lock", "overrides.lock", "serving-keys.lock", "reveal.lock")
"""Files by which processes take turns; nothing is in them."""


class _Kept(NamedTuple):
    """A file whose newest copy is known by a mark."""

    check: Callable[[], object]
    """StateError where it is missing, older than it was, or cannot be used."""
    mark: str
    generation: Callable[[], int]


def lost_files(at: Home, ring: KeyRing) -> list[str]:
    """A sentence for each file that is missing, older than it was or not usable, with its cure; changes nothing."""
    if not has_log(at):
        return []
    found = [_said(kept.check) for name, kept in _kept(at, ring).items() if name != "vault"]
    found += [lost_vault(at), *map(_broken_lock, (at.root / name for name in _LOCKS))]
    return [sentence for sentence in dict.fromkeys(found) if sentence]


def accept_loss(name: str, at: Home, in_force: Policy) -> None:
    """Let what is there of the file ``name``, one of `ACCEPTED`, count as its newest; that is an event first.

    InputError for another name, where there is no log, and where nothing is lost; Refused where the policy gives the
    right to nobody like this account; other errors as `record`. A file that is there and cannot be used is not
    accepted: its StateError.
    """
    if name not in ACCEPTED:
        raise InputError(f"privguard: there is no such file to accept; name one of {', '.join(ACCEPTED)}.")
    if not has_log(at):
        raise InputError("privguard: there is no log here that tells of a loss; there is nothing to accept.")
    who, about = principal(in_force), f"the loss of {name} was accepted"
    if name == OVERRIDES_FILE:
        answer = decide_override(who, "CREDENTIAL", "NONE", in_force)
    else:
        answer = decide(Request(who, "key.rotate", Tier.COMPLIANCE), in_force)
    if not answer.allowed:
        record("alert", in_force, at=at, outcome="refused", about=about)
        raise Refused(answer.reason, answer.rule)
    kept = _kept(at, existing_keyring(at))[name]
    if not (lost_vault(at) if name == "vault" else _said(kept.check)):
        raise InputError(
            f"privguard: what is there of {name} is the newest that there was; there is nothing to accept."
        )
    there = kept.generation()
    record("alert", in_force, at=at, about=about)
    set_mark(at.log, kept.mark, there)


def _kept(at: Home, ring: KeyRing) -> dict[str, _Kept]:
    pins, saved, drawn = domain_pins(at, ring), overrides_file(at, ring), surrogates(at, ring)
    bearers = serving_keys(ring)
    return {
        "domains.json": _Kept(pins.check, pins_mark(ring.key_id), lambda: pins.generation),
        OVERRIDES_FILE: _Kept(saved.read, OVERRIDES_FILE, lambda: saved.generation),
        SERVING_KEYS: _Kept(bearers.all, SERVING_KEYS, lambda: bearers.generation),
        "surrogates": _Kept(drawn.check, surrogates_mark(ring.key_id), lambda: drawn.generation),
        "vault": _Kept(partial(lost_vault, at), VAULT_MARK, lambda: int((at.vault / VAULT_FILE).exists())),
    }


def _broken_lock(path: Path) -> str:
    if not path.is_symlink() and (not path.exists() or (path.is_file() and os.access(path, os.W_OK))):
        return ""
    return (
        f"privguard: {path}, by which processes take turns, is not a file of yours; take it away, and it is made anew."
    )


def _said(check: Callable[[], object]) -> str:
    try:
        check()
    except PrivguardError as error:
        return str(error)
    return ""
