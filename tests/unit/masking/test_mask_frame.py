"""Whole tables and single values: what changes, what stays, and what is counted."""

from __future__ import annotations

import pickle
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from jupyter_privguard.errors import MaskingError
from jupyter_privguard.frames import view
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.masking.masker import ColumnMask, MaskedFrame, mask_frame, mask_value
from jupyter_privguard.model import Operator

RING = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/00000000")
SECRET = "alice@corp.example"


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    entity: str


def find_at(text: str) -> list[Span]:
    spans, at = [], 0
    for word in text.split(" "):
        if "@" in word:
            spans.append(Span(at, at + len(word), "EMAIL_ADDRESS"))
        if word.startswith("sk-"):
            spans.append(Span(at, at + len(word), "CREDENTIAL"))
        at += len(word) + 1
    return spans


def column(entity: str, operator: str, domain: str | None = None) -> ColumnMask:
    return ColumnMask(entity, Operator(operator), domain or entity)


def test_a_table_is_masked_by_position_and_counted_by_entity() -> None:
    frame = pd.DataFrame(
        {"mail": [SECRET, None, "b@x.example"], "id": [1, 2, 1], "age": [31, 44, np.nan], "city": ["P", "Q", "P"]},
        index=pd.Index(["u1", "u2", "u1"], name="user"),
    )
    before = frame.copy(deep=True)
    masks = {
        0: column("EMAIL_ADDRESS", "partial"),
        1: column("CUSTOMER_ID", "token"),
        2: column("AGE", "generalise"),
        3: column("CITY", "clear"),
        4: column("USERNAME", "token"),
    }

    out = mask_frame(view(frame), masks, RING, on_screen=True)

    pd.testing.assert_frame_equal(frame, before)
    assert out.masked == {"EMAIL_ADDRESS": 2, "CUSTOMER_ID": 3, "AGE": 2, "USERNAME": 3}
    assert out.native["age"].tolist()[:2] == ["30-34", "40-44"] and pd.isna(out.native["age"].iloc[2])
    assert out.native["city"].tolist() == ["P", "Q", "P"]
    assert out.native["id"].iloc[0] == out.native["id"].iloc[2] != out.native["id"].iloc[1]
    assert out.native.index[0] == out.native.index[2] and out.native.index.name == "user"
    assert SECRET.encode() not in pickle.dumps(out.native)


def test_labels_are_replaced() -> None:
    out = mask_frame(view(pd.DataFrame({SECRET: [1]})), {}, RING, on_screen=True, labels=["[masked]"])

    assert list(out.native.columns) == ["[masked]"] and out.masked == {}


def test_a_masked_frame_is_made_by_masking_alone() -> None:
    with pytest.raises(TypeError, match="mask_frame"):
        MaskedFrame(pd.DataFrame({"x": [SECRET]}), {})


def test_an_id_has_one_token_in_every_table_and_type() -> None:
    tokens = set()
    for ids in ([9807992155, 1], [9807992155.0, np.nan], ["9807992155", "x"]):
        out = mask_frame(view(pd.DataFrame({"id": ids})), {0: column("CUSTOMER_ID", "token")}, RING, on_screen=False)
        tokens.add(out.native["id"].iloc[0])

    assert len(tokens) == 1


def test_domains_and_deployments_are_kept_apart() -> None:
    other = KeyRing(master=b"n" * 32, seed=b"s" * 32, origin="privguard/1")
    for operator in ("token", "encrypt"):
        handles = {
            mask_value("7", column("CUSTOMER_ID", operator, domain), ring, on_screen=False)
            for domain in ("customer", "employee")
            for ring in (RING, other)
        }
        assert len(handles) == 4


