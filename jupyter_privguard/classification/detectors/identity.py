"""Papers that a state or school gives: passport, licence, voter card, tax number, plate, any national id."""

from __future__ import annotations

from ..detector import Detector
from ..shapes import bare, full, year_in

__all__ = ["DRIVER_LICENSE", "IMAGE_OF_PERSON", "NATIONAL_ID", "PASSPORT", "TAX_ID", "VEHICLE_PLATE", "VOTER_ID"]

_alphanumeric = full(r"[A-Z0-9]{5,20}")
_passport = full(r"[A-Z]{0,2}\d{6,9}[A-Z]?|[A-Z][A-Z0-9]{7,8}")
_voter = full(r"[A-Z]{3}\d{7}")
_licence = full(r"[A-Z0-9*]{5,20}")
# Indian states' codes (Central Motor Vehicles Rules 1989, rule 50) and the German hyphen-and-blank form.
_plate_india = full(
    r"(?:AN|AP|AR|AS|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|NL|OD|OR|PB|PY|RJ|SK|TN|TR|TS|UK"
    r"|UP|WB)[ -]?\d{1,2}[ -]?[A-Z]{1,3}[ -]?\d{4}"
)
_plate_germany = full(r"[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} \d{1,4}[EH]?")
_plate_britain = full(r"[A-Z]{2}\d\d ?[A-Z]{3}")
_plate_france = full(r"[A-Z]{2}-\d{3}-[A-Z]{2}")
_plate = full(r"[A-ZÄÖÜ0-9][A-ZÄÖÜ0-9 .-]{2,14}")


def _paper_shape(text: str) -> bool:
    plain = bare(text)
    return bool(_alphanumeric(plain)) and sum(c.isdigit() for c in plain) >= 2 and year_in(text) is None


def _passport_shape(text: str) -> bool:
    return bool(_passport(bare(text)))


def _licence_shape(text: str) -> bool:
    return bool(_licence(bare(text))) and any(c.isdigit() for c in text) and year_in(text) is None


def _plate_shape(text: str) -> bool:
    return bool(_plate(text.upper())) and any(c.isdigit() for c in text) and any(c.isalpha() for c in text)


def _plate_proof(text: str) -> bool:
    return any(test(text) for test in (_plate_india, _plate_germany, _plate_britain, _plate_france))


_picture = full(
    r".{0,300}\.(?:jpe?g|png|gif|webp|bmp|heic|tiff?)(?:[?#].{0,300})?|data:image/.*|https?://\S{4,400}"
    r"|(?:/9j/|iVBORw0KGgo|R0lGOD|UklGR)[A-Za-z0-9+/=\s]{20,}",
    ignore_case=True,
)
IMAGE_OF_PERSON = Detector("image_of_person", "IMAGE_OF_PERSON", shape=_picture)
NATIONAL_ID = Detector("national_id", "NATIONAL_ID", shape=_paper_shape)
TAX_ID = Detector("tax_id", "TAX_ID", shape=_paper_shape)
PASSPORT = Detector("passport", "PASSPORT", shape=_passport_shape)
DRIVER_LICENSE = Detector("driver_license", "DRIVER_LICENSE", shape=_licence_shape)
VOTER_ID = Detector(
    "voter_id", "VOTER_ID", shape=_paper_shape, proof=lambda text: bool(_voter(text)), alone=0.45, with_person=0.6,
    share=0.9, says="the form of Indian voter cards",
)  # fmt: skip
VEHICLE_PLATE = Detector(
    "vehicle_plate", "VEHICLE_PLATE", shape=_plate_shape, proof=_plate_proof, alone=0.72, with_person=0.85, share=0.6,
    says="forms of vehicle plates",
)  # fmt: skip
