"""Columns and texts that hold forms which only the policy knows, and cells that a sample misses."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import jupyter_privguard as pg
from jupyter_privguard.classification import every_cell
from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.classification.spans import find_spans
from jupyter_privguard.frames import view
from jupyter_privguard.model import DataClass, Pattern
from jupyter_privguard.patterns import engine

STAFF = Pattern("STAFF_NO", DataClass.INTERNAL, "ST-[0-9]{6}", ("staff no", "personnel"))
PLAIN = Pattern("CREW_NO", DataClass.PII, "[CD][0-9]{4}")
NUMBERS = [f"ST-{n:06d}" for n in range(100, 400)]


def _verdict(values, label="col_1", patterns=(STAFF,), **options):
    frame = pd.DataFrame({label: values})
    return classify(view(frame), patterns=patterns, **options)[0]


@pytest.mark.parametrize(
    ("label", "values", "patterns", "entity"),
    [
        ("staff_no", NUMBERS, (STAFF,), "STAFF_NO"),
        ("Personnel", NUMBERS, (STAFF,), "STAFF_NO"),
        ("x1", NUMBERS, (STAFF,), "STAFF_NO"),
        ("x1", [f"C{n:04d}" for n in range(300)], (STAFF, PLAIN), "CREW_NO"),
        ("x1", pd.Series(NUMBERS, dtype="category"), (STAFF,), "STAFF_NO"),
        ("staff_no", [f" {n} " for n in NUMBERS], (STAFF,), "STAFF_NO"),
        ("x1", [*NUMBERS, *["unknown"] * 80], (STAFF,), "STAFF_NO"),
        # near misses
        ("x1", [f"ST-{n:05d}" for n in range(300)], (STAFF,), "NONE"),
        ("staff_no", [f"unit {n % 7}" for n in range(300)], (STAFF,), "NONE"),
        ("x1", [f"{n} of them" for n in NUMBERS], (PLAIN,), "NONE"),
        ("x1", NUMBERS, (), "NONE"),
    ],
)
def test_a_column_gets_the_entity_whose_form_its_cells_have_from_beginning_to_end(label, values, patterns, entity):
    verdict = _verdict(values, label, patterns)

    assert verdict.is_sensitive is (entity != "NONE")
    if verdict.is_sensitive:
        data_class = {"STAFF_NO": DataClass.INTERNAL, "CREW_NO": DataClass.PII}[entity]
        assert (verdict.entity, verdict.data_class) == (entity, data_class)


def test_header_and_values_together_are_surer_than_values_under_another_header():
    together, alone = _verdict(NUMBERS, "staff_no"), _verdict(NUMBERS, "x1")

    assert together.confidence > alone.confidence >= 0.7
    assert "staff no" in " ".join(together.evidence)
    assert "pattern of the policy" in " ".join(alone.evidence)
    assert not any(number in " ".join(together.evidence) for number in NUMBERS)


def test_the_header_alone_suffices_when_values_may_not_be_read():
    assert _verdict(NUMBERS, "staff_no", header_only=True).entity == "STAFF_NO"
    assert _verdict(NUMBERS, "x1", header_only=True).entity == "NONE"


def test_a_wrong_header_of_the_policy_is_refuted_by_the_values():
    verdict = _verdict([f"unit {n % 7}" for n in range(300)], "personnel")

    assert "refuted by the form" in " ".join(verdict.evidence)


def test_half_of_the_values_ask_and_do_not_act():
    verdict = _verdict([*NUMBERS[:150], *[f"unit {n}" for n in range(150)]], patterns=(STAFF._replace(header=()),))

    assert verdict.entity == "STAFF_NO"
    assert not verdict.is_sensitive


def test_a_pattern_of_the_administrator_goes_before_what_is_built_in_and_another_s_does_not():
    mails = [f"person{n}@corp.example" for n in range(100)]
    loose = Pattern("ANYTHING", DataClass.INTERNAL, ".+", ("email",))

    assert _verdict(mails, "email", (loose,)).entity in ("ANYTHING", "EMAIL_ADDRESS")
    assert _verdict(mails, "email", (loose._replace(raises_only=True),)).entity == "EMAIL_ADDRESS"
    assert _verdict(NUMBERS, "x1", (STAFF._replace(raises_only=True),)).entity == "STAFF_NO"


def test_a_column_may_be_given_an_entity_of_the_policy():
    frame = pd.DataFrame({"a": ["x", "y"]})

    verdict = classify(view(frame), overrides={0: "STAFF_NO"}, patterns=(STAFF,))[0]

    assert (verdict.entity, verdict.data_class) == ("STAFF_NO", DataClass.INTERNAL)


def test_a_label_that_has_the_form_itself_is_not_shown():
    assert _verdict([1, 2], "ST-123456").column == "[redacted]"


DIGITS = Pattern("BADGE", DataClass.PII, "[0-9]{6}", ("badge",))


@pytest.mark.parametrize(
    ("text", "patterns", "found"),
    [
        ("ask ST-123456 or asha@corp.example", (STAFF,), ["STAFF_NO", "EMAIL_ADDRESS"]),
        ("ST-123456", (STAFF,), ["STAFF_NO"]),
        ("ST-1234567", (STAFF,), []),
        ("badge 123456 lost", (DIGITS,), ["BADGE"]),
        ("order 123456 lost", (DIGITS,), []),
        ("asha@corp.example", (Pattern("DOMAIN", DataClass.INTERNAL, r"[a-z.@]+"),), ["DOMAIN"]),
        ("asha@corp.example", (Pattern("DOMAIN", DataClass.INTERNAL, r"[a-z.@]+", (), True),), ["EMAIL_ADDRESS"]),
        ("ask ST-123456", (), []),
    ],
)
def test_forms_of_the_policy_are_found_in_texts(text, patterns, found):
    assert [span.entity for span in find_spans(text, patterns)] == found


def test_a_text_column_with_such_a_form_is_free_text_with_pii():
    texts = [f"the parcel of day {n} was handed over at the gate" for n in range(60)]
    texts[17] += " to ST-123456"

    assert _verdict(texts, "note").entity == "FREE_TEXT_WITH_PII"
    assert _verdict(texts, "note", ()).entity == "NONE"


# --- every cell ----------------------------------------------------------------------------------

ROWS = 30_000
HARMLESS = [f"shelf {n % 977} row {n}" for n in range(ROWS)]


def _with_one(cell):
    return [*HARMLESS[:12_345], cell, *HARMLESS[12_345:]]


@pytest.mark.parametrize(
    ("cell", "patterns", "found"),
    [
        ("asha@corp.example", (), "EMAIL_ADDRESS in 1"),
        ("ST-123456", (STAFF,), "STAFF_NO in 1"),
        ("DE89370400440532013000", (), "IBAN in 1"),
    ],
)
def test_full_finds_the_one_cell_that_a_sample_misses(cell, patterns, found):
    sampled = _verdict(_with_one(cell), "place", patterns)
    full = _verdict(_with_one(cell), "place", patterns, full=True)

    assert sampled.entity == "NONE"
    assert re.fullmatch(
        r"values: \d+ of 30,001 looked at; a form in fewer than 1 in \d+ may be missed", sampled.evidence[-1]
    )
    assert full.entity == "FREE_TEXT_WITH_PII"
    assert found in " ".join(full.evidence)
    assert "may be missed" not in " ".join(full.evidence)


@pytest.mark.parametrize(
    "values",
    [
        HARMLESS,
        [f"{4000000000000000 + n * 7919}" for n in range(5000)],
        [f"{n}.{n % 7}.{n % 11}" for n in range(5000)],
        [f"10.{n % 9}.0.1" for n in range(300)] * 3,
        ["2026-01-01 10:00"] * 500,
    ],
    ids=["words", "16 digits", "versions", "many of one form", "times"],
)
def test_full_raises_no_alarm_that_the_sample_does_not_raise(values):
    assert _verdict(values, "build", full=True).entity == _verdict(values, "build").entity


def test_full_gives_the_same_answer_without_the_engine(monkeypatch):
    frame = pd.DataFrame(
        {
            "place": _with_one("asha@corp.example")[12_000:14_000],
            "note": ["she said: call +91 98220 12345 before noon please"] * 2 + HARMLESS[:1998],
            "plain": HARMLESS[:2000],
        }
    )
    with_engine = classify(view(frame), full=True)

    monkeypatch.setattr(engine, "_hyperscan", lambda: None)
    every_cell._forms.cache_clear()
    without = classify(view(frame), full=True)
    every_cell._forms.cache_clear()

    assert without == with_engine
    assert [v.entity for v in with_engine] == ["FREE_TEXT_WITH_PII", "FREE_TEXT_WITH_PII", "NONE"]


def test_full_finds_a_text_among_numbers():
    values = pd.Series([*range(5000), "asha@corp.example", *range(5000)], dtype=object)

    assert _verdict(values, "amount").entity == "NONE"
    assert "EMAIL_ADDRESS in 1" in " ".join(_verdict(values, "amount", full=True).evidence)


def test_a_small_table_is_looked_at_whole_and_says_nothing_of_samples():
    assert "may be missed" not in " ".join(_verdict(HARMLESS[:200], "place").evidence)


# --- through the whole product -------------------------------------------------------------------


@pytest.fixture
def policy(tmp_path, monkeypatch):
    path = tmp_path / "policy.yaml"
    path.write_text(
        'version: 1\npatterns:\n  - {entity: STAFF_NO, class: pii, regex: "ST-[0-9]{6}", header: ["staff no"]}\n'
        "rules: [{entity: STAFF_NO, public: token, internal: encrypt, compliance: clear}]\n"
    )
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PRIVGUARD_POLICY", str(path))


def test_masks_follow_the_policy_in_columns_and_in_texts(policy):
    frame = pd.DataFrame(
        {"staff_no": NUMBERS[:50], "note": [f"ask {n} about the keys to room 7" for n in NUMBERS[:50]]}
    )

    masked = pg.mask(frame)

    assert masked["staff_no"].str.startswith("tok:hs256:").all()
    assert not any(number in text for number in NUMBERS for text in masked["note"])
    assert masked["note"].str.endswith("about the keys to room 7").all()


def test_a_guarded_session_masks_them_in_printed_text(policy):
    from jupyter_privguard import runtime
    from jupyter_privguard.guard.texts.known import KnownValues
    from jupyter_privguard.guard.texts.masker import TextMasker
    from jupyter_privguard.model import Tier

    ring, _ = runtime.keyring(runtime.home())
    known = KnownValues()
    known.learn("STAFF_NO", ["ST-000123"])
    masker = TextMasker(runtime.policy(), ring)

    answer = masker.mask("ST-000123 and ST-999999 met", Tier.PUBLIC, known)

    assert answer.masked == {"STAFF_NO": 2}
    assert "ST-" not in answer.text


MARGIN = Pattern("MARGIN", DataClass.INTERNAL, "", ("margin", "purchase price"))


@pytest.mark.parametrize("label", ["margin_pct", "UnitPurchasePrice", "Margin"])
@pytest.mark.parametrize("values", [[1.5, 2.25] * 20, ["12 %", "14 %"] * 20, [None] * 40])
def test_business_data_without_a_form_is_known_by_its_label(label, values):
    verdict = _verdict(values, label, patterns=(MARGIN, STAFF))

    assert (verdict.entity, verdict.data_class, verdict.is_sensitive) == ("MARGIN", DataClass.INTERNAL, True)


@pytest.mark.parametrize("label", ["marginal_note", "price", "purchase_date_price", "x"])
def test_a_label_that_only_begins_alike_is_not(label):
    assert _verdict([1.5, 2.25] * 20, label, patterns=(MARGIN,)).entity == "NONE"


def test_a_pattern_without_a_form_finds_nothing_in_texts_and_leaves_the_others_at_work():
    assert find_spans("margin 12, ST-123456", (MARGIN, STAFF))[0].entity == "STAFF_NO"
    assert find_spans("margin 12", (MARGIN,)) == []
