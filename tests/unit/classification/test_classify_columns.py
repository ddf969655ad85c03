"""Header, values and table together decide."""

from __future__ import annotations

import random
import string

import pandas as pd
import pytest

from jupyter_privguard.classification.classifier import classify, shown_label
from jupyter_privguard.demo import _people as people
from jupyter_privguard.errors import PolicyError
from jupyter_privguard.frames import view
from jupyter_privguard.model import ENTITIES, DataClass

_RNG = random.Random(4)
_ROWS = 120


def _many(make):
    return [make() for _ in range(_ROWS)]


def _digits(count, first="123456789"):
    return _RNG.choice(first) + "".join(_RNG.choice(string.digits) for _ in range(count - 1))


_CARDS = _many(lambda: people.card(_RNG))
_AADHAAR = _many(lambda: people.aadhaar(_RNG))
_MAILS = [f"{a}.{b}@example.com" for a in ("asha", "jo", "kim", "lee") for b in string.ascii_lowercase][:100]


def _verdicts(columns, **options):
    frame = columns if isinstance(columns, pd.DataFrame) else pd.DataFrame(columns)
    return {verdict.column: verdict for verdict in classify(view(frame), **options)}


def _entities(columns, **options):
    return {name: verdict.entity for name, verdict in _verdicts(columns, **options).items()}


@pytest.mark.parametrize(
    ("values", "entity"),
    [
        (_CARDS, "CREDIT_CARD"),
        ([int(card) for card in _CARDS], "CREDIT_CARD"),
        (_AADHAAR, "IN_AADHAAR"),
        ([int(number.replace(" ", "")) for number in _AADHAAR], "IN_AADHAAR"),
        ([float(number.replace(" ", "")) for number in _AADHAAR[:-1]] + [None], "IN_AADHAAR"),
        (_many(lambda: people.pan(_RNG, "Sharma")), "IN_PAN"),
        (_many(lambda: people.ssn(_RNG)), "US_SSN"),
        (_many(lambda: people.iban(_RNG, "Germany")), "IBAN"),
        (_many(lambda: people.api_key(_RNG)), "CREDENTIAL"),
        (_MAILS, "EMAIL_ADDRESS"),
        (_many(lambda: people.phone(_RNG, "United States")), "PHONE_NUMBER"),
        (_many(lambda: f"192.0.2.{_RNG.randint(1, 254)}"), "IP_ADDRESS"),
        (_many(lambda: _RNG.choice(["male", "female"])), "GENDER"),
        (_many(lambda: _RNG.choice(["Asthma", "Migraine", "Type 2 diabetes"])), "DIAGNOSIS"),
        (_many(lambda: f"{_RNG.choice(['Maria', 'James', 'Amit'])} {_RNG.choice(['Garcia', 'Smith'])}"), "PERSON_NAME"),
    ],
)
def test_values_that_prove_themselves_need_no_header(values, entity):
    verdict = _verdicts({"col_0": values})["col_0"]

    assert verdict.entity == entity
    assert verdict.is_sensitive


_HARMLESS = {
    "order_id": _many(lambda: int(_digits(10))),
    "twelve digits": _many(lambda: int(_digits(12))),
    "sixteen digits": _many(lambda: int(_digits(16))),
    "wrong cards": [card[:-1] + str((int(card[-1]) + 1) % 10) for card in _CARDS],
    "epoch": _many(lambda: 1_700_000_000 + _RNG.randrange(10**7)),
    "sha": _many(lambda: f"{_RNG.getrandbits(160):040x}"),
    "ean": _many(lambda: "978" + _digits(10)),
    "created_at": _many(lambda: f"2024-{_RNG.randint(1, 12):02d}-{_RNG.randint(1, 28):02d}T10:00:00"),
    "version": _many(lambda: f"{_RNG.randint(1, 9)}.{_RNG.randint(0, 30)}.{_RNG.randint(0, 99)}.{_RNG.randint(0, 99)}"),
    "product": _many(lambda: _RNG.choice(["Garden Chair", "Blue Mug", "Desk Lamp"])),
    "quantity": _many(lambda: _RNG.randint(1, 90)),
    "price": _many(lambda: round(_RNG.uniform(1, 900), 2)),
    "invoice_no": _many(lambda: f"9{_digits(2)}-{_digits(2)}-{_digits(4)}"),
    "sku": _many(lambda: "".join(_RNG.choice(string.ascii_uppercase) for _ in range(3)) + "-" + _digits(5)),
    "connector_type": _many(lambda: _RNG.choice("MF")),
    "is_active": _many(lambda: _RNG.random() < 0.5),
    "colour": _many(lambda: f"#{_RNG.getrandbits(24):06X}"),
}


