"""The packs that are shipped: rules as data, each with its source, which a policy includes by name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache

from .build import policy_from
from .builtin import PACKS
from .rules import Policy

__all__ = ["pack", "pack_names", "with_packs"]


@cache
def pack_names() -> tuple[str, ...]:
    """The names that `include` may list; schema.json has the same, so that no other is ever opened."""
    return tuple(sorted(path.stem for path in PACKS.glob("*.yaml")))


@cache
def pack(name: str) -> Policy:
    """The pack called ``name``, which only says how values are masked. KeyError for any other name."""
    if name not in pack_names():
        raise KeyError("no such pack")
    from .yaml12 import parse

    data = (PACKS / f"{name}.yaml").read_bytes()
    return policy_from(
        parse(data.decode("utf-8")).value,
        source=f"pack {name}",
        sha256=hashlib.sha256(data).hexdigest(),
        author_is_self=False,
        prefix=f"{name}: ",
        is_pack=True,
    )


def with_packs(policy: Policy, names: Iterable[str]) -> Policy:
    """``policy`` tightened by the packs that it includes, in the order of their names in it, each once."""
    for name in dict.fromkeys(names):
        policy = policy.tightened(pack(name))
    return policy
