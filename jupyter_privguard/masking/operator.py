"""What a masking operator is, and the seven there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..keys.keyring import KeyRing
from ..model import Operator
from .operators.clear import Clear
from .operators.encrypt import Encrypt
from .operators.generalise import Generalise
from .operators.partial import Partial
from .operators.redact import Redact
from .operators.round import Round
from .operators.token import Token

__all__ = ["OPERATORS", "MaskContext", "MaskingOperator"]


@dataclass(frozen=True, slots=True)
class MaskContext:
    """What an operator knows beside the values."""

    entity: str
    domain: str
    """Keeps keys apart: equal values have equal handles within a domain and in no other."""
    keyring: KeyRing
    on_screen: bool
    """Short handles for people instead of full ones for files."""


class MaskingOperator(Protocol):
    """One way to mask, as a pure function of distinct values.

    ``apply`` gets distinct non-null values (text, numbers, booleans, dates, bytes or any object)
    and gives as many back, in order. No result equals its input, except from ``clear`` and for a
    share in [0, 1] of which ``round`` finds nothing left to round. Equal values give equal results.
    """

    @property
    def name(self) -> Operator:
        """What a policy calls it."""
        ...

    @property
    def iso_20889(self) -> str:
        """Its class in ISO/IEC 20889:2018, clause 8 onwards."""
        ...

    @property
    def is_reversible(self) -> bool:
        """Whether the holder of the keys can get the value back."""
        ...

    @property
    def needs_key(self) -> bool:
        """Whether the result depends on the deployment's key."""
        ...

    def apply(self, values: list[Any], context: MaskContext) -> list[Any]:
        """The masked values; MaskingError, without any value in it, if one cannot be masked."""
        ...


_ALL: tuple[MaskingOperator, ...] = (Clear(), Round(), Generalise(), Partial(), Encrypt(), Token(), Redact())

OPERATORS: Mapping[Operator, MaskingOperator] = {operator.name: operator for operator in _ALL}
"""Every operator by its name."""
