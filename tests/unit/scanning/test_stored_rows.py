"""Rows of training data in saved models: found by class and attribute, in every form; and none where none are."""

from __future__ import annotations

import io
import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.cluster import DBSCAN, AffinityPropagation, KMeans
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, IsolationForest, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import (
    KernelDensity,
    KNeighborsClassifier,
    KNeighborsRegressor,
    LocalOutlierFactor,
    NearestNeighbors,
)
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    LabelEncoder,
    OneHotEncoder,
    OrdinalEncoder,
    QuantileTransformer,
    StandardScaler,
    TargetEncoder,
)
from sklearn.svm import SVC, LinearSVC, NuSVR, OneClassSVM
from sklearn.tree import DecisionTreeClassifier

from jupyter_privguard.scanning.findings import TRAINING_CODES, TRAINING_ROWS, Finding
from tests.unit.scanning.made_files import MAIL
from tests.unit.scanning.made_models import (
    CLASSES,
    IDS,
    MAILS,
    MEASURES,
    NUMBERS,
    PACKED,
    PEOPLE,
    N,
    by_joblib,
    neighbours,
)

Look = Callable[..., list[Finding]]


def _told(found: list[Finding]) -> set[tuple[str, str, str]]:
    return {(one.place.part, one.place.column, one.entity) for one in found}


@pytest.mark.parametrize("form", PACKED)
def test_neighbours_keep_their_rows_in_every_form(form: str, found: Look) -> None:
    problems: list[str] = []

    findings = found("model.joblib", PACKED[form](neighbours()), problems)

    assert _told(findings) == {("KNeighborsClassifier._fit_X", "customer_id", "CUSTOMER_ID")}
    assert f"{N} values such as [redacted, 6 characters], in {N} rows × 3 columns" == findings[0].excerpt
    assert not problems


KEEPING: dict[str, tuple[Any, str]] = {
    "neighbours": (KNeighborsRegressor(), "KNeighborsRegressor._fit_X"),
    "a search for neighbours": (NearestNeighbors(algorithm="ball_tree"), "NearestNeighbors._fit_X"),
    "support vectors": (SVC(), "SVC.support_vectors_"),
    "a regression by support vectors": (NuSVR(), "NuSVR.support_vectors_"),
    "one class": (OneClassSVM(), "OneClassSVM.support_vectors_"),
    "a Gaussian process": (GaussianProcessRegressor(), "GaussianProcessRegressor.X_train_"),
    "outliers": (LocalOutlierFactor(), "LocalOutlierFactor._fit_X"),
    "a density": (KernelDensity(), "KDTree.data"),
    "an imputer": (KNNImputer(), "KNNImputer._fit_X"),
    "core samples": (DBSCAN(eps=30), "DBSCAN.components_"),
    "examples": (AffinityPropagation(damping=0.9), "AffinityPropagation.cluster_centers_"),
    "quantiles": (QuantileTransformer(n_quantiles=10), "QuantileTransformer.quantiles_"),
    "a pipeline": (make_pipeline(StandardScaler(), KNeighborsClassifier()), "KNeighborsClassifier._fit_X"),
    "a search": (
        GridSearchCV(make_pipeline(StandardScaler(), SVC()), {"svc__C": [1]}, cv=2),
        "SVC.support_vectors_",
    ),
    "a union in a transformer in a pipeline": (
        make_pipeline(
            ColumnTransformer([("a", FeatureUnion([("b", make_pipeline(KNNImputer()))]), [0, 1])]), LinearRegression()
        ),
        "KNNImputer._fit_X",
    ),
}


@pytest.mark.parametrize("what", KEEPING)
@pytest.mark.parametrize("pack", [pickle.dumps, by_joblib])
def test_numbers_that_say_nothing_are_rows_that_are_kept(what: str, pack: Callable[[Any], bytes], found: Look) -> None:
    model, where = KEEPING[what]

    findings = found("m.pkl", pack(model.fit(MEASURES, CLASSES)))

    assert where in {one.place.part for one in findings}
    assert {one.entity for one in findings} == {TRAINING_ROWS}
    assert {one.severity for one in findings} == {"note"}
    assert all("2 columns of its training data" in one.excerpt for one in findings)


