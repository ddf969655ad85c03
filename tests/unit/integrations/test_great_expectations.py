"""Suites made from verdicts, validations that keep no value, and the event that each leaves."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.errors import InputError, LogUnavailable
from jupyter_privguard.integrations._forms import FORMS
from jupyter_privguard.integrations.great_expectations import (
    QualityResult,
    checkpoint_action,
    expectations,
    validate,
)

pytestmark = pytest.mark.usefixtures("home")

ROWS = 60
CANARIES = ["asha0@canary.example", "not-a-canary-mail", "CUST-000017", "Asha Kulkarni", "411999", "139"]


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
    found = [e["type"] for e in suite.to_json_dict()["expectations"] if e["kwargs"]["column"] == column]
    assert all(kind.endswith("_without_values") for kind in found)
    return {kind.removesuffix("_without_values") for kind in found}


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


# --- in a context of the user's own ---------------------------------------------------------------

_EVERYTHING = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ["email", "customer_id"],
    "include_unexpected_rows": True,
}


def _batch_definition(context):
    context.variables.progress_bars = {"globally": False}
    return context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")


def _own_run(suite, context, *, actions=(), result_format=_EVERYTHING, table=None):
    import great_expectations as gx

    added = context.suites.add(gx.ExpectationSuite(name="own", expectations=suite.expectations))
    data = _batch_definition(context)
    definition = context.validation_definitions.add(gx.ValidationDefinition(name="v", data=data, suite=added))
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name="c", validation_definitions=[definition], actions=list(actions), result_format=result_format)
    )
    return checkpoint.run(batch_parameters={"dataframe": _people() if table is None else table})


@pytest.mark.parametrize("result_format", ["BOOLEAN_ONLY", "BASIC", "SUMMARY", "COMPLETE", _EVERYTHING], ids=str)
def test_a_batch_that_the_user_validates_reports_counts_only(suite, result_format):
    import great_expectations as gx

    batch = _batch_definition(gx.get_context(mode="ephemeral")).get_batch(batch_parameters={"dataframe": _people()})

    found = batch.validate(suite, result_format=result_format)

    form = next(one for one in found.results if "regex" in one.expectation_config.type)
    assert (found.success, form.success, form.result["unexpected_count"]) == (False, False, 1)
    _assert_no_value(json.dumps(found.to_json_dict()) + repr(found))


def test_data_docs_of_a_checkpoint_of_the_user_s_hold_no_value_and_its_run_is_an_event(tmp_path):
    import great_expectations as gx

    # Their own table: a suite and its expectations belong to the context that they were first added to.
    suite = expectations(_people(), name="docs")
    context = gx.get_context(mode="file", project_root_dir=str(tmp_path))
    docs = gx.checkpoint.UpdateDataDocsAction(name="docs")

    found = _own_run(suite, context, actions=[docs, checkpoint_action()])
    context.build_data_docs()

    assert not found.success
    files = [file for file in tmp_path.rglob("*") if file.suffix in (".html", ".json", ".yml", ".yaml", "")]
    files = [file for file in files if file.is_file() and "static" not in file.parts]
    assert len([file for file in files if file.suffix == ".html"]) >= 3
    for file in files:
        _assert_no_value(file.read_text(encoding="utf-8"))
    (event,) = [e for e in runtime.log_reader().events() if e["action"] == "quality.check"]
    assert (event["suite"], event["success"], event["failed"]) == ("own", False, 2)
    _assert_no_value(json.dumps(event))


def test_without_a_log_neither_way_gives_a_result(suite, monkeypatch):
    import great_expectations as gx

    def broken(*_, **__):
        raise LogUnavailable("privguard: the log cannot be written.")

    monkeypatch.setattr(runtime, "record_here", broken)

    with pytest.raises(LogUnavailable):
        validate(_people(), suite)
    with pytest.raises(Exception, match="the log cannot be written"):
        _own_run(suite, gx.get_context(mode="ephemeral"), actions=[checkpoint_action()])


def test_a_process_that_does_not_know_the_expectations_leaves_them_out_until_they_are_registered(tmp_path):
    import great_expectations as gx

    context = gx.get_context(mode="file", project_root_dir=str(tmp_path))
    kept = context.suites.add(expectations(_people(), name="kept"))
    code = f"""
