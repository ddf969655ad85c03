"""What is expected of a column because of what it holds: forms, lengths and ranges by definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..frames import FrameView
from ..frames.codes import group_sizes
from ..frames.engine import Kind
from ..model import NATIONAL_IDS, ColumnVerdict

__all__ = ["FORMS", "expected_of"]

_UNIQUE = NATIONAL_IDS | frozenset(
    "CUSTOMER_ID EMPLOYEE_ID NATIONAL_ID PASSPORT DRIVER_LICENSE VOTER_ID TAX_ID MEDICAL_RECORD_NUMBER IBAN"
    " BANK_ACCOUNT DEVICE_ID".split()
)
# Forms and lengths by definition, never by what the table holds: RFC 5321 4.5.3.1 (e-mail), ISO 13616 (IBAN),
# ISO/IEC 7812-1 (cards), ITU-T E.164 (phone), UIDAI (Aadhaar), Income Tax Department (PAN), SSA (SSN), RFC 7043 (MAC),
# RFC 4291 (IP).
FORMS = {
    "EMAIL_ADDRESS": r"^[^@\s]{1,64}@[^@\s]+$",
    "PHONE_NUMBER": r"^[+(]?[0-9](?:[ ()./-]{0,3}[0-9]){5,14}$",
    "IBAN": r"^[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]){11,30}$",
    "CREDIT_CARD": r"^[0-9](?:[ -]?[0-9]){11,18}$",
    "IN_AADHAAR": r"^[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}$",
    "IN_PAN": r"^[A-Z]{5}[0-9]{4}[A-Z]$",
    "US_SSN": r"^[0-9]{3}-?[0-9]{2}-?[0-9]{4}$",
    "BR_CPF": r"^[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}$",
    "MAC_ADDRESS": r"^(?:[0-9A-Fa-f]{2}[:.-]?){5}[0-9A-Fa-f]{2}$",
    "IP_ADDRESS": r"^[0-9A-Fa-f:.]{2,45}(?:/[0-9]{1,3})?$",
}
_LENGTHS = {"EMAIL_ADDRESS": (3, 254), "IBAN": (15, 42), "PERSON_NAME": (1, 200)}
_RANGES = {"AGE": (0, 130), "GEO_COORDINATE": (-180, 180)}


def expected_of(seen: FrameView, position: int, verdict: ColumnVerdict) -> Iterator[tuple[str, dict[str, Any]]]:
    """GX's names of the expectations on the column at ``position``, with their arguments; no value is in them."""
    try:
        codes, kind = seen.codes(position), seen.kind(position)
    except Exception:  # noqa: BLE001 - a column's own code may raise anything; nothing can be expected of it
        return
    if seen.rows and bool((codes.values != 0).all()):  # 0 is null
        yield "ExpectColumnValuesToNotBeNull", {}
    if not verdict.is_sensitive:
        return
    if verdict.entity in _UNIQUE and seen.rows and group_sizes([codes]).unique == seen.rows:
        yield "ExpectColumnValuesToBeUnique", {}
    if kind is Kind.TEXT and verdict.entity in FORMS:
        yield "ExpectColumnValuesToMatchRegex", {"regex": FORMS[verdict.entity]}
    if kind is Kind.TEXT and verdict.entity in _LENGTHS:
        low, high = _LENGTHS[verdict.entity]
        yield "ExpectColumnValueLengthsToBeBetween", {"min_value": low, "max_value": high}
    if kind in (Kind.INTEGER, Kind.NUMBER) and verdict.entity in _RANGES:
        low, high = _RANGES[verdict.entity]
        yield "ExpectColumnValuesToBeBetween", {"min_value": low, "max_value": high}
