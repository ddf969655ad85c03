"""Belgium: national register number, birth date, serial, 97 minus the remainder modulo 97.

Loi du 8 août 1983 organisant un registre national; arrêté royal du 3 avril 1984. Births from 2000 on are checked with
a 2 in front; BIS numbers add 20 or 40 to the month.
"""

from __future__ import annotations

from ..national import DATED, national
from ..shapes import is_day

__all__ = ["BE_NN"]


def _check(plain: str) -> bool:
    month = str(int(plain[2:4]) % 20).zfill(2)
    key = int(plain[9:])
    right = key in (97 - int(plain[:9]) % 97, 97 - int("2" + plain[:9]) % 97)
    return right and is_day(plain[:2], month, plain[4:6])


BE_NN = national(
    "be_nn",
    written=r"\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[. ]?\d{2}",
    check=_check,
    certainty=DATED,
    headers=(
        "rijksregisternummer, rijksregister, numero de registre national, numero registre national, "
        "registre national, insz, insz nummer, niss, numero niss, belgian national number"
    ),
    says="the birth date and key of a national register number",
    span=r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}",
)
