"""Amounts as people write them: ``$86,536.81``, ``114.106,53 €``, ``1,20,000``, ``54 010 kr``, ``(1,234.50)``."""

from __future__ import annotations

import re

from ._later import later

__all__ = ["amount_of"]

_LONGEST = 60
_CODES = (
    "AED ARS AUD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR JPY KES KRW MXN MYR NGN NOK NZD PHP "
    "PKR PLN RON RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR Euro Rs kr Kč zł Ft lei SFr Fr"
).split()
_SIGNS = "$€£¥₹₽₺₩₪฿₫₱₦₴₸₡₲₵"
_CURRENCY = rf"(?:(?:{'|'.join(_CODES)})\.?|[A-Z]{{0,3}}[{_SIGNS}])"
_SPACE = " \u00a0\u2009\u202f"
_GAP = f"[{_SPACE}]{{0,2}}"
_AMOUNT = later(
    rf"""(?P<before>{_CURRENCY})?{_GAP}(?P<minus>[-+\u2212])?{_GAP}(?P<inner>{_CURRENCY})?{_GAP}(?:
        (?P<english>\d{{1,3}}(?:[,'’_]\d{{2,3}})*[,'’_]\d{{3}}(?:\.\d{{1,12}})?)
      | (?P<spaced>\d{{1,3}}(?:[{_SPACE}]\d{{3}})+(?:[.,]\d{{1,2}})?)
      | (?P<european>\d{{1,3}}(?:\.\d{{3}})+,\d{{1,2}}|\d{{1,3}}(?:\.\d{{3}}){{2,}}|\d{{1,18}},\d{{1,2}})
      | (?P<plain>\d{{1,18}}(?:\.\d{{1,12}})?)
    ){_GAP}(?P<behind>{_CURRENCY}|[.,][-\u2013])?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_GROUPS = str.maketrans("", "", "_,'’" + _SPACE)
_THOUSANDS = later(r"\d{1,3}\.\d{3}", re.ASCII)
_WITH_POINTS = ("$", "£", "₹", "¥", "USD", "GBP", "INR", "JPY", "CNY", "RS")
"""Currencies beside which a point stands before decimals; beside others also between thousands."""


def amount_of(text: str) -> float | None:
    """The number that ``text`` is, in groups or not, with or without a currency; None for other texts.

    ``1.234`` alone is a decimal number, ``1.234 €`` more than a thousand.
    """
    if len(text) > _LONGEST:
        return None
    text = text.strip()
    if text[:1] == "(" and text[-1:] == ")":  # as accounts write what is owed
        owed = amount_of(text[1:-1])
        return None if owed is None else -owed
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return None
    kind = next(name for name in ("english", "spaced", "european", "plain") if found[name] is not None)
    written = found[kind]
    if kind == "english":
        plain = written.translate(_GROUPS)
    elif kind == "spaced":
        plain = written.replace(",", ".").translate(_GROUPS)
    elif kind == "european" or _has_thousands(written, found["before"] or found["inner"] or found["behind"]):
        plain = written.replace(".", "").replace(",", ".")
    else:
        plain = written
    return -float(plain) if found["minus"] in ("-", "\u2212") else float(plain)


def _has_thousands(written: str, currency: str | None) -> bool:
    return (
        currency is not None
        and _THOUSANDS.fullmatch(written) is not None
        and not any(sign in currency.upper() for sign in _WITH_POINTS)
    )
