"""Germany: steuerliche Identifikationsnummer, eleven digits, MOD 11,10 of ISO/IEC 7064.

§ 139b AO; BZSt. Of the first ten digits one stands twice or three times, so eight or nine are different.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national

__all__ = ["DE_TAX_ID"]


def _check(plain: str) -> bool:
    return len(set(plain[:10])) in (8, 9) and checksums.iso7064_mod11_10(plain)


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
