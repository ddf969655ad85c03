"""The policy that holds where nobody has written one."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from .build import policy_from
from .rules import Policy

__all__ = ["PACKS", "built_in"]

PACKS = Path(__file__).parent / "packs"
"""Rules as data, a file each."""


@cache
def built_in() -> Policy:
    """The default rules. Reads the JSON twin of packs/default.yaml, so no YAML parser is loaded."""
    document = json.loads((PACKS / "default.json").read_bytes())
    digest = hashlib.sha256((PACKS / "default.yaml").read_bytes()).hexdigest()
    # Nobody wrote it for this user: whoever may choose another policy can grant themselves more.
    return policy_from(document, source="built-in", sha256=digest, author_is_self=True, prefix="built-in: ")
