"""A domain of the policy: one person has one token in every frame, file and text of a deployment."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.cli.main import privguard
from jupyter_privguard.frames.watch import watch
from jupyter_privguard.guard.tables.masked_copies import shortened
from jupyter_privguard.guard.tables.watch import TableWatcher
from tests.unit.guard.conftest import Guarded, opened

IDS = [f"KD-{70_000 + 37 * n}" for n in range(40)]
CUSTOMERS = {
    "customer_id": IDS,
    "full_name": [f"Anneliese Brandt{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(40)],
    "city": ["Pune", "Oslo"] * 20,
}
ORDERS = {"cust": IDS[::-1], "amount": [10.5 + n for n in range(40)], "month": ["jan", "feb"] * 20}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    policy = tmp_path / "p.yaml"
    policy.write_text("version: 1\ndomains: {customer: [customers.customer_id, orders.cust]}\n")
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))
    pd.DataFrame(CUSTOMERS).to_csv(tmp_path / "customers.csv", index=False)
    pd.DataFrame(ORDERS).to_csv(tmp_path / "orders.csv", index=False)
    return tmp_path


@pytest.fixture
def read(folder: Path):
    session = opened()
    end = watch(TableWatcher(session))
    guarded = Guarded(session)
    for name in ("customers", "orders"):
        guarded.space[name] = pd.read_csv(folder / f"{name}.csv")
    session.knowledge.learn()
    yield guarded
    end()
    session.close()


def tokens(folder: Path) -> dict[str, str]:
    """By id the token of the domain that the policy names, as the deployment's key makes it."""
    ring, _ = runtime.keyring(runtime.home())
    named = pg.mask(pd.DataFrame(CUSTOMERS), name="customers")["customer_id"]
    assert ring.key_ids[0] in named[0]
    return dict(zip(IDS, named, strict=True))


def test_in_copies_on_the_screen_and_in_text(read: Guarded, folder: Path) -> None:
    expected = tokens(folder)
    short = dict(zip(expected, shortened(list(expected.values())), strict=True))
    customers, orders = read.space["customers"], read.space["orders"]
    read.set("orders", "cust", "CUSTOMER_ID")

    assert pg.mask(customers)["customer_id"].tolist() == [expected[one] for one in IDS]
    assert pg.mask(orders)["cust"].tolist() == [expected[one] for one in IDS[::-1]]
    for table, column in ((customers, "customer_id"), (orders, "cust")):
        shown = read.session.show(table, None)
        assert shown is not None and shown.native[column].tolist() == [short[one] for one in table[column]]
    assert read.session.clean(f"customer {IDS[3]} called", None) == f"customer {short[IDS[3]]} called"


def test_in_what_was_made_of_them(read: Guarded, folder: Path) -> None:
    expected = tokens(folder)
    read.set("orders", "cust", "CUSTOMER_ID")
    customers, orders = read.space["customers"], read.space["orders"]
    merged = customers.merge(orders, left_on="customer_id", right_on="cust")
    wide = orders.pivot_table(index="month", columns="cust", values="amount", aggfunc="sum")
    notes = pd.DataFrame({"note": [f"{one} called again" for one in IDS]})

    masked = pg.mask(merged)
    assert masked["customer_id"].tolist() == masked["cust"].tolist() == [expected[one] for one in IDS]
    assert pg.mask(merged.rename(columns={"cust": "kunde"}))["kunde"].tolist() == masked["cust"].tolist()
    assert pg.mask(customers.head(3))["customer_id"].tolist() == [expected[one] for one in IDS[:3]]
    assert list(pg.mask(wide).columns) == [expected[one] for one in wide.columns]
    assert pg.mask(customers.set_index("customer_id")).index.tolist() == [expected[one] for one in IDS]
    assert pg.mask(customers.head(2).T).loc["customer_id"].tolist() == [expected[one] for one in IDS[:2]]
    inside = pg.mask(customers, tier="internal")["customer_id"]
    assert pg.mask(notes, tier="internal")["note"].tolist() == [f"{sealed} called again" for sealed in inside]


def test_other_columns_keep_their_own_domain(read: Guarded, folder: Path) -> None:
    expected = tokens(folder)
    other = pd.DataFrame({"customer_id": [f"KD-{10_000 + n}" for n in range(39)] + [IDS[0]]})

    masked = pg.mask(other)["customer_id"]

    assert masked.iloc[39] not in expected.values() and masked.str.startswith("tok:").all()


@pytest.mark.parametrize("saved", [False, True])
def test_on_the_command_line_with_a_word_or_without(folder: Path, saved: bool) -> None:
    session = opened()
    guarded = Guarded(session)
    if saved:
        end = watch(TableWatcher(session))
        guarded.space["orders"] = pd.read_csv(folder / "orders.csv")
        session.knowledge.learn()
        guarded.set("orders", "cust", "CUSTOMER_ID", save=True)
        end()
    session.close()
    expected = tokens(folder)

    for name in ("customers", "orders"):
        done = CliRunner().invoke(
            privguard, ["mask", str(folder / f"{name}.csv"), "-o", str(folder / f"{name}.out.csv")]
        )
        assert done.exit_code == 0, done.output

    customers, orders = (pd.read_csv(folder / f"{name}.out.csv") for name in ("customers", "orders"))
    assert customers["customer_id"].tolist() == [expected[one] for one in IDS]
    if saved:
        assert orders["cust"].tolist() == [expected[one] for one in IDS[::-1]]


def test_a_name_in_the_policy_decides_without_a_session(folder: Path) -> None:
    table = pd.DataFrame({"customer_id": IDS})

    named, nameless, other = pg.mask(table, name="customers"), pg.mask(table), pg.mask(table, name="archive")

    assert named["customer_id"].tolist() == list(tokens(folder).values())
    assert nameless["customer_id"].tolist() == other["customer_id"].tolist() != named["customer_id"].tolist()


def test_in_the_notes_of_the_same_table(folder: Path) -> None:
    policy = folder / "p.yaml"
    policy.write_text("version: 1\ndomains: {people: [customers.email]}\n")
    mails = [f"person.{n}@corp.example" for n in range(30)]
    table = pd.DataFrame({"email": mails, "note": [f"wrote to {mail} twice" for mail in mails]})

    masked = pg.mask(table, name="customers", tier="internal")

    assert masked["note"].tolist() == [f"wrote to {sealed} twice" for sealed in masked["email"]]
