"""surrogate: something made up in place of the value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...model import Operator
from ..canonical import identities
from ..surrogates import Surrogates, on_screen
from .token import Token

if TYPE_CHECKING:
    from ..operator import MaskContext

__all__ = ["Surrogate", "Surrogates"]


class Surrogate:
    """Random ids where the context keeps them, else realistic made-up values by HMAC-SHA-256.

    Random: ``sur_`` and 32 hex digits that are drawn and kept, not derived from the value, as
    45 CFR 164.514(c) asks of a code for re-identification. Realistic: made-up names, e-mail addresses at
    example.org (RFC 2606), telephone numbers that are kept for fiction or that nobody has, addresses
    of networks that are not routed, equal for equal values of a domain. Two values may get the same
    made-up one: of a million names some hundred pairs do, of telephone numbers of North America
    and Britain most, for few are kept for fiction. What has no realistic form that cannot be
    somebody's (a card, a national id) gets a token.
    """

    name = Operator.SURROGATE
    iso_20889 = "pseudonymization: generated pseudonyms"
    is_reversible = False
    needs_key = True

    def apply(self, values: list[Any], context: MaskContext) -> list[Any]:
        """Text for each value."""
        rule = _RULES.get(context.entity)
        if context.surrogates is None and rule is None:
            return Token().apply(values, context)
        bodies = identities(values, context.entity)
        texts = [body.decode("utf-8", "surrogatepass") for body in bodies]
        if context.surrogates is not None:
            drawn = context.surrogates.surrogate(context.domain, texts)
            return [on_screen(one) for one in drawn] if context.on_screen else list(drawn)
        assert rule is not None  # noqa: S101 - see above
        digests = context.keyring.digest(f"surrogate:{context.domain}", bodies)
        made = [rule(text, digest) for text, digest in zip(texts, digests, strict=True)]
        same = [place for place, (text, new) in enumerate(zip(texts, made, strict=True)) if text == new]
        for place, token in zip(same, Token().apply([values[place] for place in same], context), strict=True):
            made[place] = token
        return made


# --- made-up words: 129 given names, and some 130,000 surnames of three syllables -------------

_GIVEN = """
Ada Aino Aisha Akira Alba Amara Amir Anil Anja Anouk Arjun Arlo Asha Astrid Ayo Basil Bela Bina Bruno Carla Cem Chidi
Clara Cora Dalia Dario Davi Deniz Devi Dina Edda Edo Eike Elif Elin Elio Emeka Enzo Esme Ewa Farah Fatou Felix Fenna
Finn Gaia Gita Gwen Hana Hari Hedda Hugo Ida Ilse Imani Ines Ishan Ivo Jaya Joana Jonas Juno Kai Kavya Kenji Kira
Kofi Laila Lars Leila Lena Leo Lina Livia Luan Luca Mael Maia Malik Mara Mateo Mei Mila Milo Mina Nadia Naim Nela Nia
Nils Nina Noor Nora Olga Omar Otto Paco Petra Pia Priya Rafa Rana Ravi Remy Rhea Rosa Ruben Sami Sana Sara Selma Sena
Silas Sofia Sol Tara Taro Tea Theo Tilda Timo Una Uma Vera Vito Wanda Yara Yuki Zora
""".split()
_HEADS = """
Al Ar Bal Bar Bel Ber Bor Bran Cal Car Cor Dal Dar Del Dor Dur El Er Fal Far Fen For Gal Gar Gel Gor Hal Har Hel Hor
Il Jar Jel Kal Kar Kel Kor Lan Lar Lem Lor Mal Mar Mel Mor Nal Nar Nel Nor Or Pal Par Pel Por Ral Ram Rel Sal Sar Sel
Sor Tal Tar Tor
""".split()
_MIDDLES = """
a e i o u ada ami ane ari asu ava edi eli eno era esi eva ida ilo ino iru isa ive oda oli omi oru ova uda uli umo una
""".split()
_TAILS = """
ba bek ben berg cek chi da dan dar den der do dur fen gan gar go ka kan kar kel ki ko kov la lan lek len lin lo ma man
mar min mo na nar nek ni no ra ran rek ri ro sa san sen shi sko son ta tan tar ten to va van vek ven vi vo ya zek zo
""".split()


def _surname(digest: bytes) -> str:
    tail = _TAILS[digest[2] % len(_TAILS)]
    return _HEADS[digest[0] % len(_HEADS)] + _MIDDLES[digest[1] % len(_MIDDLES)] + tail


def _given(digest: bytes, at: int) -> str:
    return _GIVEN[digest[at] % len(_GIVEN)]


def _number(digest: bytes, below: int) -> int:
    return int.from_bytes(digest[8:16], "big") % below


def _person(text: str, digest: bytes) -> str:
    return f"{_given(digest, 3)} {_given(digest, 4)} {_surname(digest)}"


def _email(text: str, digest: bytes) -> str:
    return f"{_given(digest, 3)}.{_surname(digest)}{_number(digest, 100_000):05d}@example.org".lower()


def _username(text: str, digest: bytes) -> str:
    return f"{_given(digest, 3)}{_surname(digest)}{_number(digest, 100_000):05d}".lower()


def _address(text: str, digest: bytes) -> str:
    kind = ("Street", "Road", "Lane", "Avenue")[digest[5] % 4]
    return f"{1 + _number(digest, 299)} {_surname(digest)} {kind}, {_surname(digest[16:])}ton"


# --- numbers that are nobody's -----------------------------------------------------------------

_AMERICAN = re.compile(r"(?:\+?1[-. ]?)?\(?[2-9]\d{2}\)?[-. ]\d{3}[-. ]\d{4}|\+1[-. ]?\d{10}", re.ASCII)


def _phone(text: str, digest: bytes) -> str:
    """North America: 555-0100 to 555-0199 of any area; Britain: 07700 900000 to 900999 (Ofcom).

    Elsewhere the country code 999, which the ITU has given to nobody.
    """
    if _AMERICAN.fullmatch(text):
        return f"+1 {200 + _number(digest, 800)}-555-01{digest[5] % 100:02d}"
    if text.startswith(("+44", "0044")):
        return f"+44 7700 900{_number(digest, 1000):03d}"
    number = f"{_number(digest, 10**10):010d}"
    return f"+999 {number[:5]} {number[5:]}"


def _ip(text: str, digest: bytes) -> str:
    """IPv6: the network of documentation (RFC 3849); IPv4: the reserved block 240.0.0.0/4 (RFC 1112)."""
    if ":" in text:
        return "2001:db8:" + ":".join(digest[at : at + 2].hex() for at in range(0, 12, 2))
    return f"{240 + digest[0] % 15}.{digest[1]}.{digest[2]}.{digest[3]}"


def _mac(text: str, digest: bytes) -> str:
    """Locally administered, so no maker's (IEEE 802)."""
    return ("-" if "-" in text else ":").join(["02", *(f"{byte:02x}" for byte in digest[:5])])


_RULES: Mapping[str, Callable[[str, bytes], str]] = {
    "PERSON_NAME": _person,
    "EMAIL_ADDRESS": _email,
    "USERNAME": _username,
    "ADDRESS": _address,
    "PHONE_NUMBER": _phone,
    "IP_ADDRESS": _ip,
    "MAC_ADDRESS": _mac,
}
