"""partial: the ends that people recognise a number by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...model import NATIONAL_IDS, Operator
from ..canonical import REDACTED, identity

if TYPE_CHECKING:
    from ..operator import MaskContext

__all__ = ["Partial"]

_SHARED_BY = 5
"""An e-mail domain is shown when this many distinct addresses of the column share it."""

# Providers with millions of users: the domain says nothing about the person.
_PUBLIC_PROVIDERS = frozenset(
    """
    126.com 163.com aol.com bol.com.br fastmail.com free.fr gmail.com gmx.at gmx.de gmx.net googlemail.com
    hotmail.co.uk hotmail.com hotmail.fr icloud.com laposte.net libero.it live.com mac.com mail.com mail.ru me.com
    msn.com naver.com orange.fr outlook.com outlook.de proton.me protonmail.com qq.com rediffmail.com t-online.de
    uol.com.br web.de yahoo.co.in yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.ru ymail.com zoho.com
    """.split()
)

_SEPARATORS = frozenset(" -./()+:")


class Partial:
    """Stars, and by entity the little that its field's rules let people see.

    Card: first six and last four (PCI DSS 4.0.1, 3.4.1). Other ids: the last four at most, of short
    ones the last quarter. Phone: the last four, of short ones two. E-mail: no local part; the
    domain where many share it. Address of a network or device: its first half. Person: initials.
    Whatever is no identifier has no harmless part (of a diagnosis, a date or a yes-or-no a few
    letters tell all), so it is redacted.
    """

    name = Operator.PARTIAL
    iso_20889 = "suppression: masking"
    is_reversible = False
    needs_key = False

    def apply(self, values: list[Any], context: MaskContext) -> list[Any]:
        """Text for each value, never the whole of it."""
        texts = [_plain(value, context.entity) for value in values]
        if context.entity == "EMAIL_ADDRESS":
            return _emails(texts)
        rule = _RULES.get(context.entity)
        if rule is None:
            return [REDACTED] * len(values)
        return [_kept(text, rule(text)) for text in texts]


def _plain(value: Any, entity: str) -> str:
    return "" if isinstance(value, bool) else identity(value, entity)


def _kept(text: str, masked: str) -> str:
    return REDACTED if masked == text or not masked.strip() else masked


def _emails(texts: list[str]) -> list[str]:
    domains = [_domain(text) for text in texts]
    counts = Counter(text.rpartition("@")[2] for text in {text.casefold() for text in texts})
    shown = {
        domain: f"***@{domain}"
        for domain in set(domains)
        if (counts[domain] >= _SHARED_BY or domain in _PUBLIC_PROVIDERS) and _DOMAIN.fullmatch(domain)
    }
    return [_kept(text, shown.get(domain, "***@***")) for text, domain in zip(texts, domains, strict=True)]


_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.ASCII)


def _domain(text: str) -> str:
    local, at, domain = text.rpartition("@")
    return domain.casefold() if at and local else ""


def _starred(text: str, *, first: int = 0, last: int = 0) -> str:
    """Each letter and digit a star but the first and last few; usual separators stay."""
    stars = text.translate(_STARS)
    first, last = min(first, stars.count("*")), min(last, stars.count("*"))
    begin, end = 0, len(text)
    while first:
        first -= stars[begin] == "*"
        begin += 1
    while last:
        end -= 1
        last -= stars[end] == "*"
    if begin >= end:
        begin, end = len(text), len(text)
    middle = stars[begin:end]
    return (_shown(text[:begin]) + middle + _shown(text[end:])).replace(_OTHER, "*")


def _shown(part: str) -> str:
    if not part or part.isalnum():
        return part
    return "".join(c if c.isalnum() or c in _SEPARATORS else _OTHER for c in part)


def _size(text: str) -> int:
    return text.translate(_STARS).count("*")


_OTHER = "\0"
"""In place of what is neither letter nor digit nor a usual separator, until letters and digits are counted."""


class _Stars(dict[int, str]):
    """What stands for each character; answers are kept, and most columns have few different ones."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        other = character if character in _SEPARATORS else _OTHER
        self[code] = "*" if character.isalnum() else other
        return self[code]


_STARS = _Stars()


def _identifier(text: str) -> str:
    size = _size(text)
    return _starred(text, last=4 if size >= 9 else size // 4)


def _phone(text: str) -> str:
    size = _size(text)
    return _starred(text, last=4 if size >= 10 else 2 if size >= 6 else 0)


def _card(text: str) -> str:
    is_card = re.fullmatch(r"\d(?:[ -]?\d){14,18}", text, re.ASCII) is not None
    return _starred(text, first=6, last=4) if is_card else _identifier(text)


def _iban(text: str) -> str:
    return _starred(text, first=2, last=4) if _size(text) >= 15 else _identifier(text)


def _ip(text: str) -> str:
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", text, re.ASCII):
        return ".".join(text.split(".")[:2]) + ".*.*"
    found = re.match(r"[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}:(?=[0-9A-Fa-f:.]{2,})", text)
    return f"{found[0]}*" if found else _starred(text)


def _mac(text: str) -> str:
    found = re.fullmatch(r"((?:[0-9A-Fa-f]{2}[:-]){3})(?:[0-9A-Fa-f]{2}[:-]?){3}", text)
    return f"{found[1]}**:**:**" if found else _starred(text)


def _person(text: str) -> str:
    words = text.split()
    # A name of one or two characters is its own initial.
    return " ".join(f"{word[0]}***" if _size(word) >= 3 else "***" for word in words)


_RULES: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(NATIONAL_IDS, _identifier),
    **dict.fromkeys(
        """
        NATIONAL_ID MEDICAL_RECORD_NUMBER PASSPORT DRIVER_LICENSE VOTER_ID TAX_ID
        CUSTOMER_ID EMPLOYEE_ID USERNAME BANK_ACCOUNT DEVICE_ID VEHICLE_PLATE INTERNAL_UNKNOWN
        """.split(),
        _identifier,
    ),
    "PHONE_NUMBER": _phone,
    "CREDIT_CARD": _card,
    "IBAN": _iban,
    "IP_ADDRESS": _ip,
    "MAC_ADDRESS": _mac,
    "PERSON_NAME": _person,
}