KEEPING_NONE = [
    RandomForestClassifier(9),
    IsolationForest(n_estimators=9),
    GradientBoostingClassifier(n_estimators=3),
    DecisionTreeClassifier(),
    LogisticRegression(),
    LinearSVC(),
    MLPClassifier(max_iter=5),
    KMeans(2, n_init=1),
    SimpleImputer(),
    StandardScaler(),
    TargetEncoder(cv=2),
]


@pytest.mark.parametrize("model", KEEPING_NONE, ids=lambda model: type(model).__name__)
@pytest.mark.filterwarnings("ignore")
def test_what_keeps_nobodys_row_is_no_finding(model: Any, found: Look) -> None:
    problems: list[str] = []

    assert found("m.pkl", pickle.dumps(model.fit(MEASURES.astype(float), CLASSES)), problems) == []
    assert not problems


def test_each_row_is_told_once_though_a_tree_has_it_too(found: Look) -> None:
    model = KNeighborsClassifier(algorithm="kd_tree").fit(MEASURES, CLASSES)

    assert len(found("m.joblib", by_joblib(model))) == 1


def test_all_of_very_many_rows_are_judged(found: Look) -> None:
    ids = [f"K{n:06}" for n in range(21_000)]
    notes = [f"parcel {n} was sent" for n in range(21_000)]
    notes[20_500] = "paid by 4111 1111 1111 1111"
    table = pd.DataFrame({"customer_id": ids, "note": notes})

    one, other = found("m.pkl", pickle.dumps(Keeper(table)))

    assert one.excerpt == "21,000 values such as [redacted, 7 characters], in 21,000 rows × 2 columns"
    assert (other.entity, other.place.column, other.count) == ("CREDIT_CARD", "note", 1)


