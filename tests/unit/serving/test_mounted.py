"""The application as a part of another one, which serves it below a path of its own."""

from __future__ import annotations

from fastapi import FastAPI

import jupyter_privguard as pg
from jupyter_privguard import runtime
from tests.unit.serving.serving_client import Churn, asked, people, request_of


def test_it_answers_below_the_path_at_which_it_is_mounted() -> None:
    whole = FastAPI()
    app = pg.prediction_app(Churn(), review_on=people(60), deployment="churn-7", version="3")
    whole.mount("/churn", app)
    key, rows = runtime.issue_serving_key("ana"), request_of(people(2))

    assert asked(whole, path="/churn/health", method="GET", key=key).status == 200
    assert asked(whole, rows, path="/churn/predict", key=key).status == 200
    assert asked(whole, rows, path="/predict", key=key).status == 404
    wrong = asked(whole, path="/churn/predict", method="GET", key=key)
    assert wrong.body["message"] == "privguard: /predict is asked by POST."
    app._model.close()
