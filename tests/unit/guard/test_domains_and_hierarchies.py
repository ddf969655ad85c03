"""The policy's domains, hierarchies and subjects on their way to the masks, and the pins that hold a domain."""

from __future__ import annotations

import json
import multiprocessing
import stat
from pathlib import Path

import pandas as pd
import pytest

from jupyter_privguard.errors import StateError
from jupyter_privguard.frames import view
from jupyter_privguard.guard.columns.assess import assess, mask_table, masks_for
from jupyter_privguard.guard.columns.pins import DomainPins
from jupyter_privguard.guard.knowledge import Knowledge
from jupyter_privguard.guard.overrides.deciding import Deciding
from jupyter_privguard.guard.overrides.statements import Names, Overrides
from jupyter_privguard.guard.reveal import reveal
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.model import Operator, Principal, Request, Tier
from jupyter_privguard.policy.load import load
from jupyter_privguard.policy.rules import Policy

RING = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/00000000")
NEXT = KeyRing(master=b"n" * 32, seed=b"s" * 32, origin="privguard/00000000", older=[b"m" * 32])
DOMAINS = "domains: {customer: [customers.customer_id, orders.employee_id]}\n"


@pytest.fixture
def policy(tmp_path: Path):
    def written(text: str) -> Policy:
        file = tmp_path / "p.yaml"
        file.write_text(f"version: 1\n{text}", encoding="utf-8")
        return load(None, file, user_can_write=lambda _: True)

    return written


def masked(frame: pd.DataFrame, in_force: Policy, tier: Tier = Tier.PUBLIC, **named: object) -> pd.DataFrame:
    seen = view(frame)
    found = assess(seen, policy=in_force, **named)  # type: ignore[arg-type]
    dataset = named.get("dataset")
    return mask_table(
        seen,  # type: ignore[arg-type]
        tier=tier,
        policy=in_force,
        keyring=RING,
        classification=found,
        dataset=dataset,  # type: ignore[arg-type]
    ).native


CUSTOMERS = pd.DataFrame({"customer_id": [f"C-{n:05d}" for n in range(30)]})
ORDERS = pd.DataFrame({"employee_id": [f"C-{n:05d}" for n in range(30)][::-1]})


def test_columns_of_one_domain_join_and_others_do_not(policy) -> None:
    together, apart = policy(DOMAINS), policy("")

    one, other = masked(CUSTOMERS, together, dataset="customers"), masked(ORDERS, together, dataset="orders")
    elsewhere = masked(ORDERS, together, dataset="archive")

    assert set(one["customer_id"]) == set(other["employee_id"])
    assert not set(one["customer_id"]) & set(elsewhere["employee_id"])
    assert not set(masked(CUSTOMERS, apart)["customer_id"]) & set(masked(ORDERS, apart)["employee_id"])


def test_a_domain_travels_with_the_verdict(policy) -> None:
    found = assess(view(CUSTOMERS), policy=policy(DOMAINS), dataset="customers")  # type: ignore[arg-type]

    assert found[0].domain == "customer"
    assert masks_for(found, Tier.PUBLIC)[0].domain == "customer"


def test_a_data_set_keeps_the_domain_of_its_first_token(policy, tmp_path: Path) -> None:
    pins = DomainPins(tmp_path / "domains.json", RING)
    before = masked(CUSTOMERS, policy(""), dataset="customers", pins=pins)

    after = masked(CUSTOMERS, policy(DOMAINS), dataset="customers", pins=DomainPins(tmp_path / "domains.json", RING))

    assert list(after["customer_id"]) == list(before["customer_id"])
    other = masked(CUSTOMERS, policy(DOMAINS), dataset="customers_2", pins=pins)
    assert list(other["customer_id"]) == list(before["customer_id"])  # not named by the policy: its entity