import logging
import great_expectations as gx
from jupyter_privguard.integrations.great_expectations import register
logging.disable()
suites = gx.get_context(mode="file", project_root_dir={str(tmp_path)!r}).suites
print(len(suites.get("kept").expectations))
register()
print(len(suites.get("kept").expectations))
"""

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout.split() == ["0", str(len(kept.expectations))], done.stderr


def test_expectations_of_gx_itself_stay_as_they_are():
    import great_expectations as gx
    import great_expectations.expectations as gxe

    expectations(_people())
    plain = gxe.ExpectColumnValuesToBeBetween(column="age", max_value=100)
    batch = _batch_definition(gx.get_context(mode="ephemeral")).get_batch(batch_parameters={"dataframe": _people()})

    assert batch.validate(plain).result["partial_unexpected_list"]


class _Unreadable:
    def __str__(self):
        raise RuntimeError("asha0@canary.example")

    __repr__ = __str__


def test_cells_that_raise_give_one_sentence(suite):
    table = _people().astype(object)
    table.loc[3, "email"] = _Unreadable()

    assert expectations(table).name == "privguard"
    with pytest.raises(InputError, match=r"^privguard: Great Expectations cannot run this suite") as caught:
        validate(table, suite)
    _assert_no_value(str(caught.value))


def test_text_where_numbers_are_expected_says_no_value(suite):
    table = _people().astype({"age": str})

    result = validate(table, suite)

    assert not result.success
    _assert_no_value(json.dumps(result.to_json()))


def test_labels_that_cannot_be_named_are_left_out_and_named(capfd):
    frame = _people().rename(columns={"email": 7, "age": "asha0@canary.example"})

    made = expectations(frame)

    assert made.meta["privguard"]["left_out"] == ["7", "[redacted]"]
    said = capfd.readouterr().err
    assert "privguard: the suite says nothing of the columns 7, [redacted];" in said and said.count("\n") == 1
    _assert_no_value(json.dumps(made.to_json_dict()) + said)


def test_a_suite_in_which_nothing_would_be_said_is_refused():
    nameless = pd.DataFrame([["a@b.example", 1, 2, 3]] * 30, columns=["asha0@canary.example", 7, "twice", "twice"])
    nested = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "b"), ("a", "c")]))

    for frame, words in (
        (nameless, "nothing of the columns [redacted], 7, twice, twice;"),
        (nested, "nothing of the columns "),
        (pd.DataFrame({"a": [None, None]}), "nothing to expect of this table;"),
        (pd.DataFrame(), "nothing to expect of this table;"),
    ):
        with pytest.raises(InputError) as refused:
            expectations(frame)
        assert words in str(refused.value) and str(refused.value).count(".") == 1
        _assert_no_value(str(refused.value))


@pytest.mark.parametrize(
    "wrong",
    [None, [1], pd.Series([1]), "text", pl.DataFrame({"a": [1]}), pa.table({"a": [1]}), pa.record_batch({"a": [1]})],
    ids=["None", "list", "Series", "text", "polars", "arrow", "batch"],
)
def test_what_is_no_table_of_pandas_is_refused_in_one_sentence(wrong, suite):
    for call in (expectations, lambda table: validate(table, suite)):
        with pytest.raises(
            InputError, match=rf"^privguard: an object of type {type(wrong).__name__} .*DataFrame of pan"
        ):
            call(wrong)


def test_what_is_no_suite_is_refused_in_one_sentence():
    with pytest.raises(InputError, match=r"^privguard: an object of type dict is no suite"):
        validate(_people(), {})


def test_nothing_is_printed_once_there_are_keys(suite, capfd):
    runtime.keyring(runtime.home())

    validate(_people(), suite)

    assert capfd.readouterr() == ("", "")


def test_the_forms_are_regular_expressions_that_take_common_values():
    examples = {
        "EMAIL_ADDRESS": "a.b@corp.example", "PHONE_NUMBER": "+91 98220-12345", "IBAN": "DE89 3704 0044 0532 0130 00",
        "CREDIT_CARD": "4111 1111 1111 1111", "IN_AADHAAR": "2345 6789 0124", "IN_PAN": "ABCPE1234F",
        "US_SSN": "123-45-6789", "BR_CPF": "529.982.247-25", "MAC_ADDRESS": "00:1B:44:11:3A:B7",
        "IP_ADDRESS": "2001:db8::7",
    }  # fmt: skip

    assert {name for name, form in FORMS.items() if re.match(form, examples[name])} == set(FORMS)
    assert not any(re.match(form, "somebody") for form in FORMS.values())


def test_in_a_guarded_session_the_event_is_the_session_s():
    ring, _ = runtime.keyring(runtime.home())
    session = runtime.open_session(runtime.home(), runtime.policy(), ring, kernel=None)
    session.experiment = "exp-1"

    inside = runtime.record_here("quality.check", success=True)
    session.close()
    outside = runtime.record_here("quality.check", success=True)

    assert (inside["session"], inside["experiment"]) == (session.id, "exp-1")
    assert outside["session"] != session.id


def test_the_first_event_makes_keys_and_says_so(capfd):
    runtime.record_here("quality.check", success=True)
    said = capfd.readouterr()
    runtime.record_here("quality.check", success=True)

    assert said.out == ""
    assert [line.startswith("privguard: made keys in ") for line in said.err.splitlines()] == [True]
    assert capfd.readouterr() == ("", "")
