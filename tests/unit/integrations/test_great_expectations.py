"""Suites made from verdicts, validations that keep no value, and the event that each leaves."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.errors import InputError
from jupyter_privguard.integrations.great_expectations import _FORMS, QualityResult, expectations, validate

ROWS = 60
CANARIES = ["asha0@canary.example", "not-a-canary-mail", "CUST-000017", "Asha Kulkarni", "411999", "139"]


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)


def _people():
    return pd.DataFrame(
        {
            "customer_id": [f"CUST-{n:06d}" for n in range(ROWS)],
            "full_name": ["Asha Kulkarni", "Ravi Menon", "Meera Iyer"] * (ROWS // 3),
            "email": [f"asha{n}@canary.example" for n in range(ROWS - 1)] + ["not-a-canary-mail"],
            "age": [20 + n for n in range(ROWS - 1)] + [139],
            "postcode": ["411999", "560001", None] * (ROWS // 3),
            "plan": ["Basic", "Plus"] * (ROWS // 2),
        }
    )


@pytest.fixture(scope="module")
def _suite_and_result(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRIVGUARD_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("PRIVGUARD_POLICY", raising=False)
        suite = pg.expectations(_people(), name="customers")
        result = validate(_people(), suite)
        return suite, result, list(runtime.log_reader().events())


@pytest.fixture
def suite(_suite_and_result):
    return _suite_and_result[0]


@pytest.fixture
def result(_suite_and_result):
    return _suite_and_result[1]


@pytest.fixture
def events(_suite_and_result):
    return _suite_and_result[2]


def _kinds(suite, column):
    return {e["type"] for e in suite.to_json_dict()["expectations"] if e["kwargs"]["column"] == column}


def _is_in(canary, text):
    # A number must stand alone: pages have random ids and times, in which three digits turn up by chance.
    number = rf"(?<![\w.-]){canary}(?:\.0)?(?![\w-]|\.\d)"
    return re.search(number, text) is not None if canary.isdigit() else canary in text


def _assert_no_value(text):
    assert [canary for canary in CANARIES if _is_in(canary, text)] == []


@pytest.mark.parametrize("text", ['"139"', ">139<", "max 139.0,", "[20, 139]", "mail not-a-canary-mail."])
def test_a_value_would_be_seen(text):
    with pytest.raises(AssertionError):
        _assert_no_value(text)


@pytest.mark.parametrize("text", ["9c139f2a-01", "2026-11-26T00:39:31.139204Z", "0.139", "c-139-f"])
def test_ids_and_times_are_no_values(text):
    _assert_no_value(text)


def test_a_suite_says_what_the_entities_promise(suite):
    assert suite.name == "customers"
    assert _kinds(suite, "customer_id") == {"expect_column_values_to_not_be_null", "expect_column_values_to_be_unique"}
    assert _kinds(suite, "email") >= {
        "expect_column_values_to_not_be_null", "expect_column_values_to_match_regex",
        "expect_column_value_lengths_to_be_between",
    }  # fmt: skip
    assert "expect_column_values_to_be_between" in _kinds(suite, "age")
    assert "expect_column_values_to_not_be_null" not in _kinds(suite, "postcode")
    assert _kinds(suite, "plan") == {"expect_column_values_to_not_be_null"}


def test_no_value_of_the_table_is_in_the_suite(suite):
    _assert_no_value(json.dumps(suite.to_json_dict()))


def test_a_suite_depends_on_verdicts_and_not_on_the_values(suite):
    other = _people()
    other["email"] = [f"ravi{n}@elsewhere.example" for n in range(ROWS)]
    other["age"] = [30 + n % 40 for n in range(ROWS)]

    assert expectations(other, name="customers").to_json_dict()["expectations"] == suite.to_json_dict()["expectations"]


def test_a_validation_counts_what_is_unexpected_and_shows_nothing_of_it(result):
    by_kind = {(check.column, check.kind): check for check in result.checks}
    form = by_kind["email", "expect_column_values_to_match_regex"]
    age = by_kind["age", "expect_column_values_to_be_between"]

    assert isinstance(result, QualityResult)
    assert not result.success
    assert (form.success, form.element_count, form.unexpected_count) == (False, ROWS, 1)
    assert form.unexpected_basis_points == round(10_000 / ROWS)
    assert (age.success, age.unexpected_count) == (False, 1)
    assert sum(not check.success for check in result.checks) == 2
    for shown in (json.dumps(result.to_json()), repr(result), result.to_frame().to_string()):
        _assert_no_value(shown)


def test_a_validation_is_an_event_without_values(events):
    (event,) = [e for e in events if e["action"] == "quality.check"]

    assert (event["suite"], event["rows"], event["success"], event["failed"]) == ("customers", ROWS, False, 2)
    assert event["expectations"] == len(event["checks"])
    assert not event["checks"][0]["success"]
    _assert_no_value(json.dumps(events))


def test_a_suite_is_used_again_and_on_other_tables(suite):
    healthy = _people().iloc[: ROWS - 1]

    assert validate(healthy, suite).success
    assert validate(healthy.rename(columns={"email": "mail"}), suite).success is False


def test_an_expectation_that_cannot_run_fails_without_a_traceback(suite):
    result = validate(pd.DataFrame({"other": [1]}), suite)

    assert not result.success
    assert all(check.unexpected_count is None for check in result.checks)
    assert "Traceback" not in json.dumps(result.to_json())


def test_a_suite_of_one_s_own_is_run_and_only_figures_come_back():
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.data_context.data_context.context_factory import project_manager

    users = gx.get_context(mode="ephemeral")
    own = gx.ExpectationSuite(
        name="mine asha0@canary.example",
        expectations=[
            gxe.ExpectColumnMaxToBeBetween(column="age", max_value=100),
            gxe.ExpectColumnMostCommonValueToBeInSet(column="email", value_set=["asha0@canary.example"]),
            gxe.ExpectTableRowCountToEqual(value=ROWS),
        ],
    )

    result = validate(_people(), own)

    assert {(check.column, check.success) for check in result.checks} >= {("age", False), (None, True)}
    _assert_no_value(json.dumps(result.to_json()))
    _assert_no_value("\n".join(runtime.log_reader().lines()))
    assert project_manager.get_current_project() is users


def test_data_docs_of_a_suite_and_of_its_validation_hold_no_value(suite, tmp_path):
    import great_expectations as gx

    context = gx.get_context(mode="file", project_root_dir=str(tmp_path))
    context.variables.progress_bars = {"globally": False}
    copies = [expectation.copy(update={"id": None}) for expectation in suite.expectations]
    own = context.suites.add(gx.ExpectationSuite(name="docs", expectations=copies))
    batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    definition = context.validation_definitions.add(gx.ValidationDefinition(name="v", data=batch, suite=own))
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(
            name="c",
            validation_definitions=[definition],
            actions=[gx.checkpoint.UpdateDataDocsAction(name="docs")],
            result_format="BOOLEAN_ONLY",
        )
    )

    checkpoint.run(batch_parameters={"dataframe": _people()})
    validate(_people(), suite)

    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) >= 3
    for page in pages:
        _assert_no_value(page.read_text(encoding="utf-8"))


def test_labels_that_cannot_be_named_are_left_out():
    frame = pd.DataFrame([["a@b.example", 1, 2, 3]] * 30, columns=["asha0@canary.example", 7, "twice", "twice"])

    made = expectations(frame)

    assert made.to_json_dict()["expectations"] == []


@pytest.mark.parametrize("wrong", [None, [1], pd.Series([1]), "text"], ids=["None", "list", "Series", "text"])
def test_what_is_no_table_is_refused_in_one_sentence(wrong):
    with pytest.raises(InputError, match=r"^privguard: a \w+ is no DataFrame"):
        expectations(wrong)


def test_what_is_no_suite_is_refused_in_one_sentence():
    with pytest.raises(InputError, match=r"^privguard: a dict is no suite"):
        validate(_people(), {})


def test_nothing_is_printed(suite, capfd):
    validate(_people(), suite)

    assert capfd.readouterr() == ("", "")


def test_the_forms_are_regular_expressions_that_take_common_values():
    examples = {
        "EMAIL_ADDRESS": "a.b@corp.example", "PHONE_NUMBER": "+91 98220-12345", "IBAN": "DE89 3704 0044 0532 0130 00",
        "CREDIT_CARD": "4111 1111 1111 1111", "IN_AADHAAR": "2345 6789 0124", "IN_PAN": "ABCPE1234F",
        "US_SSN": "123-45-6789", "BR_CPF": "529.982.247-25", "MAC_ADDRESS": "00:1B:44:11:3A:B7",
    }  # fmt: skip

    assert {name for name, form in _FORMS.items() if re.match(form, examples[name])} == set(_FORMS)
    assert not any(re.match(form, "somebody") for form in _FORMS.values())


def test_in_a_guarded_session_the_event_is_the_session_s():
    ring, _ = runtime.keyring(runtime.home())
    session = runtime.open_session(runtime.home(), runtime.policy(), ring, kernel=None)
    session.experiment = "exp-1"

    inside = runtime.record_here("quality.check", success=True)
    session.close()
    outside = runtime.record_here("quality.check", success=True)

    assert (inside["session"], inside["experiment"]) == (session.id, "exp-1")
    assert outside["session"] != session.id
