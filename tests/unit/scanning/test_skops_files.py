"""Models in the format of skops: a zip with a schema and arrays, read without skops."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from jupyter_privguard.scanning.findings import TRAINING_ROWS, Finding
from tests.unit.scanning.made_models import MAILS, MEASURES, NUMBERS, N

Look = Callable[..., list[Finding]]


def _node(name: str, module: str, loader: str, **more: Any) -> dict[str, Any]:
    return {"__class__": name, "__module__": module, "__loader__": loader, "__id__": 1, **more}


def _said(value: Any) -> dict[str, Any]:
    return _node("str", "builtins", "JsonNode", content=json.dumps(value), is_json=True)


def _texts(values: list[str]) -> dict[str, Any]:
    return _node("ndarray", "numpy", "NdArrayNode", content=[_said(one) for one in values], type="json")


def _file(name: str) -> dict[str, Any]:
    return _node("ndarray", "numpy", "NdArrayNode", type="numpy", file=name)


def _object(name: str, **state: Any) -> dict[str, Any]:
    inner = _node("dict", "builtins", "DictNode", content=state)
    return _node(name, "sklearn.neighbors._classification", "ObjectNode", content=inner)


def packed(schema: Any, **arrays: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            one = io.BytesIO()
            np.save(one, array)
            archive.writestr(f"{name}.npy", one.getvalue())
        archive.writestr("schema.json", schema if isinstance(schema, str) else json.dumps(schema))
    return out.getvalue()


NEIGHBOURS = _object("KNeighborsClassifier", n_neighbors=_said(3), _fit_X=_file("x.npy"))


def test_rows_categories_and_pipelines(found: Look) -> None:
    (rows,) = found("m.skops", packed(NEIGHBOURS, x=MEASURES))
    named = _object("KNeighborsClassifier", feature_names_in_=_texts(list(NUMBERS)), _fit_X=_file("x.npy"))
    (persons,) = found("m.skops", packed(named, x=NUMBERS.to_numpy()))
    steps = _node("list", "builtins", "ListNode", content=[_node("tuple", "builtins", "TupleNode", content=[named])])
    (within,) = found("m.skops", packed(_object("Pipeline", steps=steps), x=NUMBERS.to_numpy()))
    categories = _node("list", "builtins", "ListNode", content=[_texts(MAILS)])
    (words,) = found("m.skops", packed(_object("OneHotEncoder", categories_=categories)))

    assert (rows.place.part, rows.entity) == ("KNeighborsClassifier._fit_X", TRAINING_ROWS)
    assert rows.excerpt == f"keeps {N} rows × 2 columns of its training data"
    assert (
        (persons.place.column, persons.entity) == (within.place.column, within.entity) == ("customer_id", "CUSTOMER_ID")
    )
    assert (words.place.part, words.entity) == ("OneHotEncoder.categories_", "EMAIL_ADDRESS")


def test_a_model_that_keeps_nobodys_row(found: Look) -> None:
    line = _object("LogisticRegression", coef_=_file("c.npy"), classes_=_texts(["low", "high"]), C=_said(1.0))

    assert found("m.skops", packed(line, c=np.ones((1, 3)))) == []


def _deep(levels: int) -> str:
    return '{"__loader__": "ListNode", "content": [' * levels + "]}" * levels


SAID: dict[str, tuple[bytes, str]] = {
    "no schema": (packed("{"), "schema"),
    "no JSON object": (packed("[1, 2]"), ""),
    "a schema that goes down": (packed(_deep(5_000)), ""),
    "an array that is not there": (packed(NEIGHBOURS), ""),
    "an array that is none": (packed(_object("K", _fit_X=_file("schema.json"))), ""),
    "nodes that are none": (packed({"__loader__": "DictNode", "content": {"a": 1, "b": None, "c": [2]}}), ""),
    "a name that leads out": (packed(_object("K", _fit_X=_file("../../etc/passwd"))), ""),
    "no archive": (b"PK\3\4 broken", "zip archive"),
    "a bomb": (packed("0" * (64 * 2**20)), "schema"),
}


@pytest.mark.parametrize("what", SAID)
def test_what_is_damaged_is_a_sentence_or_nothing(what: str, found: Look) -> None:
    data, said = SAID[what]
    problems: list[str] = []

    assert found("m.skops", data, problems) == []
    assert said in "".join(problems)
