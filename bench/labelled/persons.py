"""Tables whose rows are persons: which columns a domain has."""

from __future__ import annotations

import random

from .core import Column, Table, has_header, header, styled
from .people import Place, people
from .values import MAKERS

DOMAINS = {
    "customers": "customer full given family email phone street postcode city birth gender plan segment churned "
    "visits joined country",
    "patients": "patient full birth gender age diagnosis icd medication blood pressure bmi nhs phone department "
    "joined religion",
    "employees": "employee given family email national pan birth marital nationality salary department "
    "occupation joined iban union score",
    "accounts": "customer full national iban account card cvv balance credit passport phone amount status",
    "students": "student given family email birth gender nationality city course score username religion ethnicity",
    "weblog": "rowid username ip mac device request status bytes agent",
    "fleet": "employee full licence plate imei phone lat lon status visits",
    "tickets": "ticketno full email notes priority status remarks agent",
    "survey": "rowid age gender party orientation criminal ethnicity marital postcode salary score",
    "logins": "username email password apikey ip joined churned",
}
"""Domain → its columns; each table leaves some out."""


def tables(rng: random.Random, domain: str, place: Place, rows: int, name: str) -> Table:
    """One table of ``domain`` in the language of ``place``."""
    persons = people(rng, place, rows)
    wanted = [concept for concept in DOMAINS[domain].split() if rng.random() < 0.85 and _exists(concept, place)]
    made = [(concept, *MAKERS[concept](rng, persons)) for concept in wanted]
    labels = styled(rng, [header(rng, _header_of(concept, place), place.language) for concept in wanted])
    columns = (
        Column(label, values, entity, frozenset(also), evident)
        for label, (_, entity, values, also, evident) in zip(labels, made, strict=True)
    )
    return Table(name, tuple(columns), of_persons=True)


def _exists(concept: str, place: Place) -> bool:
    if concept in ("nhs", "pan"):
        return place.country == {"nhs": "gb", "pan": "in"}[concept]
    return concept != "national" or has_header(f"national_{place.country}", place.language)


def _header_of(concept: str, place: Place) -> str:
    return {"national": f"national_{place.country}", "remarks": "notes"}.get(concept, concept)
