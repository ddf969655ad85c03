"""A served model can be watched by its record alone: predictions and inputs as tables, and no input in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.errors import Refused
from jupyter_privguard.model import Tier
from jupyter_privguard.monitoring.served import prediction_columns
from tests.unit.serving.serving_client import Churn, people

pytestmark = pytest.mark.usefixtures("home")


def test_predictions_are_a_table_that_labels_join_on_tokens() -> None:
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    served = runtime.guarded(Churn(), review_on=people(60), deployment="churn-7", version="3", clock=lambda: moment)
    given = people(12, start=500)
    served.predict(given)
    served.predict(given[:2], tier=Tier.INTERNAL)
    served.close()

    found = pg.audit.predictions("churn-7")

    assert len(found) == 14 and len(pg.audit.predictions("another")) == 0
    assert set(found["at"]) == {moment}
    assert list(found["tier"])[-2:] == ["internal"] * 2
    assert found["answer.churn_probability"].dtype == float
    labels = pg.mask(given.assign(left=[n % 2 for n in range(12)])[["customer_id", "left"]])
    assert len(found.merge(labels, left_on="subject", right_on="customer_id")) == 14
    assert not any(one in found.to_csv() for one in given["customer_id"])


def test_refused_and_failed_predictions_are_rows_too() -> None:
    served = runtime.guarded(Churn(), review_on=people(60), deployment="d")
    with pytest.raises(Refused):
        served.predict(people(2), tier=Tier.COMPLIANCE)
    served.close()

    found = pg.audit.predictions()
    assert list(found["outcome"]) == ["refused"]
    assert found["subject"].isna().all()


def test_answers_of_several_kinds_have_a_column_each() -> None:
    event: dict[str, Any] = {
        "action": "model.predict",
        "seq": 1,
        "time": "2026-03-02T00:00:00Z",
        "principal": {"id": "a"},
    }
    events = [
        {**event, "answer": [{"field": "score", "value": "0.5"}, {"field": "segment", "value": "high"}]},
        {**event, "seq": 2, "answer": [{"field": "score", "value": "0.25"}]},
        {**event, "seq": 3, "action": "cell.run"},
    ]

    columns = prediction_columns(events)

    assert columns["answer.score"] == [0.5, 0.25]
    assert columns["answer.segment"] == ["high", None]
    assert columns["seq"] == [1, 2]


def test_inputs_are_summed_up_while_serving_and_the_rest_when_it_ends() -> None:
    now = [datetime(2026, 3, 2, tzinfo=UTC)]
    served = runtime.guarded(Churn(), review_on=people(600), deployment="d", version="1", clock=lambda: now[0])
    for part in range(4):
        served.predict(people(60, start=1000 + 60 * part))
        now[0] += timedelta(hours=1)
    broken = people(60, start=4000).astype({"income": float})
    broken.loc[:, "income"] *= 1000
    served.predict(broken)
    served.close()

    found = pg.audit.inputs("d")
    events = [event for event in runtime.log_reader().events() if event["action"] == "quality.check"]
    text = json.dumps(events)

    assert list(dict.fromkeys(found["people"])) == [200, 100]
    assert set(found["feature"]) == {"customer_id", "income"}
    assert list(found.loc[~found["passed"], "check"]) == ["unusual", "drift"]
    assert [event["success"] for event in events] == [True, False]
    given = people(240, start=1000)
    assert not any(str(one) in text for one in [*given["customer_id"], *given["income"]])


def test_a_model_that_was_reviewed_on_nothing_is_not_watched() -> None:
    served = runtime.guarded(Churn())
    served.predict(people(300))
    served.close()

    assert len(pg.audit.inputs()) == 0


def test_the_fields_of_a_check_are_those_that_a_query_may_ask_for() -> None:
    from jupyter_privguard.report.fields import fields_of

    served = runtime.guarded(Churn(), review_on=people(300), deployment="d", experiment="e")
    served.predict(people(200, start=900))
    served.close()

    (event,) = (event for event in runtime.log_reader().events() if event["action"] == "quality.check")
    known = {name.partition(".")[0] for name in fields_of("quality.check")} | {"action", "time", "seq", "principal"}
    assert set(event) <= known