@pytest.mark.parametrize("name", list(_HARMLESS))
def test_harmless_columns_stay_none(name):
    assert _entities({name: _HARMLESS[name]}) == {name: "NONE"}


@pytest.mark.parametrize("name", sorted(set(_HARMLESS) - {"connector_type"}))
def test_harmless_columns_without_header_stay_none(name):
    assert _entities({"col_0": _HARMLESS[name]}) == {"col_0": "NONE"}


def test_m_and_f_under_no_header_are_asked_about():
    verdict = _verdicts({"col_0": _HARMLESS["connector_type"]})["col_0"]

    assert verdict.entity == "GENDER" and not verdict.is_sensitive


@pytest.mark.parametrize("label", ["email", "iban", "ip_address", "ssn", "date_of_birth", "phone"])
@pytest.mark.parametrize("name", ["product", "sha", "is_active", "price"])
def test_a_header_is_refuted_by_its_values(label, name):
    verdict = _verdicts({label: _HARMLESS[name]})[label]

    assert verdict.entity == "NONE"
    assert "refuted" in " ".join(verdict.evidence)


def test_a_header_that_lies_does_not_hide_what_values_prove():
    found = _entities({"item": _CARDS, "product": _AADHAAR, "email": _many(lambda: people.iban(_RNG, "Spain"))})

    assert found == {"item": "CREDIT_CARD", "product": "IN_AADHAAR", "email": "IBAN"}


def test_an_official_number_with_wrong_check_digits_is_protected_and_says_so():
    wrong = [number[:-1] + str((int(number[-1]) + 1) % 10) for number in _AADHAAR]

    verdict = _verdicts({"aadhaar": wrong})["aadhaar"]

    assert (verdict.entity, verdict.is_sensitive) == ("IN_AADHAAR", True)
    assert "check digits do not confirm" in " ".join(verdict.evidence)


def test_one_valid_value_among_many_proves_nothing():
    values = [_CARDS[0], *map(str, _HARMLESS["sixteen digits"])]

    assert _entities({"reference": values}) == {"reference": "NONE"}


def test_a_general_header_is_refined_by_what_values_prove():
    assert _entities({"national_id": _AADHAAR, "account_number": _many(lambda: people.iban(_RNG, "France"))}) == {
        "national_id": "IN_AADHAAR",
        "account_number": "IBAN",
    }


def test_city_postcode_and_name_are_decided_by_what_the_rows_are():
    common = {
        "name": _many(lambda: _RNG.choice(["Okra", "Teak", "Juniper", "Fir"])),
        "city": _many(lambda: _RNG.choice(["Pune", "Leeds", "Lyon", "Turin"])),
        "zip": _many(lambda: int(_digits(5))),
    }
    shops = _entities({"store": _many(lambda: _digits(3)), **common})
    people_ = _entities({"email": (_MAILS * 2)[:_ROWS], "date_of_birth": ["1980-02-03"] * _ROWS, **common})

    assert set(shops.values()) == {"NONE"}
    assert (people_["city"], people_["zip"]) == ("CITY", "POSTCODE")


def test_names_of_things_are_not_persons():
    frame = {
        "product_name": _many(lambda: _RNG.choice(["Victor Vise", "Iris Vase"])),
        "branch_phone": _many(lambda: people.phone(_RNG, "United States")),
        "company": _many(lambda: _RNG.choice(["Smith Ltd", "Garcia Brothers Inc", "Martin GmbH"])),
        "store_city": _many(lambda: _RNG.choice(["Pune", "Lyon"])),
    }

    assert set(_entities(frame).values()) == {"NONE"}


def test_names_are_known_by_the_words_in_the_same_table_s_mails():
    names = [f"Xanthia{a} Quorn{b}" for a in "abcdef" for b in "ghij"]
    mails = [f"{name.lower().replace(' ', '.')}@example.org" for name in names]

    assert _entities({"c1": names, "c2": mails}) == {"c1": "PERSON_NAME", "c2": "EMAIL_ADDRESS"}


def test_numbers_of_days_are_birth_dates_under_their_header_only():
    days = _many(lambda: int(f"{_RNG.randint(1940, 2005)}{_RNG.randint(1, 12):02d}{_RNG.randint(1, 28):02d}"))

    assert _entities({"dob": days, "email": (_MAILS * 2)[:_ROWS], "batch": days})["dob"] == "DATE_OF_BIRTH"
    assert _entities({"batch": days}) == {"batch": "NONE"}


