"""What blocks an output, what does not, and that what the transform makes of it passes."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.errors import InputError
from jupyter_privguard.reviewing.findings import Review

N = 40
IDS = [f"K{n * 7919 % 90_000 + 10_000}" for n in range(N)]
SCORES = [(n * 97 % 1000) / 1000 + 0.0003 for n in range(N)]
RECORDS = [{"customer_id": one, "p": score} for one, score in zip(IDS, SCORES, strict=True)]


def blocked(found: Review) -> set[str]:
    return {one.field for one in found.fields if one.is_blocked}


FORMS: dict[str, Any] = {
    "a record": RECORDS[0],
    "records": RECORDS,
    "a tuple of records": tuple(RECORDS),
    "columns": {"customer_id": IDS, "p": SCORES},
    "split": {"columns": ["customer_id", "p"], "data": [list(row.values()) for row in RECORDS]},
    "dataframe_split": {
        "dataframe_split": {"columns": ["customer_id", "p"], "data": [list(row.values()) for row in RECORDS]}
    },
    "dataframe_records": {"dataframe_records": RECORDS},
    "predictions": {"predictions": RECORDS, "model": "churn"},
    "fields and values": {
        "predictions": [{"fields": ["customer_id", "p"], "values": [[*row.values()] for row in RECORDS]}]
    },
    "probabilities in lists": [{"customer_id": one, "p": [q, 1 - q]} for one, q in zip(IDS, SCORES, strict=True)],
    "nested": [{"customer": {"customer_id": one}, "p": 0.1234} for one in IDS],
    "lists of records": [{"p": 0.5, "next": [{"customer_id": one, "far": 0.12345}]} for one in IDS],
    "keyed by ids": dict(zip(IDS, SCORES, strict=True)),
    "beside the rows": {"customer_id": IDS[0], "predictions": [0.1234]},
    "rows without names": [[one, score] for one, score in zip(IDS, SCORES, strict=True)],
    "JSON": json.dumps(RECORDS),
    "bytes": json.dumps(RECORDS[0]).encode(),
    "pandas": pd.DataFrame(RECORDS),
    "pandas, ids in the index": pd.DataFrame({"p": SCORES}, index=pd.Index(IDS, name="customer_id")),
    "pandas, ids in a nameless index": pd.Series(SCORES, index=IDS, name="p"),
    "pandas, two columns of a name": pd.DataFrame([[*row.values()] for row in RECORDS], columns=["x", "x"]),
    "polars": pl.DataFrame(RECORDS),
    "arrow": pa.Table.from_pylist(RECORDS),
    "nulls": [*RECORDS, {"customer_id": None, "p": None}],
    "a field missing": [*RECORDS, {"p": 0.4}],
}


@pytest.mark.parametrize("form", FORMS)
def test_what_the_transform_makes_passes_in_the_same_form_without_an_id(form: str) -> None:
    output = FORMS[form]
    before = copy.deepcopy(output)

    found = pg.review(output)

    assert found.blocked
    assert found.transform is not None
    made = found.transform(output)
    assert type(made) is type(output)
    assert not any(one in _text(made) for one in IDS)
    assert not pg.review(made).blocked
    assert _text(output) == _text(before)
    assert _shape(made) == _shape(output)
    assert "0.0003" not in _text(made)


def _text(output: Any) -> str:
    if isinstance(output, (pd.DataFrame, pd.Series)):
        return str(output.to_csv())
    if isinstance(output, pl.DataFrame):
        return output.write_csv()
    return str(output.to_pylist()) if isinstance(output, pa.Table) else str(output)


def _shape(output: Any) -> Any:
    """Everything but the values: keys, order, lengths, nulls; keys that are ids count only."""
    if isinstance(output, (bytes, str)) and output[:1] in ("[", "{", b"[", b"{"):
        return _shape(json.loads(output))
    if isinstance(output, dict):
        keys = (
            list(output)
            if not set(output) & set(IDS) and not any("tok:" in str(key) for key in output)
            else len(output)
        )
        return keys, [_shape(value) for value in output.values()]
    if isinstance(output, (list, tuple)):
        return [_shape(value) for value in output]
    if isinstance(output, (pd.DataFrame, pl.DataFrame, pa.Table)):
        return output.shape
    return output is None


PASSES: dict[str, Any] = {
    "a score": 0.71234,
    "a class": 1,
    "a word": "churn",
    "classes": ["churn", "stay", "churn"],
    "probabilities of classes": {"0": 0.8731, "1": 0.1269},
    "probabilities by day": {"2026-01-03": 0.8731, "2026-01-04": 0.2134},
    "an array": np.array([[q, 1 - q] for q in SCORES]),
    "nothing": [],
    "an empty record": {},
    "an empty table": pd.DataFrame({"customer_id": [], "p": []}),
    "one row": pd.DataFrame({"p": [0.12345]}),
    "no numbers": [math.nan, math.inf, -math.inf, 0.12345, None],
    "numbers of rows": pd.DataFrame({"id": range(N), "p": SCORES}),
    "numbers of clusters": [{"cluster_id": n % 4, "p": 0.5} for n in range(N)],
    "products": [{"product_id": f"SKU-{n % 3}", "p": 0.5} for n in range(N)],
    "an id of the answer": {"prediction_id": "7d444840-9dc0-41d2-a245-5ffdce74fad2", "p": 0.5},
    "amounts": [{"prediction": 1000.5 + n * 37} for n in range(N)],
    "counts": [{"expected_orders": n * 7 % 90} for n in range(N)],
    "a reason": [{"label": "high", "why": "low tenure"}] * N,
    "scalars of numpy": {"score": np.float32(0.12345), "label": np.int64(1)},
}


@pytest.mark.parametrize("what", PASSES)
def test_what_points_at_nobody_passes(what: str) -> None:
    found = pg.review(PASSES[what])

    assert not found.blocked, found
    assert found.transform is not None
    found.transform(PASSES[what])


@pytest.mark.parametrize(
    ("output", "field"),
    [
        ({"id": 482913, "score": 0.77}, "id"),
        ({"cust_no": "4711-22", "score": 0.7}, "cust_no"),
        ({"uid": "x9", "score": 0.7}, "uid"),
        ([{"who": one, "p": 0.5} for one in IDS], "who"),
        ([{"n": int(one[1:]), "p": 0.5} for one in IDS], "n"),
        ({"subject": "9b74c9897bac770ffc029102a200c5de", "p": 0.1}, "subject"),
        ({"given": "K48291", "p": 0.1}, "given"),
        ([{"prediction": 1, "neighbours": [3, 17, 22]}], "neighbours"),
        ([{"embedding": [math.sin(n * k) for k in range(16)]} for n in range(N)], "embedding"),
        (
            [{"answer": f"Mrs Keller of house {n} has complained about her invoice twice this year"} for n in range(N)],
            "answer",
        ),
        ({"p": 0.1, "shap": [{"feature": "income", "value": 48_200, "impact": 0.1}]}, "shap.income"),
        ({"p": 0.1, "features": {"date_of_birth": "1974-03-02"}}, "features.date_of_birth"),
        ({"p": 0.1, "email": "m.keller@example.org"}, "email"),
        ({"entity": {"name": "Maria Keller"}, "score": 0.9123}, "entity.name"),
    ],
)
def test_what_points_at_somebody_is_blocked_and_made_to_pass(output: Any, field: str) -> None:
    found = pg.review(output)

    assert blocked(found) == {field}
    assert found.transform is not None
    assert not pg.review(found.transform(output)).blocked


def test_quasi_identifiers_are_blocked_as_a_set() -> None:
    rows = [
        {
            "gender": "FM"[n % 2],
            "city": ["Pune", "Graz", "Lyon", "Oslo"][n % 4],
            "nationality": ["Indian", "French", "Austrian"][n % 3],
            "p": 0.5,
        }
        for n in range(N)
    ]

    found = pg.review(rows)

    assert blocked(found) == {"gender", "city", "nationality"}
    assert found.transform is not None and not pg.review(found.transform(rows)).blocked
    assert not pg.review([row | {"city": "Pune", "nationality": "Indian"} for row in rows]).blocked


@pytest.mark.parametrize(
    "output",
    [
        pd.DataFrame({"x": IDS[::-1], "p": SCORES}),
        [{"x": one.lower(), "p": 0.5} for one in IDS],
        [{"x": int(one[1:]), "p": 0.5} for one in IDS],
        {"x": IDS[3], "p": 0.5},
        {"x": f"because {IDS[3]} asked", "p": 0.5},
        [{"p": 0.5, "x": IDS[n : n + 2]} for n in range(3)],
    ],
)
def test_an_input_that_is_repeated_is_found_by_any_name_order_and_spelling(output: Any) -> None:
    inputs = pd.DataFrame({"customer_id": IDS, "tenure": range(N)})
    if isinstance(output, list) and isinstance(output[0]["x"], int):
        inputs["customer_id"] = [float(one[1:]) for one in IDS]

    found = pg.review(output, inputs)

    assert blocked(found) == {"x"}
    assert found.transform is not None and not pg.review(found.transform(output), inputs).blocked


def test_classes_that_an_input_has_too_are_no_echo() -> None:
    inputs = pd.DataFrame({"customer_id": IDS, "diagnosis": ["flu", "cold"] * (N // 2), "plan": ["A", "B"] * (N // 2)})

    assert not pg.review([{"plan": "A", "p": 0.5}, {"plan": "B", "p": 0.25}], inputs).blocked


class Model:
    """Like an estimator of scikit-learn."""

    classes_ = np.array(["stay", "churn"])

    def predict(self, inputs: Any) -> Any:
        return np.array([1] * len(inputs))

    def predict_proba(self, inputs: Any) -> Any:
        return np.array([[0.1234, 0.8766]] * len(inputs))


class Echoing(Model):
    """Hands back its inputs."""

    def predict(self, inputs: Any) -> Any:
        return inputs.assign(score=0.12345)


class Raising(Model):
    """Quotes what it was given."""

    def predict(self, inputs: Any) -> Any:
        raise ValueError(f"cannot use {IDS[0]}")


def test_a_model_is_judged_by_what_it_says_and_its_own_answers_are_masked() -> None:
    inputs = pd.DataFrame({"customer_id": IDS, "tenure": range(N)})

    plain, echo = pg.review(Model(), inputs), pg.review(Echoing(), inputs)

    assert not plain.blocked
    assert plain.transform is not None and echo.transform is not None
    assert plain.transform(Model().predict_proba(inputs))[0].tolist() == [0.12, 0.88]
    assert plain.transform(Model().predict(inputs)).tolist() == [1] * N
    assert blocked(echo) == {"customer_id"}
    made = echo.transform(Echoing().predict(inputs))
    assert list(made.columns) == ["customer_id", "tenure", "score"]
    assert not set(IDS) & set(made["customer_id"])


def test_without_inputs_a_model_is_judged_by_its_classes_and_what_it_keeps() -> None:
    assert not pg.review(Model()).blocked
    names = SimpleNamespace(classes_=np.array(IDS), predict=Model().predict)
    assert pg.review(names).blocked
    keeps = Model()
    keeps._fit_X = np.zeros((7, 2))  # type: ignore[attr-defined]
    assert "7 rows" in pg.review(keeps).stored[0].says
    with pytest.raises(InputError, match=r"^privguard: "):
        pg.review(SimpleNamespace(predict=Model().predict))


def test_a_model_that_raises_is_one_sentence_without_its_words() -> None:
    with pytest.raises(InputError, match=r"^privguard: the model's `predict` raised ValueError") as caught:
        pg.review(Raising(), pd.DataFrame({"customer_id": IDS}))

    assert IDS[0] not in str(caught.value)
    assert caught.value.__cause__ is None


def test_signatures_are_judged_by_their_names() -> None:
    outputs = SimpleNamespace(input_names=lambda: ["customer_id", "score"])
    signature = SimpleNamespace(inputs=outputs, outputs=outputs, to_dict=dict)

    assert blocked(pg.review(signature)) == {"customer_id"}
    written = {"inputs": '[{"type": "string", "name": "x"}]', "outputs": '[{"type": "double", "name": "score"}]'}
    assert not pg.review(written).blocked


@pytest.mark.parametrize(
    "setting",
    [
        {"output_masking": True},
        {"OUTPUT_MASKING": {"fields": ["customer_id"]}},
        {"audit_logging": "enabled"},
        {"post_processing": "mask.py"},
        {"postProcessingScript": "mask.py"},
        {"set_activity_tracker": "crn:v1"},
    ],
)
def test_settings_that_no_deployment_has_are_blocked_wherever_they_stand(setting: dict[str, Any]) -> None:
    whole = {
        "metadata": {"name": "churn", "space_id": "s"},
        "entity": {"asset": {"id": "a"}, "online": {}, "custom": setting},
    }
    for one in (whole, [whole], {"name": "churn", "online": {}, **setting}, json.dumps(whole), setting):
        found = pg.review(one)
        assert found.blocked
        assert next(iter(setting)) in found.settings[0].path
        assert list(found.to_frame().columns) == ["field", "entity", "class", "verdict", "action", "reasons"]


@pytest.mark.parametrize(
    "metadata",
    [
        {
            "metadata": {"name": "churn", "space_id": "s"},
            "entity": {"asset": {"id": "a"}, "online": {"parameters": {}}},
        },
        {"deployment_id": "d", "asset_id": "a", "hardware_spec": {"name": "S"}, "tags": ["churn"]},
    ],
)
def test_a_deployment_without_such_settings_passes(metadata: dict[str, Any]) -> None:
    assert not pg.review(metadata).blocked


def _deep(make: Callable[[Any], Any]) -> Any:
    value: Any = 1
    for _ in range(100_000):
        value = make(value)
    return value


@pytest.mark.parametrize(
    "output",
    [
        _deep(lambda value: {"a": value}),
        _deep(lambda value: [value]),
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        "{broken",
        b"\xff\xfe",
        object(),
        {"columns": ["a", "b"], "data": [[1]]},
        {"columns": ["a", "a"], "data": [[1, 2]]},
        lambda: None,
    ],
    ids=range(10),
)
def test_what_cannot_be_judged_is_one_sentence(output: Any) -> None:
    with pytest.raises(InputError, match=r"^privguard: [^\n]*[.]$"):
        pg.review(output)


def test_a_field_that_was_not_reviewed_does_not_pass() -> None:
    found = pg.review([{"p": 0.1234}])

    assert found.transform is not None
    with pytest.raises(InputError, match=r"^privguard: the output has a field"):
        found.transform([{"p": 0.1234, "full_name": "Maria Keller"}])


def test_texts_that_passed_are_searched_in_each_output() -> None:
    found = pg.review([{"label": "high"}] * N)

    assert found.transform is not None
    assert "keller" not in str(found.transform([{"label": "ask m.keller@example.org"}]))


def test_masking_twice_is_masking_once() -> None:
    found = pg.review(RECORDS)

    assert found.transform is not None
    once = found.transform(RECORDS)
    assert found.transform(once) == once
    assert [row["customer_id"] for row in once] == [found.transform([row])[0]["customer_id"] for row in RECORDS]


def test_internal_is_reversible_and_exact_and_compliance_clear() -> None:
    internal, compliance = (pg.review(RECORDS, tier=tier).transform for tier in ("internal", "compliance"))

    assert internal is not None and compliance is not None
    made = internal(RECORDS)
    assert [row["p"] for row in made] == SCORES
    assert all(row["customer_id"].startswith("enc:siv256:") for row in made)
    assert compliance(RECORDS) == RECORDS


def test_the_event_says_what_was_found_and_no_value() -> None:
    pg.review([{**row, "K19191": 1} for row in RECORDS], name="churn of K48291")

    (event,) = [one for one in runtime.log_reader().events() if one["action"] == "model.review"]
    assert event["blocked"] is True and event["outcome"] == "refused"
    assert not any(one in json.dumps(event) for one in IDS)
    assert datetime.fromisoformat(event["time"]).tzinfo is not None
