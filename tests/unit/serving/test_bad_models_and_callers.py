"""Models that raise or say what nobody expects, callers whom nobody knows: one sentence, nothing in clear, an event."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from tests.unit.serving.serving_client import Churn, asked, people, predictions, request_of

GIVEN = people(3, start=500)
SECRET = [*GIVEN["customer_id"], *map(str, GIVEN["income"])]
NAN, INFINITE = float("nan"), float("inf")


class Turned(Churn):
    """Behaves while it is reviewed, and says something else afterwards."""

    def __init__(self, other: Callable[[Any], Any]) -> None:
        self._other = other

    def predict(self, inputs: Any) -> Any:
        return super().predict(inputs) if len(inputs) > 10 else self._other(inputs)


def _raises(error: Callable[[str], BaseException]) -> Callable[[Any], Any]:
    def other(inputs: Any) -> Any:
        raise error(f"no score for {inputs['customer_id'][0]}")

    return other


def _nested(inputs: Any) -> Any:
    found: Any = list(inputs["customer_id"])
    for _ in range(200):
        found = [found]
    return found


def _ring(inputs: Any) -> Any:
    found: dict[str, Any] = {"customer_id": list(inputs["customer_id"])}
    found["self"] = found
    return found


@pytest.mark.parametrize(
    "other",
    [
        _raises(ValueError),
        _raises(KeyError),
        _raises(MemoryError),
        _raises(RecursionError),
        _raises(NotImplementedError),
        _nested,
        _ring,
        lambda inputs: None,
        lambda inputs: object(),
        lambda inputs: {"customer_id": {one: {"more": [1]} for one in inputs["customer_id"]}},
        lambda inputs: "; ".join(inputs["customer_id"]),
        lambda inputs: json.dumps({"note": list(inputs["customer_id"])}),
        lambda inputs: (one for one in inputs["customer_id"]),
        lambda inputs: inputs,
        lambda inputs: Churn().predict(inputs).assign(full_name="Maria Keller"),
        lambda inputs: Churn().predict(inputs).rename(columns={"segment": inputs["customer_id"][0]}),
        lambda inputs: [Churn().predict(inputs)],
    ],
)
def test_what_was_not_reviewed_is_not_shown(other: Callable[[Any], Any]) -> None:
    app = pg.prediction_app(Turned(other), review_on=people(60))

    got = asked(app, request_of(GIVEN), key=runtime.issue_serving_key("ana"))

    assert got.status in (422, 500), got.text
    assert got.body["message"].startswith("privguard: ") and "Traceback" not in got.text
    assert not any(secret in got.text for secret in [*SECRET, "Keller"])
    assert [one["outcome"] for one in predictions()] == ["error"]
    assert not any(secret in json.dumps(predictions()) for secret in SECRET)
    app._model.close()


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([NAN, INFINITE, -INFINITE], [None, None, None]),
        ([0.12345, 2.0, -1.0], [0.12, 2.0, -1.0]),
        ([1e300, 5e-324, 0.999], [1e300, 0.0, 1.0]),
        ([None, 0.5, pd.NA], [None, 0.5, None]),
    ],
)
def test_probabilities_that_are_none_are_null(scores: list[Any], expected: list[Any]) -> None:
    class Odd(Churn):
        def predict(self, inputs: Any) -> Any:
            found = super().predict(inputs)[["churn_probability"]].astype(object)
            return found if len(found) > 10 else found.assign(churn_probability=scores)

    app = pg.prediction_app(Odd(), review_on=people(60))

    got = asked(app, request_of(GIVEN), key=runtime.issue_serving_key("ana"))

    assert [row["churn_probability"] for row in got.body["predictions"]] == expected
    assert len(predictions()) == 3
    app._model.close()


def test_an_output_of_many_rows_for_one_person_is_masked_as_any_other() -> None:
    class Many(Churn):
        def predict(self, inputs: Any) -> Any:
            return (
                pd.concat([super().predict(inputs)] * 2000, ignore_index=True)
                if len(inputs) < 10
                else (super().predict(inputs))
            )

    app = pg.prediction_app(Many(), review_on=people(60))

    got = asked(app, request_of(GIVEN), key=runtime.issue_serving_key("ana"))

    assert len(got.body["predictions"]) == 6000
    assert not any(one in got.text for one in GIVEN["customer_id"])
    app._model.close()


def test_whoever_has_no_key_gets_what_is_public_where_that_is_allowed_and_nothing_more() -> None:
    app = pg.prediction_app(Churn(), review_on=people(60), anonymous=True)

    got = asked(app, request_of(GIVEN))

    assert got.status == 200
    assert not any(secret in got.text for secret in SECRET)
    assert {one["principal"]["id"] for one in predictions()} == {"anonymous"}
    for headers in (
        {"X-Privguard-Tier": "internal"},
        {"X-Privguard-Tier": "compliance", "X-Privguard-Reason": "audit"},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer pgs_00000000_x"},
        {"Authorization": "Basic cleo"},
    ):
        assert asked(app, request_of(GIVEN), headers=headers).status == 401, headers
    app._model.close()


def test_where_no_policy_names_anybody_no_key_is_still_no_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRIVGUARD_POLICY")
    app = pg.prediction_app(Churn(), review_on=people(60), anonymous=True)

    assert asked(app, request_of(GIVEN)).status == 200
    assert asked(app, request_of(GIVEN), headers={"X-Privguard-Tier": "internal"}).status == 401
    app._model.close()


def test_predictions_belong_to_the_experiment_that_was_named(place: Path) -> None:
    app = pg.prediction_app(Churn(), review_on=people(60), experiment="exp-1")
    asked(app, request_of(GIVEN), key=runtime.issue_serving_key("ana"))
    app._model.close()

    assert {one["experiment"] for one in predictions()} == {"exp-1"}
