"""What is kept of the results of a long session."""

from __future__ import annotations

import pandas as pd

from jupyter_privguard.frames import view
from jupyter_privguard.guard.columns.assess import Classification
from jupyter_privguard.guard.columns.datasets import Dataset, Datasets
from jupyter_privguard.model import ColumnVerdict, DataClass


def _verdict(mask: str) -> ColumnVerdict:
    action = dict.fromkeys(("public", "internal", "compliance"), mask)
    return ColumnVerdict("".join(["em", "ail"]), "EMAIL_ADDRESS", DataClass.PII, 0.9, ("form",), action)


def _folded(datasets: Datasets, mask: str) -> Dataset:
    table = pd.DataFrame({"email": ["a@b.example"]})
    facts = datasets.of(table)
    facts.classification = Classification((_verdict(mask),), dataset="people", labels=("email",))
    before = facts.classification
    datasets.fold(facts)
    assert facts.classification == before
    return facts


def test_tables_that_are_folded_share_verdicts_that_say_the_same_and_no_others() -> None:
    datasets = Datasets()
    first, second, other = (_folded(datasets, mask) for mask in ("token", "token", "redact"))
    verdicts = [one.classification.columns[0] for one in (first, second, other) if one.classification is not None]

    assert verdicts[0] is verdicts[1]
    assert [one.action["public"] for one in verdicts] == ["token", "token", "redact"]


def test_the_labels_of_all_tables_are_the_same_texts() -> None:
    views = [view(pd.DataFrame({"".join(["full_", "name"]): ["x"]})) for _ in range(2)]
    labels = [one.labels[0] for one in views if one is not None]

    assert labels[0] == "full_name"
    assert labels[0] is labels[1]
