"""Made-up customers, their health records and notes: the data of the demo and of many tests.

Nobody here exists. Numbers are valid where a check digit can be, so that they are recognised, and
come from ranges for tests or fiction where there is one. The seed decides every byte.

    python -m jupyter_privguard.demo.data OUTDIR [--seed N] [--rows N]
"""

from __future__ import annotations

import argparse
import csv
import math
import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from . import _people as people

__all__ = ["main", "write_demo_data"]

_TODAY = date(2026, 1, 31)
_PLANS = (("Basic", 18.0), ("Plus", 42.0), ("Premium", 79.0))
_SUBJECTS = (
    "Asked why the invoice of last month was higher than usual.",
    "Line was down for two hours on Sunday, technician sent.",
    "Wants to move the contract to a new flat in spring.",
    "Happy with the speed, asked about the family discount.",
    "Compared our price with two others and will think about it.",
    "Reported slow uploads in the evening, router was replaced.",
    "Payment failed twice, reminded kindly and paid on the same day.",
    "Asked for the terms of the premium plan in writing.",
)
_CUSTOMER = (
    "customer_id full_name email phone dob gender marital_status nationality religion street city postcode country"
    " aadhaar pan ssn iban card_number account_balance income plan tenure_months monthly_charges support_calls"
    " api_key last_login_ip referral_code churn"
).split()
_HEALTH = "customer_id mrn diagnosis icd10 medication systolic smoker".split()
_NOTES = "customer_id created note".split()


def write_demo_data(folder: Path, *, seed: int = 7, rows: int = 600) -> list[Path]:
    """Write customers.csv, health.csv and notes.csv into ``folder``; the paths, in this order.

    ``rows`` customers, about a third as many health records and notes. The same seed and rows
    give the same bytes on every machine. OSError when the folder cannot be written.
    """
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    customers = [_customer(rng, number) for number in range(rows)]
    tables = (
        ("customers.csv", _CUSTOMER, customers),
        ("health.csv", _HEALTH, [_record(rng, one) for one in customers if rng.random() < 0.35]),
        ("notes.csv", _NOTES, [_note(rng, one) for one in customers if rng.random() < 0.5]),
    )
    return [_write(folder / name, header, lines) for name, header, lines in tables]


def _write(path: Path, header: list[str], lines: Iterable[dict[str, object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    return path


def _customer(rng: random.Random, number: int) -> dict[str, object]:
    country = rng.choice(people.COUNTRIES)
    gender = rng.choice(("Female", "Male", "Female", "Male", "Female", "Male", "Non-binary"))
    given, family = people.name(rng, country, gender)
    born = date(1938, 1, 1) + timedelta(days=rng.randrange(25_000))
    city, postcode = people.place(rng, country)
    tenure = min(71, int(rng.expovariate(1 / 22)))
    plan, price = rng.choice(_PLANS)
    charges = round(price + rng.uniform(-4, 12), 2)
    calls = min(9, int(rng.expovariate(1 / 1.4)))
    india, america = country == "India", country == "United States"
    return {
        "customer_id": f"C{100_000 + number * 37 % 899_981:06d}",
        "full_name": f"{given} {family}",
        "email": people.email(rng, given, family, number),
        "phone": people.phone(rng, country),
        "dob": born.isoformat(),
        "gender": gender,
        "marital_status": rng.choice(("Single", "Married", "Married", "Divorced", "Widowed")),
        "nationality": people.NATIONALITIES[country],
        "religion": people.religion(rng, country),
        "street": people.street(rng, country),
        "city": city,
        "postcode": postcode,
        "country": country,
        "aadhaar": people.aadhaar(rng) if india else "",
        "pan": people.pan(rng, family) if india else "",
        "ssn": people.ssn(rng) if america else "",
        "iban": "" if india or america else people.iban(rng, country),
        "card_number": people.card(rng),
        "account_balance": round(rng.gauss(2400, 3100), 2),
        "income": int(rng.lognormvariate(10.6, 0.5)) // 10 * 10,
        "plan": plan,
        "tenure_months": tenure,
        "monthly_charges": charges,
        "support_calls": calls,
        "api_key": people.api_key(rng) if rng.random() < 0.2 else "",
        "last_login_ip": f"{rng.choice(('192.0.2', '198.51.100', '203.0.113'))}.{rng.randint(1, 254)}",
        "referral_code": people.code(rng),
        "churn": "Yes" if _leaves(rng, tenure, charges, calls) else "No",
    }


def _leaves(rng: random.Random, tenure: int, charges: float, calls: int) -> bool:
    """New, dear and annoyed customers leave more often, so that a model has something to learn."""
    pull = -1.6 - 0.05 * tenure + 0.02 * charges + 0.35 * calls
    return bool(rng.random() < 1 / (1 + math.exp(-pull)))


def _record(rng: random.Random, customer: dict[str, object]) -> dict[str, object]:
    diagnosis, code, medication = rng.choice(people.CONDITIONS)
    return {
        "customer_id": customer["customer_id"],
        "mrn": f"MRN{rng.randrange(10**7):07d}",
        "diagnosis": diagnosis,
        "icd10": code,
        "medication": medication,
        "systolic": int(rng.gauss(128, 15)),
        "smoker": rng.choice(("yes", "no", "no", "former")),
    }


def _note(rng: random.Random, customer: dict[str, object]) -> dict[str, object]:
    text = rng.choice(_SUBJECTS)
    if rng.random() < 0.2:
        text += rng.choice(
            (
                f" Please answer to {customer['email']}.",
                f" Call back on {customer['phone']} after six.",
                f" Card {customer['card_number']} was charged twice.",
                f" Regards, {customer['full_name']}",
            )
        )
    created = _TODAY - timedelta(days=rng.randrange(700))
    return {"customer_id": customer["customer_id"], "created": created.isoformat(), "note": text}


def main(arguments: list[str] | None = None) -> None:
    """Write the three files and print their paths."""
    parser = argparse.ArgumentParser(prog="python -m jupyter_privguard.demo.data", description="Write made-up data.")
    parser.add_argument("folder", type=Path, metavar="OUTDIR")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rows", type=int, default=600)
    given = parser.parse_args(arguments)
    if given.rows < 0:
        parser.error("--rows is a number from 0 on")
    for path in write_demo_data(given.folder, seed=given.seed, rows=given.rows):
        print(path)


if __name__ == "__main__":
    main()