def test_a_domain_of_the_column_shows_when_five_addresses_share_it() -> None:
    mails = [f"u{n}@corp.example" for n in range(5)] + ["x@rare.example", "y@GMAIL.com"] + ["x@rare.example"] * 9

    out = mask_frame(view(pd.DataFrame({"m": mails})), {0: column("EMAIL_ADDRESS", "partial")}, RING, on_screen=True)

    assert out.native["m"].tolist()[:7] == ["***@corp.example"] * 5 + ["***@***", "***@gmail.com"]
    assert set(out.native["m"][7:]) == {"***@***"}


NOTES = ["call alice@corp.example today", "nothing here", None, "key sk-12345 of alice@corp.example"]


def notes(operator: str, *, on_screen: bool = True, spans: bool = True) -> tuple[list[object], dict[str, int]]:
    out = mask_frame(
        view(pd.DataFrame({"n": pd.Series(NOTES, dtype=object)})),
        {0: column("FREE_TEXT_WITH_PII", operator)},
        RING,
        on_screen=on_screen,
        find_spans=find_at if spans else None,
    )
    return out.native["n"].tolist(), dict(out.masked)


def test_in_free_text_only_spans_are_replaced() -> None:
    texts, masked = notes("partial")

    assert texts == ["call [EMAIL_ADDRESS] today", "nothing here", None, "key [CREDENTIAL] of [EMAIL_ADDRESS]"]
    assert masked == {"FREE_TEXT_WITH_PII": 2}


@pytest.mark.parametrize(("on_screen", "start"), [(True, "enc_"), (False, "enc:siv256:")])
def test_spans_are_reversible_inside_but_credentials_never(on_screen: bool, start: str) -> None:
    texts, _ = notes("encrypt", on_screen=on_screen)
    alone = mask_value(SECRET, column("EMAIL_ADDRESS", "encrypt"), RING, on_screen=on_screen)

    assert texts[0] == f"call {alone} today" and alone.startswith(start)
    assert texts[3] == f"key [CREDENTIAL] of {alone}"


@pytest.mark.parametrize("operator", ["partial", "encrypt", "token"])
def test_without_a_finder_free_text_is_withheld(operator: str) -> None:
    assert notes(operator, spans=False)[0] == ["[redacted]", "[redacted]", None, "[redacted]"]


def test_what_is_no_text_in_a_free_text_column_is_withheld() -> None:
    assert mask_value(
        {"a": SECRET}, column("FREE_TEXT_WITH_PII", "partial"), RING, on_screen=True, find_spans=find_at
    ) == ("[redacted]")


def test_redact_withholds_the_whole_text() -> None:
    assert notes("redact")[0] == ["[redacted]", "[redacted]", None, "[redacted]"]


class Mute:
    def __str__(self) -> str:
        raise RuntimeError(SECRET)


def crash(text: str) -> list[Span]:
    raise ValueError(text)


@pytest.mark.parametrize(
    "spans", [crash, lambda text: [Span(0, 999, "X")], lambda text: [Span(2, 3, "X"), Span(0, 1, "X")]]
)
def test_a_finder_that_fails_shows_nothing_and_says_no_value(spans: object) -> None:
    with pytest.raises(MaskingError) as caught:
        mask_value(SECRET, column("FREE_TEXT_WITH_PII", "partial"), RING, on_screen=True, find_spans=spans)  # type: ignore[arg-type]

    assert SECRET not in str(caught.value) and caught.value.__suppress_context__


@pytest.mark.parametrize("value", [None, float("nan")])
def test_nulls_stay_null_as_single_values(value: object) -> None:
    out = mask_value(value, column("CUSTOMER_ID", "token"), RING, on_screen=True)

    assert out is value


def test_rounding_keeps_number_columns_numbers() -> None:
    frame = pd.DataFrame({"i": [34567, 12345], "f": [0.123, np.nan], "n": pd.array([34567, None], dtype="Int64")})

    out = mask_frame(view(frame), dict.fromkeys(range(3), column("INCOME", "round")), RING, on_screen=True).native

    assert [str(dtype) for dtype in out.dtypes] == ["int64", "float64", "Int64"]
    assert out["i"].tolist() == [35000, 12000]
