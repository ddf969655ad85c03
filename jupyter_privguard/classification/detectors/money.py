"""What somebody has and earns. Numbers alone say nothing: these need their header."""

from __future__ import annotations

from ..._amounts import amount_of
from ..detector import Detector
from ..shapes import full

__all__ = ["ACCOUNT_BALANCE", "FINANCIAL", "INCOME"]

_band = full(
    r"(?:under|over|above|below|less than|more than|up to|<|>|<=|>=|≥|≤)? ?[$€£₹]? ?\d[\d,]*(?:\.\d+)? ?k?\+?"
    r"(?: ?(?:-|–|to) ?[$€£₹]? ?\d[\d,]*(?:\.\d+)? ?k?)?|<=?50k|>50k|low|medium|high|lower|middle|upper",
    ignore_case=True,
)
_rating = full(
    r"[A-D][A-D+-]{0,2}\d?|excellent|very good|good|fair|poor|bad|none|yes|no|own|rent|mortgage", ignore_case=True
)


def _amount(text: str) -> bool:
    return amount_of(text) is not None or (len(text) < 40 and bool(_band(text)))


INCOME = Detector("income", "INCOME", shape=_amount)
ACCOUNT_BALANCE = Detector("account_balance", "ACCOUNT_BALANCE", shape=_amount)
FINANCIAL = Detector("financial", "FINANCIAL", shape=lambda text: _amount(text) or bool(_rating(text)))
