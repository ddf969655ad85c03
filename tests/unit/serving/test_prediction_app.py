"""What leaves over HTTP, for whom, and what the log says of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.model import Principal
from tests.unit.serving.serving_client import Churn, ask, asked, people, predictions, request_of

GIVEN = people(3, start=500)
SECRET = [*GIVEN["customer_id"], *map(str, GIVEN["income"])]


@pytest.fixture
def app() -> Iterator[Any]:
    made = pg.prediction_app(Churn(), review_on=people(60), deployment="churn-7", version="3", purpose="retention")
    yield made
    made._model.close()


def test_anybody_known_gets_tokens_and_two_decimals(app: Any, ana: str) -> None:
    got = asked(app, request_of(GIVEN), key=ana)

    assert got.status == 200
    assert got.headers["x-privguard-tier"] == "public"
    assert not any(one in got.text for one in SECRET)
    rows = got.body["predictions"]
    assert [list(row) for row in rows] == [["customer_id", "churn_probability", "segment"]] * 3
    assert all(row["customer_id"].startswith("tok:hs256:") for row in rows)
    assert all(round(row["churn_probability"], 2) == row["churn_probability"] for row in rows)


def test_internal_is_exact_and_reversible(app: Any, ana: str) -> None:
    got = asked(app, request_of(GIVEN), key=ana, headers={"X-Privguard-Tier": "internal"})

    exact = Churn().predict(GIVEN)
    assert got.status == 200
    assert [row["churn_probability"] for row in got.body["predictions"]] == list(exact["churn_probability"])
    assert all(row["customer_id"].startswith("enc:siv256:") for row in got.body["predictions"])


def test_compliance_is_clear_with_an_explanation_by_role_and_reason(app: Any, ana: str, cleo: str) -> None:
    wanted = {"X-Privguard-Tier": "compliance", "X-Privguard-Reason": "complaint 4711"}

    refused = asked(app, request_of(GIVEN), key=ana, headers=wanted)
    without = asked(app, request_of(GIVEN), key=cleo, headers={"X-Privguard-Tier": "compliance"})
    got = asked(app, request_of(GIVEN), key=cleo, headers=wanted)

    assert (refused.status, without.status, got.status) == (403, 403, 200)
    assert not any(one in refused.text for one in SECRET)
    found = got.body["predictions"]
    assert [row["customer_id"] for row in found["output"]] == list(GIVEN["customer_id"])
    assert {one["field"]: one["public"] for one in found["explanation"]} == {
        "customer_id": "token",
        "churn_probability": "round",
        "segment": "clear",
    }
    assert [(one["principal"]["id"], one["tier"], one["outcome"]) for one in predictions()] == [
        ("ana", "compliance", "refused"),
        ("cleo", "compliance", "refused"),
        *[("cleo", "compliance", "ok")] * 3,
    ]


def test_a_request_that_only_says_who_it_is_gets_nothing_and_an_unknown_key_neither(app: Any, ana: str) -> None:
    claims = {"X-Privguard-Tier": "compliance", "X-Forwarded-User": "cleo", "X-Privguard-Principal": "cleo"}

    for key in (None, "", "pgs_00000000_x", ana[:-1], f"{ana}x", ana.removeprefix("pgs_"), "é" * 30):
        got = asked(
            app, request_of(GIVEN), headers={**claims, **({} if key is None else {"Authorization": f"Bearer {key}"})}
        )
        assert got.status == 401
        assert got.headers["www-authenticate"] == "Bearer"
        assert got.body["message"].startswith("privguard: ")


def test_a_key_that_was_revoked_or_has_ended_opens_nothing(app: Any, ana: str) -> None:
    assert asked(app, request_of(GIVEN), key=ana).status == 200

    runtime.revoke_serving_key(ana.split("_")[1])

    assert asked(app, request_of(GIVEN), key=ana).status == 401


def test_the_deployers_own_identity_counts_where_there_is_one() -> None:
    def identity(headers: Any) -> Principal | None:
        if headers["x-proxy"] == "broken":
            raise ValueError("no such person")
        return Principal(headers["x-proxy"], assurance="hub") if headers["x-proxy"] != "nobody" else None

    app = pg.prediction_app(Churn(), review_on=people(60), identity=identity)
    internal = {"X-Privguard-Tier": "internal"}

    statuses = [asked(app, request_of(GIVEN), headers={"x-proxy": who, **internal}).status for who in ("ana", "eve")]
    assert statuses == [200, 403]
    assert [asked(app, request_of(GIVEN), headers={"x-proxy": who}).status for who in ("nobody", "broken")] == [
        401,
        401,
    ]


def test_each_row_is_one_event_with_tokens_and_no_input(app: Any, ana: str, place: Path) -> None:
    got = asked(app, request_of(GIVEN), key=ana)

    events = predictions()
    assert len(events) == 3
    assert len({one["prediction"] for one in events}) == 3
    assert [one["subject"] for one in events] == [row["customer_id"] for row in got.body["predictions"]]
    one = events[0]
    assert (one["principal"]["id"], one["tier"], one["outcome"], one["rows"]) == ("ana", "public", "ok", 1)
    assert (one["deployment"], one["version"], one["purpose"]) == ("churn-7", "3", "retention")
    assert one["model"].endswith("Churn") and len(one["sha256"]) == 64
    assert one["features"] == ["customer_id", "income"]
    assert {said["field"] for said in one["answer"]} == {"churn_probability", "segment"}
    whole = json.dumps(events)
    assert not any(secret in whole for secret in SECRET)


def test_the_fields_of_an_event_are_those_that_a_query_may_ask_for(app: Any, ana: str) -> None:
    from jupyter_privguard.report.fields import fields_of

    asked(app, request_of(GIVEN), key=ana)

    known = {name.partition(".")[0] for name in fields_of("model.predict")} | {"action", "time", "seq", "principal"}
    assert set(predictions()[0]) <= known


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"no json", 400),
        (b"\xff\xfe", 400),
        (b"[1]", 400),
        (b'{"dataframe_records": [{"income": NaN}]}', 400),
        (b'{"dataframe_records": []}', 400),
        (b'{"dataframe_split": {"columns": ["a"]}}', 400),
        (b'{"dataframe_split": {"columns": ["a"], "data": [[1, 2]]}}', 400),
        (b'{"instances": [], "inputs": []}', 400),
        (b'{"customer_id": "C-19191"}', 400),
        (b"[" * 100_000, 400),
        (b'{"inputs":' * 100_000 + b"1" + b"}" * 100_000, 400),
        (b'{"inputs":' * 40 + b"1" + b"}" * 40, 400),
        (b'{"dataframe_records": [{"other": 1}]}', 422),
        (b'{"dataframe_records": [{"customer_id": "C-19191", "income": "much"}]}', 422),
    ],
)
def test_bad_input_is_one_sentence_without_a_value(app: Any, ana: str, body: bytes, status: int) -> None:
    got = asked(app, body, key=ana)

    assert got.status == status
    assert got.body["message"].startswith("privguard: ")
    assert "19191" not in got.text and "much" not in got.text


def test_what_is_too_large_is_not_read_whether_it_says_so_or_not(ana: str) -> None:
    app = pg.prediction_app(Churn(), review_on=people(60), largest_body=1000)
    body = request_of(people(40))

    assert asked(app, body, key=ana).status == 413
    assert asked(app, body, key=ana, headers={"content-length": "10"}).status == 413
    assert asked(app, body, key=ana, headers={"content-length": "-1"}).status == 413


def test_other_paths_methods_types_and_tiers_are_refused(app: Any, ana: str) -> None:
    assert asked(app, path="/", method="GET").status == 404
    assert asked(app, path="/predict", method="GET").status == 405
    assert asked(app, request_of(GIVEN), key=ana, headers={"content-type": "text/csv"}).status == 415
    assert asked(app, request_of(GIVEN), key=ana, headers={"X-Privguard-Tier": "root"}).status == 400
    assert asked(app, path="/health", method="GET").body == {"status": "ok"}


def test_an_output_of_another_form_than_the_reviewed_one_is_not_shown(ana: str) -> None:
    class Other(Churn):
        def predict(self, inputs: Any) -> Any:
            found = super().predict(inputs)
            return found if len(found) > 10 else found.assign(full_name="Maria Keller")

    app = pg.prediction_app(Other(), review_on=people(60))

    got = asked(app, request_of(GIVEN), key=ana)
    assert got.status == 422
    assert "Keller" not in got.text
    assert [one["outcome"] for one in predictions()] == ["error"]


def test_without_a_sample_each_output_is_judged_by_itself(ana: str) -> None:
    app = pg.prediction_app(Churn())

    got = asked(app, request_of(GIVEN), key=ana)

    assert got.status == 200
    assert not any(one in got.text for one in SECRET)
    assert predictions()[0]["subject"].startswith("tok:hs256:")


def test_what_is_no_number_of_json_is_null(ana: str) -> None:
    class Odd(Churn):
        def predict(self, inputs: Any) -> Any:
            return [{"score": float("nan")}, {"score": float("inf")}, {"score": 0.12345}]

    app = pg.prediction_app(Odd(), review_on=people(60))

    assert asked(app, request_of(GIVEN), key=ana).body == {
        "predictions": [{"score": None}, {"score": None}, {"score": 0.12}]
    }


def test_columns_split_and_plain_lists_are_read_as_mlflow_reads_them(ana: str) -> None:
    class Plain:
        def predict(self, inputs: Any) -> Any:
            return [sum(row) / 100 for row in inputs]

    table = pg.prediction_app(Churn(), review_on=people(60))
    split = {"columns": ["customer_id", "income"], "data": GIVEN.to_numpy().tolist()}
    expected = asked(table, request_of(GIVEN), key=ana).body
    for body in (
        {"dataframe_split": split},
        {"inputs": GIVEN.to_dict("list")},
        {"instances": GIVEN.to_dict("records")},
    ):
        assert asked(table, body, key=ana, path="/invocations").body == expected

    plain = pg.prediction_app(Plain(), review_on=[[n, 1] for n in range(60)])
    assert asked(plain, {"inputs": [[1, 2], [3, 4]]}, key=ana).body == {"predictions": [0.03, 0.07]}


def test_requests_of_eight_clients_are_as_many_events(app: Any, ana: str) -> None:
    async def client(number: int) -> list[int]:
        some = people(25, start=number * 25)
        return [(await ask(app, request_of(some[at : at + 1]), key=ana)).status for at in range(len(some))]

    async def all_clients() -> list[list[int]]:
        return await asyncio.gather(*(client(number) for number in range(8)))

    statuses = [one for some in asyncio.run(all_clients()) for one in some]
    app._model.close()

    assert statuses == [200] * 200
    assert len({one["prediction"] for one in predictions()}) == len(predictions()) == 200
    assert len({one["subject"] for one in predictions()}) == 200
    assert pg.audit.verify() >= 200
