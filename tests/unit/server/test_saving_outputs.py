"""What of a notebook's outputs may stand in its file."""

from __future__ import annotations

import copy
import json
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from jupyter_privguard.server.extension import _link_jupyter_server_extension
from jupyter_privguard.server.saving import Found, cleaned_notebook
from jupyter_privguard.server.screens import Screens

EMAIL = "jane.doe.canary@example-bank.com"
CARD = "4111 1111 1111 1111"


def cleaned(notebook: dict[str, Any]) -> tuple[dict[str, Any], Found]:
    before = copy.deepcopy(notebook)
    made, found = cleaned_notebook(
        notebook, patterns=(), hidden=lambda cell, entities: entities, is_for_screen=lambda cell, output: False
    )
    assert notebook == before  # what the caller holds stays
    return made, found


def with_output(output: dict[str, Any]) -> dict[str, Any]:
    return {"cells": [{"cell_type": "code", "source": "x", "outputs": [output]}]}


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "stream", "name": "stdout", "text": ["a\n", f"{EMAIL}\n", "b"]},
        {"output_type": "stream", "name": "stdout", "text": f"a {EMAIL}"},
        {"output_type": "error", "ename": EMAIL, "evalue": "", "traceback": []},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["first", f"card {CARD}", "x"]},
        {"output_type": "display_data", "metadata": {"title": EMAIL}, "data": {}},
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": [f"<b>{EMAIL}</b>"], "image/png": "iV"}},
        {"output_type": "display_data", "metadata": {}, "data": {"application/vnd.x+json": {"v": [{"m": EMAIL}]}}},
        {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": f"<text>{EMAIL}</text>"}},
        {"output_type": "pyout", "prompt_number": 1, "text": [EMAIL]},
        {"output_type": "display_data", "metadata": {}, "data": {"application/json": {EMAIL: 3}}},
        {"output_type": "display_data", "metadata": {}, "data": {"application/json": [{"a": {f"for {EMAIL}": "b"}}]}},
        {"output_type": "display_data", "metadata": {}, "data": {"application/json": {"output_type": EMAIL}}},
        {"output_type": "display_data", "metadata": {}, "data": {"application/json": {"execution_count": [EMAIL]}}},
        {"output_type": "display_data", "metadata": {}, "data": {"application/json": {"n": 4111111111111111}}},
        {"output_type": "display_data", "metadata": {}, "data": {"application/json": [[-4111111111111111]]}},
    ],
)
@pytest.mark.parametrize("form", [4, 3])
def test_a_value_goes_and_the_rest_stays(output: dict[str, Any], form: int) -> None:
    notebook = with_output(output) if form == 4 else {"worksheets": [with_output(output)]}

    made, found = cleaned(notebook)

    text = json.dumps(made)
    assert EMAIL not in text and CARD not in text and CARD.replace(" ", "") not in text
    assert "[redacted]" in text
    assert found.values.total() == 1
    assert text.count("[redacted]") == 1


def test_no_entry_is_lost_where_two_names_were_values() -> None:
    counts = {EMAIL: 3, f"x{EMAIL}": 5, "plan": 7, "[redacted] 2": 9}

    made, _ = cleaned(with_output({"output_type": "display_data", "data": {"application/json": counts}}))

    kept = made["cells"][0]["outputs"][0]["data"]["application/json"]
    assert sorted(kept.values()) == [3, 5, 7, 9] and kept["plan"] == 7
    assert EMAIL not in str(kept)


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "audio/wav", "png"])
@pytest.mark.parametrize("value", [EMAIL, [f"{EMAIL}\n", "more"], f"iVBORw0KGgo= {EMAIL}"])
def test_a_text_that_only_claims_to_be_a_picture_is_cleaned(kind: str, value: Any) -> None:
    made, found = cleaned(with_output({"output_type": "display_data", "data": {kind: value}, "metadata": {}}))

    assert EMAIL not in str(made)
    assert found


def test_values_of_widgets_go_too() -> None:
    made, found = cleaned({"cells": [], "metadata": {"widgets": {"state": {"1": {"value": EMAIL}}}, "name": "n"}})

    assert made["metadata"] == {"widgets": {"state": {"1": {"value": "[redacted]"}}}, "name": "n"}
    assert found


@pytest.mark.parametrize(
    "notebook",
    [
        {},
        {"cells": None},
        {"cells": [None, 5, {"outputs": None}, {"outputs": [None, 5]}], "worksheets": [None, {"cells": 1}]},
        {"cells": [{"cell_type": "markdown", "source": EMAIL}, {"cell_type": "code", "source": EMAIL, "outputs": []}]},
        with_output({"output_type": "display_data", "data": {"image/png": "AKIAIOSFODNN7EXAMPLE=="}, "metadata": {}}),
        with_output({"output_type": "display_data", "data": {"image/png": ["AKIAIOSFODNN7EXAMPLE\n", "/9j="]}}),
        with_output({"output_type": "stream", "text": ["total 42\n", "0.5"]}),
        with_output({"output_type": "display_data", "data": {"application/json": {"t": 1764201600000, "ok": True}}}),
        with_output({"output_type": "execute_result", "execution_count": 7, "data": {"application/json": [1.5, None]}}),
        {"metadata": {"authors": [EMAIL]}},
    ],
)
def test_what_holds_no_value_in_an_output_stays_as_it_is(notebook: dict[str, Any]) -> None:
    made, found = cleaned(notebook)

    assert made == notebook
    assert not found


def test_a_display_that_another_cell_updated_is_known_again() -> None:
    screens = Screens()
    screens.note({"data": {"text/plain": "a\nb", "text/html": "<p>"}, "transient": {}}, "k", "m")

    assert screens.source({"data": {"text/html": ["<p>"], "text/plain": ["a\n", "b"]}}) == ("k", "m")
    assert screens.source({"data": {"text/plain": "a"}}) is None
    assert screens.source({}) is None


def test_a_server_that_cannot_be_recorded_goes_on_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    app = SimpleNamespace(log=logging.getLogger("test"))

    _link_jupyter_server_extension(app)  # type: ignore[arg-type]  # of no known form, as a later server's may be

    assert "privguard: the server's record could not begin" in caplog.text