def test_phones_that_became_floats_are_phones_under_their_header():
    phones = [float(_digits(10, "6789")) for _ in range(_ROWS - 1)] + [None]

    assert _entities({"mobile": phones}) == {"mobile": "PHONE_NUMBER"}
    assert _entities({"col_1": phones}) == {"col_1": "NONE"}


def test_rare_values_in_long_texts_are_found():
    texts = [f"The delivery number {n} came late and the box was open." for n in range(3000)]
    texts[1777] += " Write to asha@example.org please."

    verdict = _verdicts({"comment": texts})["comment"]

    assert verdict.entity == "FREE_TEXT_WITH_PII"
    assert verdict.is_sensitive
    assert _entities({"comment": texts[:1000]}) == {"comment": "NONE"}


def test_full_looks_at_every_cell():
    texts = [f"The delivery number {n} came late and the box was open." for n in range(9001)]
    texts[8999] += " Write to asha@example.org please."

    assert _entities({"comment": texts}, full=True) == {"comment": "FREE_TEXT_WITH_PII"}


def _codes():
    return ["".join(_RNG.choice("ABCDEFGH23456789") for _ in range(8)) for _ in range(_ROWS)]


def test_unknown_columns_count_only_beside_a_direct_identifier():
    table = {
        "referral": _codes(),
        "serial_nr": [100_000 + n for n in range(_ROWS)],
        "uneven": [n * n for n in range(_ROWS)],
        "amount": [100_000 + 7 * n for n in range(_ROWS)],
        "measure": [n / 7 for n in range(_ROWS)],
        "plan": ["basic", "plus"] * (_ROWS // 2),
        "created": [f"2024-01-{n % 28 + 1:02d} {n % 24:02d}:{n % 60:02d}:00" for n in range(_ROWS)],
        "sha": _HARMLESS["sha"],
    }

    alone = _entities(table)
    beside = _entities({**table, "email": (_MAILS * 2)[:_ROWS]})

    assert set(alone.values()) == {"NONE"}
    assert {name for name, entity in beside.items() if entity == "INTERNAL_UNKNOWN"} == {"referral", "serial_nr"}


def test_unknown_needs_twenty_rows():
    table = {"referral": _codes()[:19], "email": _MAILS[:19]}

    assert _entities(table)["referral"] == "NONE"


def test_header_only_reads_no_value():
    class Closed:
        labels = ("email", "plan", "ssn")
        rows = 5
        width = 3

        def __getattr__(self, name):
            raise AssertionError(name)

    verdicts = classify(Closed(), header_only=True)

    assert [verdict.entity for verdict in verdicts] == ["EMAIL_ADDRESS", "NONE", "US_SSN"]


def test_an_override_decides_and_says_so():
    verdicts = _verdicts({"loyalty": ["a", "b"], "email": _MAILS[:2]}, overrides={0: "CUSTOMER_ID", 1: "NONE"})

    assert (verdicts["loyalty"].entity, verdicts["email"].entity) == ("CUSTOMER_ID", "NONE")
    assert verdicts["email"].data_class is DataClass.NONE
    assert "override" in verdicts["email"].evidence[0]


def test_an_override_with_an_unknown_entity_is_refused():
    with pytest.raises(PolicyError, match="privguard: "):
        _verdicts({"a": [1]}, overrides={0: "COLOUR"})


def test_verdicts_follow_the_labels_index_levels_too():
    frame = pd.DataFrame({"plan": ["a", "b"]}, index=pd.Index(_MAILS[:2], name="email"))

    assert list(_entities(frame)) == ["plan", "email"]
    assert _entities(frame)["email"] == "EMAIL_ADDRESS"


def test_evidence_is_words_without_values():
    frame = {
        "col_0": _CARDS,
        "full_name": ["Asha Sharma"] * _ROWS,
        "notes": ["Please call +1 202-555-0143 at noon"] * _ROWS,
    }

    for verdict in _verdicts(frame).values():
        text = " ".join(verdict.evidence)
        assert verdict.evidence
        assert 0 <= verdict.confidence <= 1
        assert verdict.action == {}
        assert verdict.data_class is ENTITIES[verdict.entity]
        assert not any(value in text for value in (*_CARDS, "Asha", "555-0143"))


def test_labels_that_are_values_are_redacted_and_long_ones_cut():
    assert shown_label("asha@example.org 4111 1111 1111 1111") == "[redacted] [redacted]"
    assert shown_label("x" * 70_000) == "x" * 200
    assert shown_label(("mail", "asha@example.org")) == "mail [redacted]"