def test_pins_tell_no_name_and_are_closed_to_others(tmp_path: Path) -> None:
    file = tmp_path / "domains.json"
    pins = DomainPins(file, RING)

    assert pins.pinned("alice@corp.example", {"bob": "customer", "id": "CUSTOMER_ID"}) == {
        "bob": "customer",
        "id": "CUSTOMER_ID",
    }
    assert pins.pinned("alice@corp.example", {"bob": "other", "new": "third"}) == {"bob": "customer", "new": "third"}

    text = file.read_text(encoding="utf-8")
    assert "alice" not in text and "bob" not in text and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(json.loads(text)["pins"].values()) == ["CUSTOMER_ID", "customer", "third"]
    assert stat.S_IMODE(file.with_suffix(".lock").stat().st_mode) == 0o600


def test_a_new_key_pins_anew(tmp_path: Path) -> None:
    file = tmp_path / "domains.json"
    DomainPins(file, RING).pinned("customers", {"id": "CUSTOMER_ID"})

    assert DomainPins(file, NEXT).pinned("customers", {"id": "customer"}) == {"id": "customer"}
    assert DomainPins(file, RING).pinned("customers", {"id": "customer"}) == {"id": "CUSTOMER_ID"}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pins": 7}', '{"pins": {"a": 7}}', '{"pins": {"a": ""}}', "\xff"])
def test_damaged_pins_are_refused_in_one_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "domains.json"
    file.write_bytes(content.encode("latin-1"))

    with pytest.raises(StateError, match=r"^privguard: .*damaged.*\.$"):
        DomainPins(file, RING).pinned("d", {"c": "x"})

    assert file.read_bytes() == content.encode("latin-1")


def test_pins_without_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StateError, match=r"^privguard: "):
        DomainPins(tmp_path / "nowhere" / "domains.json", RING).pinned("d", {"c": "x"})


def _pin(file: Path, number: int) -> None:
    pins = DomainPins(file, RING)
    for column in range(10):
        pins.pinned("shared", {"c": f"by {number}", f"{number} {column}": "own"})


