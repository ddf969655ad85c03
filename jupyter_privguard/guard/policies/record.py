"""What an event says of the policy in force: where it comes from, its packs, purposes, settings and conflicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from ...policy.builtin import built_in

if TYPE_CHECKING:
    from ...policy.rules import Policy

__all__ = ["policy_fields"]

_MOST_PURPOSES = 200

_Safe = Callable[[str | None], str | None]


def policy_fields(policy: Policy, safe: _Safe) -> dict[str, Any]:
    """The fields ``policy``, ``packs``, ``conflicts``, ``purposes`` and ``settings``.

    ``safe`` masks what looks like a value in them. ``purposes`` is None where the policy does not speak of any.
    """
    is_ours = policy is built_in()  # what most begin with; nothing in it is anybody's, or in conflict
    return {
        "policy": policy.source if is_ours else safe(policy.source),
        **({"packs": [], "conflicts": []} if is_ours else _from_files(policy, safe)),
        "purposes": _purposes(policy, safe),
        "settings": _settings(policy, safe),
    }


def _from_files(policy: Policy, safe: _Safe) -> dict[str, Any]:
    from ...policy.conflicts import conflicts, packs_of

    return {"packs": list(packs_of(policy)), "conflicts": [safe(sentence) for sentence in conflicts(policy)]}


def _purposes(policy: Policy, safe: _Safe) -> list[dict[str, Any]] | None:
    listing = [layer.purposes for layer in policy.layers if layer.purposes is not None]
    if not listing:
        return None
    from ...policy.purposes import basis_of  # most policies list none

    found = []
    for name in list(dict.fromkeys(name for purposes in listing for name in purposes))[:_MOST_PURPOSES]:
        layers = [purposes[name] for purposes in listing if name in purposes]
        ends = [purpose.expires.isoformat() for purpose in layers if purpose.expires is not None]
        globs = dict.fromkeys(glob for purpose in layers for glob in purpose.datasets)
        found.append(
            {
                "name": safe(name),
                "basis": safe(basis_of(policy, name)),
                "datasets": [safe(glob) for glob in globs],
                "expires": min(ends, default=None),
            }
        )
    return found


def _settings(policy: Policy, safe: _Safe) -> dict[str, Any]:
    """What a record has to show of a policy beside its rules: terms, endpoints, and who keeps the log too."""
    named = [policy, *(layer for layer in policy.also if layer.endpoints is not None)]
    return {
        "environment": safe(policy.place),
        "k": policy.k,
        "has_principals": any(layer.principals is not None for layer in policy.layers),
        "two_person": policy.needs_two_people,
        "files": "refuse" if policy.refuses_files else "record",
        "save": policy.on_save,
        "retain_days": policy.longest_retain_days,
        "endpoints": [safe(host) for host in policy.endpoints or ()],  # later layers can only narrow these
        "http": all(layer.allows_http for layer in named),
        "anchors": [safe(path) for path in policy.anchors],
        "store": _store(policy.team_store, safe),
    }


def _store(url: str | None, safe: _Safe) -> dict[str, Any] | None:
    """Host, database and way of a team's store; never a login, which its address may name."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        host, database = parts.hostname, parts.path.strip("/")
        told = parse_qs(parts.query)
    except ValueError:
        return {"host": None, "database": None, "sslmode": None}
    host = host or next(iter(told.get("host", ())), None)
    is_local = host is not None and host.startswith("/")
    sslmode = "none: a socket of this machine" if is_local else next(iter(told.get("sslmode", ())), "verify-full")
    return {"host": safe(host), "database": safe(database), "sslmode": safe(sslmode)}
