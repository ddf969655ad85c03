"""The probe's own eyes: a planted value is seen in any common writing, and ordinary text is not one."""

from __future__ import annotations

import base64
import gzip
import html
import json
import random
import struct
import zlib
from functools import cache
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.selftest.decoding import PNG, leaves, readings
from jupyter_privguard.selftest.people import COLUMNS, FILE, ROWS, make_people, write_people
from jupyter_privguard.selftest.search import Search

PEOPLE = {
    "full_name": ["Jürgen Tamabrimann"],
    "email": ["asha.velonavitch7@mail.example"],
    "phone": ["+1 887 555 0134"],
    "ssn": ["390-85-9181"],
    "card_number": ["4242869073662585"],
    "customer_id": ["K8124158"],
    "street": ["819 Tamaisca Road"],
    "dob": ["1978-05-28"],
    "income": ["424709"],
}
SEARCH = Search(PEOPLE, numbers=["income"], dates=["dob"])


def found(received: object) -> set[str]:
    return SEARCH.columns_in(leaves(received))


@pytest.mark.parametrize(
    ("received", "column"),
    [
        ("to Jürgen Tamabrimann, Pune", "full_name"),
        ("TAMABRIMANN, J.", "full_name"),
        ("Ju\u0308rgen  Tamabrimann", "full_name"),
        ("Jürgen\x1b[0m \x1b[31mTamabrimann\x1b[0m", "full_name"),
        ("<b>Jürgen</b> <i>Tama</i>brimann", "full_name"),
        (json.dumps("Jürgen Tamabrimann"), "full_name"),
        ("'\\nTamabrimann\\t'", "full_name"),
        ({"deep": [({"Tamabrimann": 1},)]}, "full_name"),
        ("asha.velonavitch7@mail.example", "email"),
        ("asha.velonavitch7&#64;mail.example", "email"),
        ("mailto:" + quote("asha.velonavitch7@mail.example"), "email"),
        ("asha.velonavitch7", "email"),
        ("%61sha%2Evelonavitch7", "email"),
        (base64.b64encode(b"id;asha.velonavitch7;").decode(), "email"),
        (base64.urlsafe_b64encode(b">>>>" + b"asha.velonavitch7").decode(), "email"),
        (base64.b64encode(gzip.compress(b"asha.velonavitch7", mtime=0)).decode(), "email"),
        (zlib.compress(b"asha.velonavitch7"), "email"),
        ("Asha.Velonavitch7".encode("utf-16-le"), "email"),
        ("\0" + "asha.velonavitch7", "email"),
        ("+1 887 555 0134", "phone"),
        ("18875550134", "phone"),
        ("+1 (887) 555-0134", "phone"),
        ("390859181", "ssn"),
        ("390 85 9181", "ssn"),
        ("4242 8690 7366 2585", "card_number"),
        ("4242-8690-7366-2585", "card_number"),
        (4242869073662585, "card_number"),
        ("k8124158", "customer_id"),
        ("'819 Tamaisca Road'", "street"),
        ("1978-05-28 00:00:00", "dob"),
        ("28.05.1978", "dob"),
        ("5/28/1978", None),
        ("05/28/1978", "dob"),
        ("datetime.date(1978, 5, 28)", "dob"),
        ("19780528", "dob"),
        (265161600000, "dob"),
        ("28 May 1978", "dob"),
        (424709, "income"),
        (424709.0, "income"),
        ("424,709", "income"),
        ("€424'709.00", "income"),
        ("4.24709e+05", "income"),
        ("np.int64(424709)", "income"),
        (struct.pack("<3d", 1.5, 424709, 2.5), "income"),
        (base64.b64encode(struct.pack("<4i", 1, 2, 424709, 3)).decode(), "income"),
    ],
)
def test_a_value_is_seen_in_any_common_writing(received: object, column: str | None) -> None:
    assert found(received) == ({column} if column else set())


@pytest.mark.parametrize(
    "received",
    [
        "Jürgen tok_1a2b3c4d ***@mail.example ***-**-9181 400k-450k 1978",
        "asha.other@mail.example",
        "Tamabrimanns and Tamabri",
        "1424709 4247090 0.424709 424709.5 v424709 512.424709,3",
        "42 47 09 and 424 709",
        "K81241580",
        "1978-05-27 1978-06-28 1978",
        "visits 28\n05 ***-**-1978",
        "242869073662585 42428690736625850",
        struct.pack("<i", 424709)[1:] + b"\0\0",
        b"\0" + struct.pack("<i", 424709),
        PNG + struct.pack(">I", 8) + b"IDAT" + struct.pack("<d", 424709) + b"1234",
        "9" * 5000,
        "",
        None,
        True,
    ],
)
def test_what_only_looks_like_it_is_not_one(received: object) -> None:
    assert found(received) == set()


def test_texts_of_a_png_are_read_and_its_points_are_not() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + b"crc."

    name = PEOPLE["full_name"][0].encode()

    assert found(PNG + chunk(b"tEXt", b"Title\0" + name)) == {"full_name"}
    assert found(PNG + chunk(b"zTXt", b"Title\0\0" + zlib.compress(name))) == {"full_name"}
    assert found(PNG + chunk(b"iTXt", b"Title\0\1\0\0\0" + zlib.compress(name))) == {"full_name"}
    assert found(base64.b64encode(PNG + chunk(b"eXIf", b"II*\0" + name)).decode()) == {"full_name"}
    assert found(PNG + chunk(b"IDAT", name)) == set()
    assert found(PNG + b"\xff\xff\xff\xff") == set()


@cache
def run_of(seed: int) -> tuple[dict[str, list[str]], Search]:
    people = make_people(seed)
    return people, Search({name: people[name] for name in COLUMNS}, numbers=["income"], dates=["dob"])


@given(st.integers(0, 3), st.sampled_from(COLUMNS), st.integers(0, ROWS - 1), st.integers(0, 4))
def test_every_value_of_a_run_is_seen_in_each_wrapping(seed: int, column: str, row: int, wrapping: int) -> None:
    people, search = run_of(seed)
    text = f"before {people[column][row]} behind"
    wraps = (str, html.escape, json.dumps, quote, lambda text: base64.b64encode(text.encode()).decode())

    assert column in search.columns_in([wraps[wrapping](text)])


@given(st.one_of(st.text(), st.binary()))
def test_nothing_makes_it_fail(received: str | bytes) -> None:
    SEARCH.columns_in([received])

    assert next(iter(readings(received))) == received


def test_people_are_the_same_for_a_seed_and_told_apart(tmp_path) -> None:
    people = make_people(3)

    assert make_people(3) == people != make_people(4)
    assert {len(values) for values in people.values()} == {ROWS}
    assert all(len(set(people[column])) == ROWS for column in ("full_name", "email", "customer_id", "card_number"))
    write_people(tmp_path / FILE, people)
    assert (tmp_path / FILE).read_text().splitlines()[0].split(",") == [*COLUMNS, "plan", "visits"]


def test_people_of_other_seeds_are_not_seen() -> None:
    rng = random.Random(1)
    for _ in range(5):
        people = make_people(rng.randrange(2**32))
        shown = "\n".join(",".join(row) for row in zip(*people.values(), strict=True))

        assert found(shown) == set()
