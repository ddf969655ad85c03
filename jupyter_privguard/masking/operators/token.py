"""token: a keyed pseudonym."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from ...model import Operator
from ..canonical import as_bytes, identity

if TYPE_CHECKING:
    from ..operator import MaskContext

__all__ = ["Token"]


class Token:
    """HMAC-SHA-256 of the value's identity under the key of its domain.

    In full ``tok:hs256:<key id>:<base64url of 32 bytes>``, on a screen ``tok_`` and 8 hex digits.
    Equal values keep equal tokens, so joins and groups stay readable. One-way for whoever receives
    it; whoever runs the kernel can tokenise guesses, so it is a pseudonym (GDPR article 4(5)) and
    never anonymous.
    """

    name = Operator.TOKEN
    iso_20889 = "pseudonymization: independent keyed function"
    is_reversible = False
    needs_key = True

    def apply(self, values: list[Any], context: MaskContext) -> list[Any]:
        """A token for each value; see `identity` for which values are the same."""
        texts = [as_bytes(identity(value, context.entity)) for value in values]
        digests = context.keyring.digest(context.domain, texts)
        if context.on_screen:
            return ["tok_" + digest[:4].hex() for digest in digests]
        head = f"tok:hs256:{context.keyring.key_id}:"
        encode = base64.urlsafe_b64encode
        return [head + encode(digest)[:43].decode("ascii") for digest in digests]  # 32 bytes: one "=" of padding
