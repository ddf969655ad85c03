"""What codes in a text hold is cleaned and written back, or withheld where that cannot be done."""

from __future__ import annotations

import base64
import html
import json
import pickle
import random

import pandas as pd
import pytest

from jupyter_privguard.guard.texts.encoded import WITHHELD, decoded_and_cleaned

NAME = "Wendeline Osterhaus"
PAGE = f"<p>Owner: {NAME}</p>"


def clean(text: str) -> str:
    return text.replace(NAME, "tok_1")


def same(data: bytes) -> bytes:
    return data


def code(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def cleaned(text: str) -> str:
    return decoded_and_cleaned(text, clean, same)


@pytest.mark.parametrize(
    "before", ["data:text/html;base64,", 'src="data:image/svg+xml;base64,', "", "\\n", 'x\\": \\"']
)
def test_a_page_in_letters_is_cleaned_and_written_back(before: str) -> None:
    shown = cleaned(f'{before}{code(PAGE.encode())}"')

    assert shown == f'{before}{code(clean(PAGE).encode())}"'


@pytest.mark.parametrize("value", ["104-94-1433", "Ann Dunmore", "Ann Smith", "Li Weidong"])
def test_short_values_are_read_in_letters_too(value: str) -> None:
    def masked(text: str) -> str:
        return text.replace(value, "***")

    for written in (base64.b64encode(value.encode()), base64.urlsafe_b64encode(value.encode())):
        shown = decoded_and_cleaned(f"id={written.decode()}", masked, same)

        assert shown == f"id={code(b'***')}"


def test_code_in_lines_is_read_as_one() -> None:
    text = base64.encodebytes((PAGE * 9).encode()).decode()

    shown = cleaned(text)

    assert base64.b64decode(shown) == clean(PAGE * 9).encode()
    assert base64.b64decode(cleaned(repr(text))[1:].replace("\\n", "").rstrip("'")) == clean(PAGE * 9).encode()


def test_url_safe_letters_stay_url_safe() -> None:
    raw = f"{NAME} ÿþûÿ ??>>".encode()

    assert (
        cleaned(base64.urlsafe_b64encode(raw).decode())
        == base64.urlsafe_b64encode(clean(raw.decode()).encode()).decode()
    )


def test_code_within_code() -> None:
    inner = code(PAGE.encode())

    shown = decoded_and_cleaned(
        code(f"<i>{inner}</i>".encode()), lambda t: decoded_and_cleaned(t, clean, same, depth=1), same
    )

    assert code(clean(PAGE).encode()) in base64.b64decode(shown).decode()


def test_a_document_in_a_frame() -> None:
    assert cleaned(f'<iframe srcdoc="{html.escape(PAGE)}">') == f'<iframe srcdoc="{html.escape(clean(PAGE))}">'
    assert cleaned("<iframe srcdoc='<p>x</p>'>") == "<iframe srcdoc='<p>x</p>'>"


def test_what_is_packed_in_another_way_is_withheld() -> None:
    raw = b"\x80\x04\x95\xff\xfe" + NAME.encode() + bytes(range(128, 160))

    assert cleaned(f'"{code(raw)}"') == f'"{WITHHELD}"'
    assert cleaned(repr(raw)) == f"<{WITHHELD}>"


def test_bytes_as_python_writes_them() -> None:
    assert decoded_and_cleaned("b'J\\xc3\\xbcrgen'", lambda t: t.replace("Jürgen", "x"), same) == "b'x'"
    assert cleaned("b'\\xff cut off") == "b'\\xff cut off"


def test_rounded_numbers_are_written_back() -> None:
    assert decoded_and_cleaned(code(b"\xff\x01" * 20), clean, lambda data: b"\xfe" * len(data)) == code(b"\xfe" * 40)
    assert decoded_and_cleaned(code(b"\xff\x01" * 20), clean, lambda data: None) == WITHHELD


@pytest.mark.parametrize(
    "text",
    [
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "sha256-" + code(random.Random(1).randbytes(32)),
        "/home/someone/projects/Model_Training/data/part-00017.parquet",
        "LogisticRegressionCrossValidation(penalty='l2')",
        "data:image/png;base64," + code(b"\x89PNG\r\n" + random.Random(2).randbytes(300)),
        "b'\\x00\\xff'",
        "CountVectorizer tok_74157525 2024-07-24T00 +1-415-223-1770 getFeatureNames",
        "x" * 100,
        "",
    ],
)
def test_all_else_is_the_same_object(text: str) -> None:
    assert cleaned(text) is text


def test_a_table_in_a_page_in_letters_is_masked_as_the_table_is(guarded) -> None:
    people = pd.DataFrame({"full_name": [NAME, "Oluwaseun Brandvold"] * 4, "income": [51234, 48765] * 4})
    guarded.space["people"] = people
    from jupyter_privguard.guard.cells.cell import CellOptions

    run = guarded.session.open_run("k", CellOptions(), "HTML(...)", execution_count=1, cell_id=None)

    shown = guarded.session.clean(f"<iframe src='data:text/html;base64,{code(people.to_html().encode())}'>", run)

    page = base64.b64decode(shown.split(",")[1].split("'")[0]).decode()
    assert "Osterhaus" not in page
    assert "51234" not in page
    assert "<table" in page


def test_packed_incomes_are_rounded_wherever_they_are(guarded) -> None:
    draw = random.Random(3)
    incomes = [draw.randint(40_000, 400_000) for _ in range(40)]
    names = [f"Wendeline Osterhau{chr(97 + n % 26)}" for n in range(40)]
    guarded.space["staff"] = pd.DataFrame({"full_name": names, "income": incomes})
    raw = pd.Series(incomes).to_numpy().astype("<i4").tobytes()

    for text in (json.dumps({"dtype": "i4", "bdata": code(raw)}), repr(raw), repr(pickle.dumps(incomes))):
        shown = guarded.session.clean(text, None)
        assert shown != text

    clear = json.dumps({"dtype": "i4", "bdata": code(pd.Series(range(200)).to_numpy().astype("<i4").tobytes())})
    assert guarded.session.clean(clear, None) is clear
