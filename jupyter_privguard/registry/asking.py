"""What approvals of models look like: the request, the answer, and the statement that whoever answers signs. Pure.

A request is called by its own digest. An answer is signed by the log's key of whoever gives it, over a statement that
stands in the log in full, so that it can be checked with nothing but the event.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from .._canonical import canonical_json
from ..errors import InputError, KeyStoreError
from ..keys.keyring import LogKey
from ..keys.signatures import SignatureError, verify_signature
from ..model import Tier

__all__ = [
    "LONGEST",
    "ModelAsked",
    "Reviewed",
    "Signed",
    "check_name",
    "signature_of",
    "signed_by",
    "statement_fields",
]

LONGEST = timedelta(days=366)
"""For how long a model may be approved."""
_HEADING = b"jupyter_privguard/model-approval/v1\n"
"""First line of what is signed: no log has this name, so that the signature serves nothing else."""
_STATED = "approval model version sha256 alias review_sha256 reviewed for by answered until".split()
"""The fields of an event ``model.approve`` that are signed."""
_NAME = re.compile(r"[^/:\\]{1,200}")


class Reviewed(StrEnum):
    """What became of the review on which a request rests."""

    PASSED = "passed"
    BLOCKED = "blocked"
    NONE = "none"


class Signed(StrEnum):
    """What the signature of an answer is worth."""

    VALID = "valid"
    INVALID = "invalid"
    MISSING = "missing"


class ModelAsked(NamedTuple):
    """A request to approve one version of a model, for one alias, and who made it."""

    id: str
    by: str
    model: str
    version: str
    sha256: str
    """Of the model's files, or of its object where it has none; lower hex."""
    alias: str
    """The alias or stage that may point to it."""
    review: int | None
    """The ``seq`` of the review in the log of whoever asks."""
    review_sha256: str | None
    """Of that event's line."""
    reviewed: Reviewed
    reason: str
    term: timedelta
    at: datetime

    @property
    def tier(self) -> Tier:
        """Approving a model shows nothing of anybody."""
        return Tier.PUBLIC

    @property
    def right(self) -> str:
        """The action that answering it is."""
        return "model.approve"

    def fields(self) -> dict[str, Any]:
        """As events say it, but for the reason: a name that looks like a value is no name of a model."""
        return {
            "approval": self.id,
            "for": self.by,
            "model": self.model,
            "version": self.version,
            "sha256": self.sha256,
            "alias": self.alias,
            "review": self.review,
            "review_sha256": self.review_sha256,
            "reviewed": self.reviewed.value,
        }


def check_name(text: str, what: str) -> str:
    """``text`` as the name of a model, a version or an alias; InputError for what is none."""
    if not text.strip() or text != text.strip() or not _NAME.fullmatch(text) or not text.isprintable():
        raise InputError(f"privguard: {what} is one word or line of at most 200 characters, without / : and \\.")
    return text


def statement_fields(event: Mapping[str, Any]) -> dict[str, Any]:
    """What of an event ``model.approve`` is signed."""
    return {name: event.get(name) for name in _STATED}


def signature_of(event: Mapping[str, Any], key: LogKey) -> str:
    """The signature of ``key`` over what ``event`` states, in base64."""
    return base64.b64encode(key.sign(_text(event))).decode()


def signed_by(event: Mapping[str, Any], *, own_key: str | None = None) -> Signed:
    """What the signature in an event ``model.approve`` is worth.

    ``own_key`` is that of the log in which it stands: where somebody else answered, it can be no other's.
    """
    key, signature = event.get("key"), event.get("signature")
    if not isinstance(key, str) or not isinstance(signature, str):
        return Signed.MISSING
    try:
        verify_signature(key, _text(event), base64.b64decode(signature, validate=True))
    except (SignatureError, KeyStoreError, binascii.Error, ValueError, TypeError):
        return Signed.INVALID
    writer = (event.get("principal") or {}).get("id")
    if own_key is not None and key.strip() == own_key.strip() and event.get("by") != writer:
        return Signed.INVALID
    return Signed.VALID


def _text(event: Mapping[str, Any]) -> bytes:
    return _HEADING + canonical_json(statement_fields(event))
