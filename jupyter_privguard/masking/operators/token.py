"""token: a keyed pseudonym."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...keys.written import written
from ...model import Operator
from ..canonical import identities

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
        digests = context.keyring.token(context.domain, identities(values, context.entity))
        if context.on_screen:
            return ["tok_" + digest[:4].hex() for digest in digests]
        return written(f"tok:hs256:{context.keyring.key_id}:", digests)
