"""Packs: each letter and number of a law or standard has a rule, and real values come out as it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jupyter_privguard.frames import view
from jupyter_privguard.guard.columns.assess import mask_table
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.masking.surrogates import MemorySurrogates
from jupyter_privguard.model import ENTITIES, NATIONAL_IDS, Tier
from jupyter_privguard.policy.load import examine, load
from jupyter_privguard.policy.rules import Policy
from jupyter_privguard.policy.shipped import pack, pack_names

PACKS = Path(__file__).parents[3] / "jupyter_privguard/policy/packs"
LAX = "rules: [{class: [pii, financial, health, special], public: clear, internal: clear, compliance: clear}]\n"
KINDS = (LAX, "")
"""A policy that hides nothing by itself, and one that says nothing."""
RING = KeyRing(master=bytes(range(32)), seed=bytes(range(1, 33)), origin="privguard/0123abcd")

REDACTED = r"\[redacted\]"
TOKEN = r"tok:hs256:[^:]+:[\w-]{43}"
HANDLE = r"(?:enc:|enc_).*"
RANDOM = r"sur_[0-9a-f]{32}"


def policy(tmp_path: Path, include: str, rest: str = "") -> Policy:
    file = tmp_path / "p.yaml"
    file.write_text(f"version: 1\ninclude: [{include}]\n{rest}", encoding="utf-8")
    return load(None, file, user_can_write=lambda _: True)


def masked(in_force: Policy, columns: dict[str, list[Any]], tier: Tier = Tier.PUBLIC) -> dict[str, list[str]]:
    """The columns of a data set called t as a file has them, as text."""
    table = view(pd.DataFrame(columns))
    assert table is not None
    frame = mask_table(
        table, tier=tier, policy=in_force, keyring=RING, dataset="t", surrogates=MemorySurrogates()
    ).native  # fmt: skip
    return {str(label): [str(value) for value in frame[label]] for label in frame.columns}


def saying(entity: str, label: str) -> str:
    """What a few made-up values cannot prove is said by the policy."""
    return f"datasets: {{t: {{columns: {{{label}: {entity}}}}}}}\n"


@pytest.mark.parametrize("name", pack_names())
def test_each_pack_is_a_policy_without_a_finding(name: str) -> None:
    examined = examine(PACKS / f"{name}.yaml")

    assert examined == ((), ())
    assert pack(name).is_pack and pack(name).own_source == f"pack {name}"
    assert all(rule.name.startswith(f"{name}: ") for rule in pack(name).rules)


@pytest.mark.parametrize("name", [name for name in pack_names() if name != "default"])
def test_each_rule_of_a_law_or_standard_names_its_source(name: str) -> None:
    assert [rule.name for rule in pack(name).rules if not rule.source] == []


@pytest.mark.parametrize("name", ["../load", "/etc/passwd", "gdpr.yaml", "", "GDPR", "gdpr/../gdpr", "."])
def test_only_names_that_are_shipped_are_opened(name: str) -> None:
    with pytest.raises(KeyError):
        pack(name)


# --- HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i), tier public ----------------------------------------

SAFE_HARBOR = {
    "A": ("patient_name", ["Ada Lovelace", "Grace Hopper"], REDACTED),
    "B street": ("address", ["12 Oak Street, Springfield, IL 62704", "3 Elm Road, Peoria, IL 61602"], REDACTED),
    "B city": ("city", ["Springfield", "Peoria"], REDACTED),
    "B county": ("county", ["Sangamon", "Cook"], REDACTED),
    "B point": ("latitude", [39.7817, 40.6936], REDACTED),
    "B ZIP": ("zip", ["62704", "61602-1234"], r"627\*\*|616\*\*-\*{4}"),
    "B ZIP of few": ("zip", ["03601", "87901"], r"000\*\*"),
    "C birth": ("date_of_birth", ["1984-03-05", "1990-12-31"], r"1984|1990"),
    "C birth over 89": ("dob", ["1920-03-05", "1911-01-01"], r"before 19\d\d"),
    "C admission": ("admission_date", ["2024-03-05", "2023-11-30"], r"2024|2023"),
    "C discharge": ("discharge_date", [pd.Timestamp("2024-03-07"), pd.Timestamp("2023-12-02")], r"2024|2023"),
    "C death": ("date_of_death", ["2024-03-05", "2023-11-30"], r"2024|2023"),
    "C age": ("age", [37, 52], r"35-39|50-54"),
    "C age over 89": ("age", [90, 104], r"90\+"),
    "D": ("phone", ["+1 212-555-0143", "+1 217-555-0199"], REDACTED),
    "E": ("fax", ["+1 212-555-0144", "+1 217-555-0198"], REDACTED),
    "F": ("email", ["ada@corp.example", "grace@navy.example"], REDACTED),
    "G": ("ssn", ["536-90-4399", "212-09-8745"], REDACTED),
    "H": ("mrn", ["MRN004711", "MRN004712"], RANDOM),
    "I": ("beneficiary_number", ["HB-4711-01", "HB-4712-02"], RANDOM),
    "J": ("account_number", ["001234567890", "009876543210"], REDACTED),
    "J card": ("card_number", ["4111111111111111", "5500005555555559"], REDACTED),
    "K licence": ("driver_license", ["D1234567", "S7654321"], REDACTED),
    "K certificate": ("certificate_number", ["C-4711-A", "C-4712-B"], REDACTED),
    "L plate": ("license_plate", ["ABC 1234", "XYZ 9876"], REDACTED),
    "L vehicle": ("vin", ["1HGCM82633A004352", "1M8GDM9AXKP042788"], REDACTED),
    "M": ("mac_address", ["00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5F"], REDACTED),
    "N": ("homepage", ["https://people.example/~ada", "https://people.example/~grace"], REDACTED),
    "O": ("ip_address", ["93.184.216.34", "2606:2800:220:1::1"], REDACTED),
    "P": ("fingerprint", ["aGVsbG8x", "aGVsbG8y"], REDACTED),
    "Q": ("photo", ["ada.jpg", "grace.jpg"], REDACTED),
    "R national": ("aadhaar", ["2234 5678 9014", "2345 6789 0124"], REDACTED),
    "R code": ("customer_id", ["C-10001", "C-10002"], RANDOM),
    "R text": ("notes", ["Called Ada Lovelace at +1 212-555-0143.", "Mail to ada@corp.example sent."], REDACTED),
}  # fmt: skip


ENTITY_OF = {
    "A": "PERSON_NAME", "B street": "ADDRESS", "B point": "GEO_COORDINATE", "J": "BANK_ACCOUNT", "Q": "IMAGE_OF_PERSON",
    "K licence": "DRIVER_LICENSE", "L plate": "VEHICLE_PLATE", "P": "BIOMETRIC", "R national": "IN_AADHAAR",
    "R text": "FREE_TEXT_WITH_PII", "G": "US_SSN", "M": "MAC_ADDRESS", "R code": "CUSTOMER_ID",
    "J card": "CREDIT_CARD", "O": "IP_ADDRESS", "H": "MEDICAL_RECORD_NUMBER",
}  # fmt: skip
"""What a few made-up values cannot prove is said by the policy."""


@pytest.mark.parametrize("kind", KINDS, ids=["lax", "silent"])
@pytest.mark.parametrize("letter", SAFE_HARBOR)
def test_safe_harbor_by_its_letters(letter: str, kind: str, tmp_path: Path) -> None:
    label, values, form = SAFE_HARBOR[letter]
    named = saying(ENTITY_OF[letter], label) if letter in ENTITY_OF else ""
    columns = {label: [*values] * 3, "patient": ["Ada Lovelace", "Grace Hopper"] * 3}

    got = masked(policy(tmp_path, "hipaa-safe-harbor", kind + named), columns)[label]

    assert len(got) == 6 and all(re.fullmatch(form, value) for value in got), got


RESTRICTED = "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893".split()
"""By the census of 2000, as in the guidance of HHS on de-identification."""


def test_zip_codes_that_few_people_share_are_000(tmp_path: Path) -> None:
    in_force = policy(tmp_path, "hipaa-safe-harbor", LAX + saying("POSTCODE", "zip"))
    few = [f"{area}{end}" for area in RESTRICTED for end in ("01", "99-1234")]
    many = ["62704", "10001", "94105-1234", "03701"]

    got = masked(in_force, {"zip": few + many})["zip"]

    assert {value[:3] for value in got[: len(few)]} == {"000"}
    assert [value[:3] for value in got[len(few) :]] == ["627", "100", "941", "037"]
    assert not any(digit.isdigit() for value in got for digit in value[3:])


def test_every_kind_of_identifier_is_in_safe_harbor_or_is_none_of_its_letters(tmp_path: Path) -> None:
    named = set().union(*(rule.entities for rule in pack("hipaa-safe-harbor").rules if Tier.PUBLIC in rule.operators))
    # Neither names nor codes; amounts, diagnoses and the like are what such data is about.
    others = {
        "GENDER", "MARITAL_STATUS", "NATIONALITY", "ETHNICITY", "RELIGION", "POLITICAL", "CRIMINAL_RECORD",
        "SEXUAL_ORIENTATION", "TRADE_UNION", "INCOME", "ACCOUNT_BALANCE", "FINANCIAL", "DIAGNOSIS", "MEDICAL_CODE",
        "MEDICATION", "HEALTH_MEASURE", "CREDENTIAL", "CARD_CVV", "NONE",
    }  # fmt: skip

    assert named >= NATIONAL_IDS
    assert set(ENTITIES) - named == others
    assert policy(tmp_path, "hipaa-safe-harbor").draws_surrogates


def test_what_is_no_identifier_stays(tmp_path: Path) -> None:
    columns = {"updated_at": ["2024-03-05"] * 3, "colour": ["red", "blue", "red"], "status": ["open", "done", "open"]}

    assert masked(policy(tmp_path, "hipaa-safe-harbor"), columns) == columns


def test_what_is_found_in_any_other_text_is_gone(tmp_path: Path) -> None:
    columns = {"colour": ["red", "blue"] * 100 + ["ask ada@corp.example"]}

    got = masked(policy(tmp_path, "hipaa-safe-harbor", saying("NONE", "colour")), columns)["colour"]

    assert got == ["red", "blue"] * 100 + ["ask [EMAIL_ADDRESS]"]


# --- the others, by requirement or article, tier and what comes out ----------------------------------

AADHAAR, PAN, CARD = "2345 6789 0124", "ABCPE1234F", "4111111111111111"

REQUIREMENTS = {
    "pci-dss 3.3.1.2 code": ("pci-dss", "CARD_CVV", "123", "compliance", REDACTED),
    "pci-dss 3.3.1.2 code inside": ("pci-dss", "CARD_CVV", "123", "internal", REDACTED),
    "pci-dss 3.3.1.1 track": ("pci-dss", "CREDENTIAL", "%B4111111111111111^A/B^2512", "compliance", REDACTED),
    "pci-dss 3.4.1": ("pci-dss", "CREDIT_CARD", CARD, "public", r"411111\*{6}1111"),
    "pci-dss 3.5.1.1": ("pci-dss", "CREDIT_CARD", CARD, "internal", TOKEN),
    "pci-dss 3.4.1 need": ("pci-dss", "CREDIT_CARD", CARD, "compliance", CARD),
    "pci-dss 3.2.1": ("pci-dss", "PERSON_NAME", "Ada Lovelace", "internal", HANDLE),
    "india-dpdp Aadhaar": ("india-dpdp", "IN_AADHAAR", AADHAAR, "public", r"\*{4} \*{4} 0124"),
    "india-dpdp vault": ("india-dpdp", "IN_AADHAAR", AADHAAR, "internal", TOKEN),
    "india-dpdp PAN": ("india-dpdp", "IN_PAN", PAN, "public", r"\*{6}234F"),
    "india-dpdp PAN inside": ("india-dpdp", "IN_PAN", PAN, "internal", HANDLE),
    "india-dpdp 29(1)": ("india-dpdp", "BIOMETRIC", "aGVsbG8x", "compliance", REDACTED),
    "india-dpdp rule 6 name": ("india-dpdp", "PERSON_NAME", "Ada Lovelace", "public", TOKEN),
    "india-dpdp rule 6 phone": ("india-dpdp", "PHONE_NUMBER", "+91 98450 12345", "public", r"[+* ]+2345"),
    "india-dpdp 6(1)": ("india-dpdp", "POSTCODE", "560038", "public", r"560\*\*\*"),
    "india-dpdp health": ("india-dpdp", "DIAGNOSIS", "Asthma", "public", REDACTED),
    "gdpr 4(5)": ("gdpr", "PERSON_NAME", "Ada Lovelace", "public", TOKEN),
    "gdpr 32(1)(a)": ("gdpr", "EMAIL_ADDRESS", "ada@corp.example", "internal", HANDLE),
    "gdpr 87": ("gdpr", "DE_TAX_ID", "86095742719", "public", TOKEN),
    "gdpr recital 30": ("gdpr", "IP_ADDRESS", "93.184.216.34", "public", TOKEN),
    "gdpr 5(1)(c)": ("gdpr", "AGE", 37, "public", r"35-39"),
    "gdpr 9(1) health": ("gdpr", "DIAGNOSIS", "Asthma", "public", REDACTED),
    "gdpr 9(1) health inside": ("gdpr", "DIAGNOSIS", "Asthma", "internal", TOKEN),
    "gdpr 9(1) belief": ("gdpr", "RELIGION", "Zoroastrian", "public", REDACTED),
    "gdpr 9(1) biometric": ("gdpr", "BIOMETRIC", "aGVsbG8x", "internal", REDACTED),
    "gdpr 10": ("gdpr", "CRIMINAL_RECORD", "theft 2011", "internal", REDACTED),
    "default": ("default", "PERSON_NAME", "Ada Lovelace", "public", TOKEN),
}


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_what_a_law_or_standard_asks_holds_over_a_lax_policy(requirement: str, tmp_path: Path) -> None:
    name, entity, value, tier, form = REQUIREMENTS[requirement]

    got = masked(policy(tmp_path, name, LAX + saying(entity, "c")), {"c": [value] * 6}, Tier.parse(tier))["c"]

    assert all(re.fullmatch(form, one) for one in got), got


def test_a_keyed_hash_is_of_the_whole_card_number(tmp_path: Path) -> None:
    in_force = policy(tmp_path, "pci-dss", saying("CREDIT_CARD", "card"))
    # The BIN and the last four are the same, so no hash of these parts would tell them apart.
    values = ["4111110000001117", "4111110000091117", "4111110000001117"]

    one, other, same = masked(in_force, {"card": values}, Tier.INTERNAL)["card"]

    assert one == same != other


def test_stricter_wins_between_packs_and_the_policy(tmp_path: Path) -> None:
    rest = "rules: [{entity: PHONE_NUMBER, public: redact}]\n"
    rest += (
        "datasets: {t: {columns: {phone: PHONE_NUMBER, mail: EMAIL_ADDRESS, card: CREDIT_CARD, who: PERSON_NAME}}}\n"
    )
    columns = {
        "phone": ["+91 98450 12345"] * 3, "mail": ["ada@corp.example"] * 3, "card": [CARD] * 3, "who": ["Ada L"] * 3,
    }  # fmt: skip

    got = masked(policy(tmp_path, "india-dpdp, gdpr, pci-dss, hipaa-safe-harbor", rest), columns)
    without = masked(policy(tmp_path, "india-dpdp, gdpr, pci-dss", rest), columns)

    assert {label: values[0] for label, values in got.items()} == dict.fromkeys(columns, "[redacted]")
    assert without["phone"][0] == "[redacted]"
    assert all(re.fullmatch(TOKEN, without[label][0]) for label in ("mail", "card", "who"))