def test_of_more_values_than_are_judged_it_is_said(found: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_privguard.frames.stored.kept.MOST_CELLS", 2_000)
    problems: list[str] = []
    mails = pd.DataFrame({"n": np.arange(1_500), "note": [f"p{n}@corp.example" for n in range(1_500)]})

    told = {one.excerpt for one in found("m.pkl", pickle.dumps(Keeper(mails)), problems)}

    assert "500 values such as [redacted, 15 characters], in the first 500 of 1,500 rows × 2 columns" in told
    assert problems == ["it keeps more than the 3,000,000 values and 400 tables that are judged of one file"]


def test_sparse_rows_are_counted(found: Look) -> None:
    for protocol in range(6):
        model = KNeighborsClassifier().fit(csr_matrix(np.eye(30)), np.arange(30) % 2)
        (one,) = found("m.pkl", pickle.dumps(model, protocol))
        assert one.excerpt == "keeps 30 rows × 30 columns of its training data"


@pytest.mark.filterwarnings("ignore")
def test_categories_and_words_that_are_persons(found: Look) -> None:
    encoders = ColumnTransformer([("a", OneHotEncoder(), ["customer_id", "city"]), ("b", OrdinalEncoder(), ["email"])])
    model = make_pipeline(encoders, LinearSVC()).fit(PEOPLE, CLASSES)

    assert _told(found("m.pkl", pickle.dumps(model))) == {
        ("OneHotEncoder.categories_", "customer_id", "CUSTOMER_ID"),
        ("OrdinalEncoder.categories_", "email", "EMAIL_ADDRESS"),
    }
    assert _told(found("m.pkl", by_joblib(LabelEncoder().fit(MAILS)))) == {
        ("LabelEncoder.classes_", "classes", "EMAIL_ADDRESS")
    }
    words = TfidfVectorizer(token_pattern=r"\S+").fit(MAILS)
    assert _told(found("m.pkl", pickle.dumps(words))) == {
        ("TfidfVectorizer.vocabulary_", "vocabulary", "EMAIL_ADDRESS")
    }


def test_codes_without_a_name_are_codes(found: Look) -> None:
    (one,) = found("m.pkl", pickle.dumps(LabelEncoder().fit(IDS)))

    assert (one.entity, one.severity, one.excerpt) == (
        TRAINING_CODES,
        "warning",
        f"keeps {N} codes, in {N} rows × 1 column",
    )


@pytest.mark.parametrize(
    "values", [["low", "high", "mid"], [f"20{n:02}-01-01" for n in range(30)], [f"class {n}" for n in range(30)]]
)
def test_classes_are_no_codes(values: list[str], found: Look) -> None:
    assert found("m.pkl", pickle.dumps(LabelEncoder().fit(values))) == []


class Keeper:
    """As people write them: with the whole table in an attribute."""

    def __init__(self, table: Any) -> None:
        self.table_of_customers = table


TABLES: dict[str, Any] = {
    "a table": PEOPLE,
    "its texts as objects": PEOPLE.astype(object),
    "as categories": PEOPLE.astype("category"),
    "as texts of Python": PEOPLE.astype("string[python]"),
    "ids in the index": PEOPLE.set_index("email"),
    "records": PEOPLE.to_dict("records"),
    "columns": PEOPLE.to_dict("list"),
    "columns of arrays": {name: PEOPLE[name].to_numpy(dtype=str) for name in PEOPLE},
    "fields of an array": PEOPLE.astype(dict.fromkeys(PEOPLE, "S30")).to_records(index=False),
}


@pytest.mark.parametrize("form", TABLES)
@pytest.mark.parametrize("protocol", range(6))
def test_tables_within_anything_are_judged_by_column(form: str, protocol: int, found: Look) -> None:
    for held in (TABLES[form], Keeper(TABLES[form])):
        findings = found("m.pkl", pickle.dumps(held, protocol))
        assert ("email", "EMAIL_ADDRESS") in {(one.place.column, one.entity) for one in findings}
        assert ("customer_id", "CUSTOMER_ID") in {(one.place.column, one.entity) for one in findings}
        assert not any(mail in str(findings) for mail in (*MAILS, *IDS))


def test_dates_numbers_and_gaps_do_not_shift_columns(found: Look) -> None:
    table = pd.DataFrame(
        {
            "n": pd.array([1, None] * (N // 2), dtype="Int64"),
            "when": pd.date_range("2024-01-01", periods=N),
            "email": [*MAILS[:-1], None],
            "x": np.linspace(0, 1, N),
            "customer_id": IDS,
        }
    )

    assert {(one.place.column, one.entity) for one in found("m.pkl", pickle.dumps(table))} == {
        ("email", "EMAIL_ADDRESS"),
        ("customer_id", "CUSTOMER_ID"),
    }


def test_names_of_attributes_are_told_and_keys_are_not(found: Look) -> None:
    keyed = Keeper({"Asha Patel": NUMBERS, "x": [MAIL, MAIL]})

    findings = found("m.pkl", pickle.dumps(keyed))

    assert {one.place.part for one in findings} == {"Keeper.table_of_customers", "texts in it"}
    assert "Asha" not in str(findings)


class Runs:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("executed",)


@pytest.mark.parametrize("form", PACKED)
def test_nothing_is_executed(form: str, found: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    findings = found("m.pkl", PACKED[form]([Runs(), neighbours(), np.array([Runs(), MAIL], dtype=object)]))

    assert {"CUSTOMER_ID", "EMAIL_ADDRESS"} == {one.entity for one in findings}
    assert list(tmp_path.iterdir()) == []


def test_arrays_outside_of_the_file_are_a_sentence(found: Look) -> None:
    problems: list[str] = []

    found("m.pkl", pickle.dumps(neighbours(), 5, buffer_callback=lambda buffer: None), problems)

    assert problems == ["it keeps arrays outside of the file, in buffers that cannot be looked at"]


def test_several_models_in_one_file(found: Look) -> None:
    data = pickle.dumps([1]) + pickle.dumps(neighbours()) + pickle.dumps(LabelEncoder().fit(MAILS))

    assert {one.entity for one in found("m.pkl", data)} == {"CUSTOMER_ID", "EMAIL_ADDRESS"}


def test_a_folder_of_mlflow(found: Look, judge: Any, tmp_path: Path) -> None:
    from jupyter_privguard.scanning.scanner import scan
    from jupyter_privguard.scanning.walking import files_under

    (tmp_path / "MLmodel").write_text("flavors:\n  sklearn:\n    pickled_model: model.pkl\n")
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(neighbours()))
    files = list(files_under((str(tmp_path),), everything=False, problem=lambda path, reason: None))

    scanned = scan(files, judge, fix=False, jobs=1, done=lambda share: None)

    assert [one.entity for file in scanned for one in file.findings] == ["CUSTOMER_ID"]


def test_arrays_of_numpy(found: Look) -> None:
    for array in (np.array(MAILS), np.array(MAILS, dtype=object), np.array(MAILS, dtype="S40")):
        out = io.BytesIO()
        np.save(out, array, allow_pickle=True)
        assert [one.entity for one in found("a.npy", out.getvalue())] == ["EMAIL_ADDRESS"]


@pytest.fixture(scope="module")
def onnx_of() -> Callable[..., bytes]:
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import StringTensorType

    def make(model: Any, *, texts: bool = False) -> bytes:
        if texts:
            made = to_onnx(model, initial_types=[("x", StringTensorType([None, 1]))])
        else:
            made = to_onnx(model, MEASURES[:1].astype("f4"))
        return bytes(made.SerializeToString())

    return make


@pytest.mark.parametrize(
    ("model", "where", "rows"),
    [
        (KNeighborsClassifier(3), "Scan.Sc_Scancst", N),
        (GaussianProcessRegressor(), "Scan.kgpd_Shapecst", N),
        (LocalOutlierFactor(novelty=True), "Scan.Sc_Scancst", N),
        (SVC(), "SVMClassifier.support_vectors", None),
        (NuSVR(), "SVMRegressor.support_vectors", None),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_rows_in_onnx_without_its_library(
    model: Any,
    where: str,
    rows: int | None,
    onnx_of: Callable[..., bytes],
    found: Look,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = onnx_of(model.fit(MEASURES.astype("f4"), CLASSES))
    monkeypatch.setitem(sys.modules, "onnx", None)

    (one,) = found("m.onnx", data)

    assert (one.place.part, one.entity) == (where, TRAINING_ROWS)
    assert f"{rows or len(model.support_vectors_)} rows × 2 columns" in one.excerpt


@pytest.mark.filterwarnings("ignore")
def test_constants_of_onnx_that_are_nobodys_row(onnx_of: Callable[..., bytes], found: Look) -> None:
    for model in (KMeans(3, n_init=1), MLPClassifier(max_iter=5), RandomForestClassifier(3), LogisticRegression()):
        assert found("m.onnx", onnx_of(model.fit(MEASURES.astype("f4"), CLASSES))) == []


@pytest.mark.filterwarnings("ignore")
def test_categories_texts_and_metadata_of_onnx(onnx_of: Callable[..., bytes], found: Look) -> None:
    import onnx

    data = onnx_of(OneHotEncoder().fit(np.array(MAILS).reshape(-1, 1)), texts=True)
    assert [(one.place.part, one.entity) for one in found("m.onnx", data)] == [
        ("OneHotEncoder.cats_strings", "EMAIL_ADDRESS")
    ]

    model = onnx.load_from_string(onnx_of(LinearRegression().fit(MEASURES, CLASSES)))
    assert found("m.onnx", model.SerializeToString()) == []
    model.metadata_props.add(key="owner", value=MAIL)
    model.graph.doc_string = f"made by {MAIL}"
    assert {one.entity for one in found("m.onnx", model.SerializeToString())} == {"EMAIL_ADDRESS"}
