"""The masks, from their operators: what each does, its class, whether it can be turned back, and an example."""

from __future__ import annotations

import secrets

from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.masking.operator import OPERATORS, MaskContext
from jupyter_privguard.model import Operator

from .markdown import code, table

__all__ = ["page"]

_EXAMPLES = {
    Operator.ROUND: ("INCOME", 48_317),
    Operator.SHIFT: ("DATE_OF_BIRTH", "1987-04-12"),
    Operator.GENERALISE: ("DATE_OF_BIRTH", "1987-04-12"),
    Operator.PARTIAL: ("CREDIT_CARD", "4111 1111 1111 1111"),
    Operator.FPE: ("PHONE_NUMBER", "+44 20 7946 0123"),
}
_ELSE = ("PERSON_NAME", "Asha Example")


def page() -> str:
    """A table of all masks, from the one that shows most, each tried on a made-up value under a key of its own."""
    rows = [_row(one) for one in OPERATORS]
    return table(["mask", "class in ISO/IEC 20889", "can be turned back", "needs the key", "a value", "becomes"], rows)


def _row(name: Operator) -> tuple[str, ...]:
    operator = OPERATORS[name]
    entity, value = _EXAMPLES.get(name, _ELSE)
    context = MaskContext(
        entity=entity,
        domain=entity,
        keyring=KeyRing(master=secrets.token_bytes(32), seed=secrets.token_bytes(32), origin="docs"),
        on_screen=True,
        subject_domain="CUSTOMER_ID",
        subjects=["C-1"],
    )
    (masked,) = operator.apply([value], context)
    yes_no = {True: "yes", False: "no"}
    return (
        code(name.value),
        operator.iso_20889,
        yes_no[operator.is_reversible],
        yes_no[operator.needs_key],
        code(value),
        code(masked),
    )
