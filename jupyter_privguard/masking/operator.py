"""What a masking operator is, and the ten there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from ..keys.keyring import KeyRing
from ..model import Operator
from .operators.clear import Clear
from .operators.encrypt import Encrypt
from .operators.fpe import Fpe
from .operators.generalise import Generalise
from .operators.partial import Partial
from .operators.redact import Redact
from .operators.round import Round
from .operators.shift import Shift
from .operators.surrogate import Surrogate, Surrogates
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
    hierarchy: Mapping[str, str] = field(default_factory=dict)
    """The policy's coarser texts by value, for ``generalise``."""
    subject_domain: str | None = None
    """Keeps the shifts of dates apart: the domain of the column that tells whose they are."""
    subjects: Sequence[Any] | None = None
    """For each value whose it is, for ``shift``; None in it, or instead of it, where nobody knows."""
    month_first: bool | None = None
    """How dates are read that make sense both ways, for ``shift``; None where the values at hand have to tell."""
    surrogates: Surrogates | None = None
    """Where random surrogates are kept; None for made-up ones by key."""
    year: int = field(default_factory=lambda: datetime.now(UTC).year)
    """This year, for years that tell an age over 89."""


class MaskingOperator(Protocol):
    """One way to mask, as a pure function of distinct values.

    ``apply`` gets distinct non-null values (text, numbers, booleans, dates, bytes or any object)
    and gives as many back, in order. No result equals its input, except from ``clear`` and for a
    share in [0, 1] of which ``round`` finds nothing left to round. Equal values give equal results;
    where the context names subjects, equal values of one subject do, and a value may be there twice.
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


_ALL: tuple[MaskingOperator, ...] = (
    Clear(),
    Round(),
    Shift(),
    Generalise(),
    Partial(),
    Fpe(),
    Encrypt(),
    Surrogate(),
    Token(),
    Redact(),
)

OPERATORS: Mapping[Operator, MaskingOperator] = {operator.name: operator for operator in _ALL}
"""Every operator by its name."""