def test_two_processes_agree_on_the_first(tmp_path: Path) -> None:
    file = tmp_path / "domains.json"
    processes = [multiprocessing.get_context("fork").Process(target=_pin, args=(file, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    kept = json.loads(file.read_text(encoding="utf-8"))["pins"].values()
    assert len(kept) == 31 and sum(domain.startswith("by ") for domain in kept) == 1


# --- hierarchies and subjects -------------------------------------------------------------------

PATIENTS = pd.DataFrame(
    {
        "patient_name": ["Anna Smith", "Bob Jones", "Carla Brown", "Dan White"] * 5,
        "mrn": [f"MRN-{n % 4:07d}" for n in range(20)],
        "diagnosis": ["Asthma", "Diabetes", "Asthma", "Hypertension"] * 5,
        "date_of_birth": pd.to_datetime(["1980-01-01", "1981-02-02", "1982-03-03", "1983-04-04"] * 5),
    }
)


def test_diagnoses_become_groups_inside_and_nothing_outside(policy) -> None:
    in_force = policy("hierarchies: {diagnosis: {asthma: lung, Diabetes: metabolism}}\n")

    inside = masked(PATIENTS, in_force, Tier.INTERNAL)["diagnosis"]
    outside = masked(PATIENTS, in_force)["diagnosis"]

    assert list(inside[:2]) == ["lung", "metabolism"] and inside[3].startswith("tok:")
    assert set(outside) == {"[redacted]"}
    assert masked(PATIENTS, policy(""), Tier.INTERNAL)["diagnosis"].str.startswith("tok:").all()


def test_a_verdict_says_what_is_really_done(policy) -> None:
    grouped = assess(view(PATIENTS), policy=policy("hierarchies: {DIAGNOSIS: {asthma: lung}}\n"))  # type: ignore[arg-type]
    plain = assess(view(PATIENTS), policy=policy(""))  # type: ignore[arg-type]

    assert grouped[2].action["internal"] == "generalise"
    assert plain[2].action["internal"] == "token"


def test_dates_move_by_the_record_number_and_alike_in_other_tables(policy) -> None:
    in_force = policy("rules: [{entity: DATE_OF_BIRTH, public: shift}]\n")
    found = assess(view(PATIENTS), policy=in_force)  # type: ignore[arg-type]

    subject = masks_for(found, Tier.PUBLIC, in_force)[3].subject
    whole = masked(PATIENTS, in_force)["date_of_birth"]
    part = masked(PATIENTS[["mrn", "date_of_birth"]].iloc[10:], in_force)["date_of_birth"]

    assert found[1].entity == "MEDICAL_RECORD_NUMBER" and subject == (1, "MEDICAL_RECORD_NUMBER")
    assert whole.dtype == PATIENTS["date_of_birth"].dtype
    assert list(part) == list(whole[10:])
    assert len(set((whole - PATIENTS["date_of_birth"]).dt.days)) > 1


def test_dates_without_a_person_are_withheld_whatever_the_data_set_is_called(policy) -> None:
    in_force = policy("rules: [{entity: DATE_OF_BIRTH, public: shift}]\n")
    alone = PATIENTS[["date_of_birth"]]

    assert set(masked(alone, in_force, dataset="births")["date_of_birth"]) == {"[redacted]"}
    assert set(masked(alone, in_force)["date_of_birth"]) == {"[redacted]"}


@pytest.mark.parametrize("operator", ["fpe", "surrogate", "shift"])
def test_a_policy_may_name_each_operator(policy, operator: str) -> None:
    entity = "DATE_OF_BIRTH" if operator == "shift" else "MEDICAL_RECORD_NUMBER"
    found = assess(view(PATIENTS), policy=policy(f"rules: [{{entity: {entity}, public: {operator}}}]\n"))  # type: ignore[arg-type]

    masks = masks_for(found, Tier.PUBLIC)

    assert masks[3 if operator == "shift" else 1].operator is Operator(operator)


def test_what_was_sealed_for_a_named_domain_can_be_looked_up(policy) -> None:
    roles = "roles: {r: {tiers: [public], reveal: true}}\nprincipals: {me: {roles: [r]}}\n"
    in_force = policy(DOMAINS + roles)
    sealed = masked(CUSTOMERS, in_force, Tier.INTERNAL, dataset="customers")["customer_id"][7]
    events: list[str] = []

    answer = reveal(
        sealed,
        reason="a complaint",
        request=lambda why: Request(Principal("me", ("r",)), "reveal", Tier.COMPLIANCE, reason=why),
        policy=in_force,
        keyring=RING,
        attempts=lambda: 0,
        record=lambda **fields: events.append(fields["outcome"]),
    )

    assert (answer.value, answer.domain, events) == ("C-00007", "customer", ["ok"])


# --- in a session --------------------------------------------------------------------------------


def _knowledge(in_force, pins: DomainPins) -> Knowledge:
    overrides = Overrides(Names(str, lambda text: [text]))
    return Knowledge(in_force, Deciding(in_force, Principal("me"), overrides), pins=pins)


def test_a_part_of_a_table_has_the_tokens_of_the_whole(policy, tmp_path: Path) -> None:
    frame = CUSTOMERS.assign(visits=range(30))
    knowledge = _knowledge(policy(DOMAINS), pins=DomainPins(tmp_path / "domains.json", RING))
    knowledge.loaded(frame, "data/customers.csv")
    knowledge.learn()
    part = frame.head(2)

    whole, cut = (knowledge.classification(table, view(table)) for table in (frame, part))  # type: ignore[arg-type]

    assert whole[0].domain == cut[0].domain == "customer"
    assert (tmp_path / "domains.json").exists()


def test_values_are_known_even_where_pins_cannot_be_kept(policy, tmp_path: Path, capsys) -> None:
    knowledge = _knowledge(policy(DOMAINS), pins=DomainPins(tmp_path / "nowhere" / "domains.json", RING))
    frame = CUSTOMERS.copy()
    knowledge.loaded(frame, "data/customers.csv")

    knowledge.learn()

    assert (
        knowledge.values.find("it was C-00007") and knowledge.classification(frame, view(frame))[0].domain == "customer"
    )  # type: ignore[arg-type]
    said = capsys.readouterr().err
    assert said.startswith("privguard: ") and said.count("\n") == 1


def test_damaged_pins_are_told_before_a_session_begins(tmp_path: Path) -> None:
    (tmp_path / "domains.json").write_text("{")

    with pytest.raises(StateError):
        DomainPins(tmp_path / "domains.json", RING).check()
    DomainPins(tmp_path / "none.json", RING).check()
