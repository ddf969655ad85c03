"""encrypt: reversible by the holder of the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...model import Operator
from ..canonical import exact_bytes

if TYPE_CHECKING:
    from ..operator import MaskContext

__all__ = ["Encrypt"]


class Encrypt:
    """AES-256-SIV of the value's text, deterministic within a domain.

    In full ``enc:siv256:<key id>:<base64url>``, on a screen ``enc_`` and 8 hex digits. Opened, text
    comes back exactly; other values come back as their text (7 and 7.0 as ``7``).
    """

    name = Operator.ENCRYPT
    iso_20889 = "cryptographic: deterministic encryption"
    is_reversible = True
    needs_key = True

    def apply(self, values: list[Any], context: MaskContext) -> list[Any]:
        """A handle for each value."""
        keyring, texts = context.keyring, exact_bytes(values, context.entity)
        if context.on_screen:
            # The head of an SIV ciphertext is its synthetic IV, which depends on the whole value.
            return ["enc_" + one[:4].hex() for one in keyring.seal(context.domain, texts)]
        return keyring.seal_written(context.domain, texts, "enc:siv256")
