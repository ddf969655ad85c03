"""Columns that a policy names: by whose word, of which tables, and never to show more than it may."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jupyter_privguard.frames import view
from jupyter_privguard.guard.columns.assess import assess
from jupyter_privguard.guard.columns.assessing import Assessing
from jupyter_privguard.guard.columns.datasets import Dataset
from jupyter_privguard.policy.load import load
from jupyter_privguard.policy.rules import Policy

FRAME = pd.DataFrame(
    {
        "email": [f"{name}@corp.example" for name in ("asha", "ravi", "mina", "joao", "lena", "omar")],
        "colour": ["red", "blue", "green", "red", "blue", "red"],
        "diagnosis": ["asthma", "diabetes", "migraine", "asthma", "angina", "asthma"],
    }
)


def policy(tmp_path: Path, *columns: str) -> Policy:
    """What the administrator's file, and another one, say of the columns of customers*."""
    files = []
    for place, said in enumerate(columns):
        files.append(tmp_path / f"{place}.yaml")
        files[-1].write_text(f'version: 1\ndatasets: {{"customers*": {{columns: {{{said}}}}}}}\n')
    return load(files[0], files[1] if len(files) > 1 else None, user_can_write=lambda _: False)


def entities(in_force: Policy, dataset: str = "customers") -> dict[str, str]:
    seen = view(FRAME)
    assert seen is not None
    return {v.column: v.entity for v in assess(seen, policy=in_force, dataset=dataset)}


@pytest.mark.parametrize(
    ("first", "other", "column", "entity"),
    [
        ("email: NONE", "", "email", "NONE"),
        ("", "email: NONE", "email", "EMAIL_ADDRESS"),
        ("", "email: CITY", "email", "EMAIL_ADDRESS"),
        ("", "diagnosis: CUSTOMER_ID", "diagnosis", "DIAGNOSIS"),
        ("", "diagnosis: CREDENTIAL", "diagnosis", "CREDENTIAL"),
        ("", "colour: CUSTOMER_ID", "colour", "CUSTOMER_ID"),
        ("", "colour: AGE", "colour", "AGE"),
        ("colour: NONE", "colour: CUSTOMER_ID", "colour", "CUSTOMER_ID"),
        ("colour: CUSTOMER_ID", "colour: NONE", "colour", "CUSTOMER_ID"),
    ],
)
def test_whose_word_on_a_column_holds(tmp_path: Path, first: str, other: str, column: str, entity: str) -> None:
    assert entities(policy(tmp_path, first, other))[column] == entity
    assert entities(policy(tmp_path, first, other), "orders")[column] == entities(policy(tmp_path, ""))[column]


@pytest.mark.parametrize(("source", "entity"), [("data/customers.csv", "NONE"), (None, "EMAIL_ADDRESS")])
def test_a_glob_never_means_a_variable(tmp_path: Path, source: str | None, entity: str) -> None:
    seen = view(FRAME)
    assert seen is not None
    assessing = Assessing(policy(tmp_path, "email: NONE"), None, lambda *_: False)
    found = assessing.assessed(seen, Dataset(name="customers", source=source))

    assert (found.columns[0].entity, found.dataset) == (entity, "customers")


@pytest.mark.parametrize("dataset", ["customers", "orders", None])
def test_a_glob_that_means_all_means_tables_without_a_name_too(tmp_path: Path, dataset: str | None) -> None:
    (tmp_path / "p.yaml").write_text('version: 1\ndatasets: {"*": {columns: {colour: CUSTOMER_ID}}}\n')
    seen = view(FRAME)
    assert seen is not None
    found = assess(seen, policy=load(tmp_path / "p.yaml", None, user_can_write=lambda _: False), dataset=dataset)

    assert found["colour"].entity == "CUSTOMER_ID"
