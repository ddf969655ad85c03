"""What verdicts are worth, by the yardstick of ``bench/labelled`` at a seed that the benchmark does not use."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.frames import view

sys.path.append(str(Path(__file__).resolve().parents[3] / "bench"))

import labelled
from labelled import numbers
from scoring import Answer, Run, reliability, run

_SEED, _TABLES = 77, 32


@pytest.fixture(scope="module")
def found() -> Run:
    def verdicts(frame):
        return [(verdict.entity, verdict.confidence) for verdict in classify(view(frame))]

    return run(verdicts, labelled.cases(_SEED, count=_TABLES))


def test_no_table_of_the_yardstick_makes_it_raise(found):
    assert found.raised == 0
    assert {answer.case.variant for answer in found.answers} == set(labelled.VARIANTS)


def test_of_verdicts_at_nine_tenths_nine_in_ten_are_right(found):
    sure = [a for a in found.answers if a.entity != labelled.NONE and a.confidence >= 0.9]
    assert len(sure) > 400
    assert sum(a.is_right for a in sure) >= 0.9 * len(sure)


def test_verdicts_that_act_are_right_as_often_as_they_say(found):
    for low, _, count, mean, right in reliability(found.answers):
        if low >= 0.7 and count >= 40:
            assert right >= mean - 0.1, f"{low:.1f}: {right:.2f} of {count} right"


@pytest.mark.parametrize(("variant", "most"), [("intact", 1.0), ("noheader", 1.0), ("mislead", 4.0), ("dirty", 1.0)])
def test_false_alarms_are_rare(found, variant, most):
    tally = found.by_variant()[variant]
    assert tally.harmless > 200
    assert tally.alarms_per_100 <= most


@pytest.mark.parametrize(
    ("variant", "least"), [("intact", 0.90), ("noheader", 0.85), ("mislead", 0.82), ("dirty", 0.90)]
)
def test_sensitive_columns_are_told_from_others(found, variant, least):
    assert found.by_variant()[variant].f1 >= least


def test_dirty_cells_cost_little(found):
    assert found.by_variant()["dirty"].f1 >= found.by_variant()["intact"].f1 - 0.02


def _asked(variant="intact", count=20):
    return list(labelled.cases(5, count=count, variants=(variant,)))


def test_the_yardstick_is_the_same_for_the_same_seed():
    assert labelled.digest(5, count=8) == labelled.digest(5, count=8) != labelled.digest(6, count=8)
    for one, two in zip(_asked("dirty", 6), _asked("dirty", 6), strict=True):
        assert one.frame.equals(two.frame)


def test_labels_are_entities_of_the_contract():
    from jupyter_privguard.model import ENTITIES

    for case in _asked():
        for column in case.table.columns:
            assert column.entity is None or column.entity in ENTITIES
            assert column.also <= ENTITIES.keys()
            assert len(column.values) == len(case.frame)


def test_a_perfect_answer_scores_one_and_silence_scores_nothing():
    cases = _asked()
    right = iter([[column.entity or "NONE" for column in case.table.columns] for case in cases])
    perfect = run(lambda frame: next(right), cases).by_variant()["intact"]
    silent = run(lambda frame: ["NONE"] * frame.shape[1], cases).by_variant()["intact"]
    assert (perfect.f1, perfect.entity_f1, perfect.alarms_per_100, perfect.direct_recall) == (1.0, 1.0, 0.0, 1.0)
    assert (silent.f1, silent.entity_f1, silent.alarms_per_100) == (0.0, 0.0, 0.0)


def test_an_alarm_everywhere_is_counted():
    loud = run(lambda frame: ["PERSON_NAME"] * frame.shape[1], _asked()).by_variant()["intact"]
    assert loud.alarms_per_100 == 100.0
    assert loud.recall == 1.0 > loud.precision


def test_a_verdict_below_the_acting_line_is_no_finding_but_counts_for_confidence():
    cases = _asked(count=2)
    column = cases[0].table.columns[0]
    answer = Answer(cases[0], column, column.entity, 0.65)
    assert not answer.acts
    assert answer.is_right
    assert reliability([answer]) == [(0.6, 0.7, 1, 0.65, 1.0)]


def test_without_its_header_a_bare_number_of_a_person_is_not_asked_for():
    for case in _asked("noheader"):
        for column, label in zip(case.table.columns, case.labels, strict=True):
            if case.table.of_persons and not column.evident:
                assert label is None


@pytest.mark.parametrize(
    ("complete", "number"),
    [(numbers.luhn, "79927398713"), (numbers.verhoeff, "2363")],  # examples of the algorithms' descriptions
)
def test_check_digits_are_those_of_their_standards(complete, number):
    assert complete(number[:-1]) == number
