"""A model that keeps rows of its training data: blocked where they point at persons, else told, with what to do."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.impute import KNNImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KernelDensity, KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, OneHotEncoder, StandardScaler
from sklearn.svm import SVC

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.errors import InputError

N = 60
_random = np.random.default_rng(20417)
NUMBERS = pd.DataFrame(
    {
        "customer_id": _random.choice(np.arange(100_000, 999_999), N, replace=False),
        "tenure": _random.integers(1, 72, N),
        "usage": _random.normal(50, 9, N).round(2),
    }
)
MEASURES = NUMBERS[["tenure", "usage"]]
PEOPLE = pd.DataFrame({"email": [f"p{n}@corp.example" for n in range(N)], "plan": ["A", "B", "C"] * (N // 3)})
CLASSES = [n % 2 for n in range(N)]
CODES = [f"K{n * 7919 % 90_000 + 10_000}" for n in range(N)]


def _blocked(model: Any, inputs: Any = None) -> set[str]:
    return {one.where for one in pg.review(model, inputs).stored if one.is_blocked}


class Keeper(LogisticRegression):
    """Of somebody's own."""

    def fit(self, table: pd.DataFrame, classes: Any) -> Keeper:
        self.customers_ = {"all": [table]}
        super().fit(np.zeros((N, 1)), classes)
        return self


BLOCKED: dict[str, tuple[Any, str]] = {
    "neighbours": (lambda: KNeighborsClassifier().fit(NUMBERS, CLASSES), "KNeighborsClassifier._fit_X"),
    "neighbours without classes": (lambda: KNeighborsRegressor().fit(NUMBERS, CLASSES), "KNeighborsRegressor._fit_X"),
    "support vectors": (lambda: SVC().fit(NUMBERS, CLASSES), "SVC.support_vectors_"),
    "a process": (lambda: GaussianProcessRegressor().fit(NUMBERS, CLASSES), "GaussianProcessRegressor.X_train_"),
    "an imputer in a pipeline": (
        lambda: make_pipeline(KNNImputer(), LogisticRegression()).fit(NUMBERS, CLASSES),
        "KNNImputer._fit_X",
    ),
    "a search": (
        lambda: GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1]}, cv=2).fit(NUMBERS, CLASSES),
        "KNeighborsClassifier._fit_X",
    ),
    "categories": (
        lambda: make_pipeline(ColumnTransformer([("a", OneHotEncoder(), ["email", "plan"])]), LogisticRegression()).fit(
            PEOPLE, CLASSES
        ),
        "OneHotEncoder.categories_",
    ),
    "words": (lambda: TfidfVectorizer(token_pattern=r"\S+").fit(PEOPLE["email"]), "TfidfVectorizer.vocabulary_"),
    "codes": (lambda: LabelEncoder().fit(CODES), "LabelEncoder.classes_"),
    "a table in a dictionary": (lambda: Keeper().fit(PEOPLE, CLASSES), "Keeper.customers_"),
}


@pytest.mark.parametrize("what", BLOCKED)
@pytest.mark.filterwarnings("ignore")
def test_rows_that_point_at_persons_block_and_say_what_to_do(what: str) -> None:
    make, where = BLOCKED[what]

    found = pg.review(make())

    assert found.blocked
    (one,) = [each for each in found.stored if each.is_blocked]
    assert one.where == where and one.where in repr(found)
    assert "Fit it on" in one.says or "Leave this column out" in one.says
    frame = found.to_frame()
    assert ("block", "fit anew") in set(zip(frame["verdict"], frame["action"], strict=True))
    assert not any(value in repr(found) for value in (*map(str, NUMBERS["customer_id"]), *PEOPLE["email"], *CODES))


def test_rows_of_measures_are_told_and_pass() -> None:
    for table in (MEASURES, MEASURES.to_numpy(), csr_matrix(MEASURES.to_numpy())):
        found = pg.review(KNeighborsClassifier().fit(table, CLASSES))

        assert not found.blocked
        (one,) = found.stored
        assert f"keeps {N} rows × 2 columns of its training data in `KNeighborsClassifier._fit_X`" in one.says
    assert not pg.review(KernelDensity().fit(MEASURES)).blocked


@pytest.mark.parametrize(
    "model",
    [
        RandomForestClassifier(5).fit(NUMBERS, CLASSES),
        make_pipeline(StandardScaler(), LogisticRegression()).fit(NUMBERS, CLASSES),
        OneHotEncoder().fit(PEOPLE[["plan"]]),
        LabelEncoder().fit(PEOPLE["plan"]),
        StandardScaler().fit(MEASURES),
    ],
    ids=lambda model: type(model).__name__,
)
def test_what_keeps_nobodys_row_passes(model: Any) -> None:
    found = pg.review(model)

    assert not found.blocked and not found.stored


def test_near_unique_values_block_whatever_they_are_called() -> None:
    table = MEASURES.assign(a=NUMBERS["customer_id"])

    assert _blocked(KNeighborsClassifier().fit(table, CLASSES)) == {"KNeighborsClassifier._fit_X"}


def test_after_the_cure_it_passes() -> None:
    masked = NUMBERS.drop(columns="customer_id")

    assert not pg.review(KNeighborsClassifier().fit(masked, CLASSES), masked).blocked


def test_compliance_may_have_them() -> None:
    assert not pg.review(KNeighborsClassifier().fit(NUMBERS, CLASSES), tier="compliance").blocked


def test_what_it_says_is_reviewed_too() -> None:
    inputs = NUMBERS
    found = pg.review(KNeighborsClassifier().fit(NUMBERS, CLASSES), inputs)

    assert found.blocked and not any(one.is_blocked for one in found.fields)
    assert found.transform is not None and found.transform(np.array([0, 1])).tolist() == [0, 1]


def test_without_inputs_a_regressor_that_keeps_no_person_is_not_reviewed() -> None:
    with pytest.raises(InputError, match=r"^privguard: without inputs"):
        pg.review(KNeighborsRegressor().fit(MEASURES, CLASSES))


class Circle:
    def __init__(self) -> None:
        self.me = [self, {"me": self}]
        self.deep: Any = 0
        for _ in range(50_000):
            self.deep = [self.deep]

    def fit(self) -> None: ...


def test_a_model_that_holds_itself_at_any_depth_is_no_trouble() -> None:
    assert not pg.review(Circle()).blocked


def test_the_event_tells_what_is_kept_and_no_value() -> None:
    pg.review(KNeighborsClassifier().fit(NUMBERS, CLASSES))

    *_, event = (one for one in runtime.log_reader().events() if one["action"] == "model.review")
    assert event["outcome"] == "refused" and event["blocked"] is True
    assert event["stored"] == [
        {
            "where": "KNeighborsClassifier._fit_X",
            "rows": N,
            "columns": 3,
            "entity": "CUSTOMER_ID",
            "verdict": "block",
        }
    ]
    assert not any(str(value) in json.dumps(event) for value in NUMBERS["customer_id"])
