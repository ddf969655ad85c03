"""Accepted findings: a file of fingerprints that may be shared, for it tells no value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ..errors import InputError
from .findings import Finding

__all__ = ["accepted_in", "baseline_text"]

_LARGEST = 64 * 2**20


def baseline_text(found: Sequence[Finding], key_id: str | None) -> str:
    """A baseline that accepts ``found``; by value under the key ``key_id``, by place where there is none."""
    entries = {
        (one.fingerprint, one.entity, one.path): {
            "fingerprint": one.fingerprint,
            "entity": one.entity,
            "path": one.path,
        }
        for one in found
    }
    made = {"version": 1, "key_id": key_id, "accepted": [entries[key] for key in sorted(entries)]}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def accepted_in(path: str, key_id: str | None) -> frozenset[str]:
    """What the baseline ``path`` accepts; InputError where it is none, or was made under another key."""
    try:
        with Path(path).open("rb") as file:
            read = json.loads(file.read(_LARGEST))
        if read["version"] != 1:
            raise ValueError
        made_under, found = read["key_id"], frozenset(str(one["fingerprint"]) for one in read["accepted"])
    except OSError as error:
        raise InputError(f"privguard: {path}: the baseline cannot be read ({error.strerror or 'I/O error'}).") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InputError(f"privguard: {path} is no baseline; `--write-baseline` writes one.") from None
    if made_under is not None and made_under != key_id:
        raise InputError(
            f"privguard: {path} was made under another key, so its fingerprints say nothing here; write it anew."
        )
    return found
