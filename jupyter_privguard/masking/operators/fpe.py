"""fpe: other digits and letters in the same places."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...errors import MaskingError
from ..handles import opened_texts
from .encrypt import Encrypt

if TYPE_CHECKING:
    from ..operator import MaskContext

from ...model import Operator

__all__ = ["Fpe"]

_LARGEST_EXACT_FLOAT = 2**53
_LARGEST = 2**10_000
"""Python refuses to write much larger whole numbers in decimal."""


class Fpe:
    """FF1 (NIST SP 800-38G) with AES-256 and the domain as tweak; form and type stay.

    Of text each digit becomes a digit and each letter of A to Z a letter of the same case; all other
    characters keep their places, and so does a leading zero's right to be there. A whole number
    becomes another one of as many digits and the same sign, which never begins with a zero, so a
    number and its text have different results. It fits into the integer type that held it, of 32 or
    64 bits, with or without sign: it is encrypted again until it does. The smallest number of a type
    alone, -2^31 or -2^63, may need a wider one; in 32-bit floats numbers from 2^24 on lose digits, as
    they do without a mask. Check digits are not kept: what comes out is no valid card or national id.
    What has too few texts of its form (fewer than six digits, say), is not ASCII or no whole number
    becomes what ``encrypt`` makes of it, as does the one in a million that FF1 would leave as it is.
    Reversible by the holder of the keys: `invert`.
    """

    name = Operator.FPE
    iso_20889 = "cryptographic: format-preserving encryption"
    is_reversible = True
    needs_key = True

    def apply(self, values: list[Any], context: MaskContext) -> list[Any]:
        """Text for text, whole numbers for whole numbers."""
        cipher = context.keyring.text_cipher(context.domain)
        out = _crypted(values, cipher.encrypt)
        rest = [place for place, new in enumerate(out) if new is None]
        for place, handle in zip(rest, Encrypt().apply([values[place] for place in rest], context), strict=True):
            out[place] = handle
        return out

    def invert(self, values: list[Any], context: MaskContext, *, key_id: str | None = None) -> list[Any]:
        """The values that `apply` was given under the key ``key_id``, or the current one.

        What became a handle comes back as text. MaskingError for a value that `apply` cannot have made;
        KeyStoreError for a handle that does not open.
        """
        texts = opened_texts(values, context.keyring, context.domain)
        cipher = context.keyring.text_cipher(context.domain, key_id=key_id)
        rest = [place for place, text in enumerate(texts) if text is None]
        found = _crypted([values[place] for place in rest], cipher.decrypt)
        out: list[Any] = list(texts)
        for place, value in zip(rest, found, strict=True):
            if value is None:
                raise MaskingError(
                    f"privguard: a value of {context.entity} was not made by format-preserving encryption; "
                    "use it as it was given out."
                )
            out[place] = value
        return out


_Crypt = Callable[..., list[str | None]]


def _crypted(values: list[Any], crypt: _Crypt) -> list[Any]:
    """What ``crypt`` makes of text and whole numbers; None for everything else."""
    if all(type(value) is str for value in values):
        return list(crypt(values))
    if all(type(value) is int for value in values) and max(map(abs, values)) < _LARGEST:  # in less time than below
        made = crypt([str(abs(value)) for value in values], whole=True)
        return [
            new if new is None else int(new) if value >= 0 else -int(new)
            for value, new in zip(values, made, strict=True)
        ]
    out: list[Any] = [None] * len(values)
    texts = [place for place, value in enumerate(values) if isinstance(value, str)]
    for place, new in zip(texts, crypt([str.__str__(values[place]) for place in texts]), strict=True):
        out[place] = new
    numbers = {place: number for place, value in enumerate(values) if (number := _whole(value)) is not None}
    made = crypt([str(abs(number)) for number in numbers.values()], whole=True)
    for (place, number), new in zip(numbers.items(), made, strict=True):
        if new is not None:
            other = -int(new) if number < 0 else int(new)
            out[place] = float(other) if isinstance(values[place], float) else other
    return out


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return int(value) if abs(value) < _LARGEST else None
    if isinstance(value, float) and abs(value) < _LARGEST_EXACT_FLOAT and value.is_integer():
        return int(value)
    return None
