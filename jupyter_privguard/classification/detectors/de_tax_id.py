"""Germany: steuerliche Identifikationsnummer, eleven digits, MOD 11,10 of ISO/IEC 7064.

§ 139b AO; BZSt. Of the first ten digits one stands twice or three times, no other more than once.
"""

from __future__ import annotations

from collections import Counter

from .. import checksums
from ..national import DATED, national

__all__ = ["DE_TAX_ID"]


def _check(plain: str) -> bool:
    repeated = [count for count in Counter(plain[:10]).values() if count > 1]
    return len(repeated) == 1 and repeated[0] <= 3 and checksums.iso7064_mod11_10(plain)


DE_TAX_ID = national(
    "de_tax_id",
    written=r"[1-9]\d{10}|[1-9]\d \d{3} \d{3} \d{3}",
    check=_check,
    certainty=DATED,
    headers=(
        "steuer id, steuerid, steueridentifikationsnummer, steuerliche identifikationsnummer, steuer "
        "identifikationsnummer, idnr, identifikationsnummer"
    ),
    says="the check digit and digit pattern of a German tax id",
)
