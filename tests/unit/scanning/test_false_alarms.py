"""Numbers and words that have the form of something and are nobody's; and what stands beside them and is somebody's."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable

import pytest

from jupyter_privguard.scanning.findings import Finding
from tests.unit.scanning.made_files import as_bytes, notebook, shown

Look = Callable[..., list[Finding]]

CARD = "4111 1111 1111 1111"
CHANCE = random.Random(20)


def _whole() -> str:
    return " ".join(str(CHANCE.randint(0, 9_999)) for _ in range(400))


def _pairs() -> str:
    return " ".join(f"{CHANCE.randint(0, 99_999)},{CHANCE.randint(0, 99_999)}" for _ in range(300))


def _short() -> str:
    """As programs that make files small write paths: no blank where none is needed."""
    return "".join(f"{CHANCE.choice('lhvcs')}{CHANCE.randint(-400, 400)}.{CHANCE.randint(1, 99)}" for _ in range(600))


def _blocks() -> str:
    return "".join(f"{CHANCE.choice('MLC')}{CHANCE.randint(0, 9_999)} {CHANCE.randint(0, 9_999)}\n" for _ in range(400))


DRAWN = {
    "a path": lambda: f'<path d="M{_whole()}z"/>',
    "a path of pairs": lambda: f"<path d='m {_pairs()}'/>",
    "a short path": lambda: f'<path fill="#fff" d="M1 2{_short()}"/>',
    "a path over lines": lambda: f'<path d="\n{_blocks()}"/>',
    "points": lambda: f'<polyline points="{_whole()}"/>',
    "turns": lambda: f'<g transform="translate({CARD}) matrix({_pairs()})"/>',
    "a view box": lambda: f'<svg viewBox="{CARD}"/>',
    "a gradient": lambda: f'<linearGradient gradientTransform="matrix({CARD} 12 12)"/>',
}


@pytest.mark.parametrize("what", DRAWN)
def test_numbers_of_drawings_are_nobodys(what: str, found: Look) -> None:
    for _ in range(3):
        svg = f'<svg xmlns="http://www.w3.org/2000/svg">{DRAWN[what]()}</svg>'
        assert found("a.svg", svg.encode()) == []
        assert found("a.html", f"<html><p>n</p>{svg}</html>".encode()) == []
        assert found("a.ipynb", as_bytes(notebook(shown(**{"image_svg+xml": svg.splitlines(keepends=True)})))) == []


def test_texts_and_names_in_drawings_are_looked_at(found: Look) -> None:
    svg = (
        f'<svg viewBox="0 0 9 9"><path d="M{_whole()}"/><text x="1" y="2">{CARD}</text>'
        '<text>4111111111111111</text><a href="mailto:asha.patel@corp.example"/>'
        "<desc>card 5500-0000-0000-0004</desc></svg>"
    )

    assert Counter(one.entity for one in found("a.svg", svg.encode())) == {"CREDIT_CARD": 3, "EMAIL_ADDRESS": 1}


@pytest.mark.parametrize("text", ['d="4111111111111111"', f"d='{CARD}'", f'points="{CARD}"', f'd = "{CARD}"'])
def test_a_card_under_the_name_of_a_drawing_is_a_card(text: str, found: Look) -> None:
    assert [one.entity for one in found("a.py", text.encode())] == ["CREDIT_CARD"] or "points" in text


@pytest.mark.parametrize("name", ["a.log", "a.txt", "a.yaml", "a.json"])
def test_numbers_that_follow_one_another_are_nobodys(name: str, found: Look) -> None:
    for made in (_whole, _pairs):
        text = made()
        data = json.dumps({"losses": text}) if name == "a.json" else f"values: {text}\n"
        assert found(name, data.encode()) == []


@pytest.mark.parametrize(
    "text",
    [
        f"paid by {CARD} on 12/27",
        f"1 2 3 {CARD} 4 5 6",
        " ".join(["4111 1111 1111 1111", "5500 0000 0000 0004", "4012 8888 8888 1881"] * 3),
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 4111111111111111 15 16",
        "4111111111111111,5500000000000004,4012888888881881",
        "\n".join(f"{number} {CARD}" for number in range(30)),
    ],
)
def test_cards_among_a_few_numbers_or_among_cards_are_cards(text: str, found: Look) -> None:
    findings = found("a.log", text.encode())

    assert {one.entity for one in findings} == {"CREDIT_CARD"}
    assert len(findings) == text.count("4111") + text.count("5500") + text.count("4012")


HEAP = [0x7F30_1234_0000 + place * 7_919 * 16 for place in range(600)]  # seven pass for numbers of insured persons


@pytest.mark.parametrize("name", ["schema.json", "a.log", "a.py", "a.csv", "deep.json"])
def test_where_objects_lie_in_memory_is_nobodys_number(name: str, found: Look) -> None:
    made = {
        "schema.json": json.dumps([{"__id__": one, "file": f"{one}.npy"} for one in HEAP]),
        "deep.json": json.dumps(
            {f"k{one}": {"__id__": one, "of": {f"m{one}": {"file": f"{one}.npy"}}} for one in HEAP}
        ),
        "a.csv": "name_of_part,__id__\n" + "".join(f"part,{one}\n" for one in HEAP),
    }
    data = made.get(name, "".join(f"object at {one:#x}, id={one}\n" for one in HEAP))

    assert "FR_NIR" not in {one.entity for one in found(name, data.encode())}


def test_numbers_of_insured_persons_are_found(found: Look) -> None:
    numbers = [f"{two}{97 - int(two) % 97:02}" for two in ("1850578006084", "2690549588157", "1391199341006")]

    assert [one.entity for one in found("a.log", "\n".join(numbers).encode())] == ["FR_NIR"] * 3
    assert [one.count for one in found("a.json", json.dumps([{"nir": int(one)} for one in numbers]).encode())] == [3]


@pytest.mark.parametrize(
    "text",
    [
        "see https://github.com/somebody/telco-customer-churn-on-icp4d/raw/main/README.md",
        "git clone https://github.com/somebody/employee-attrition-aif360.git",
        'for said, action in (("Wrong passphrases", "key.unlock"), ("New secrets", "key.made")): ...',
        'letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"',
        "base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'",
        "https://docs.example/how-to-delete-the-setting-of-an-account-1549524548115 and more",
        "CI_COMMIT_EMAIL: actions@users.noreply.github.com",
        "uri = 'postgresql+psycopg2://${DB_USER}:${DB_PASSWORD}@db/orders'",
        "connect to mysql://user:password@host:3306/database",
        "redis://:<password>@cache:6379/0",
    ],
)
@pytest.mark.parametrize("name", ["a.md", "a.yaml", "a.py"])
def test_words_and_blanks_to_fill_in_are_no_findings(text: str, name: str, found: Look) -> None:
    assert found(name, text.encode()) == []


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("postgresql://shop:7Hq-rem4x@db:5432/orders", "CREDENTIAL"),
        ("mysql://user:password1990@host/database", "CREDENTIAL"),
        ("employee id: E-20417-88", "EMPLOYEE_ID"),
        ("customer number K10442", "CUSTOMER_ID"),
        ("noreply.smith@corp.example", "EMAIL_ADDRESS"),
    ],
)
def test_what_looks_like_them_and_is_something(text: str, entity: str, found: Look) -> None:
    assert entity in {one.entity for one in found("a.txt", text.encode())}


@pytest.mark.parametrize("none", ["NaN", "None", "NaT", "<NA>", "null", ""])
def test_what_stands_for_no_value_is_none(none: str, found: Look) -> None:
    said = none.replace("<", "&lt;").replace(">", "&gt;")
    html = "<table><tr><th></th><th>api_key</th><th>ssn</th></tr>" + f"<tr><th>0</th>{f'<td>{said}</td>' * 2}</tr>" * 3
    printed = [f"  {'api_key':>8} {'ssn':>8}\n", *(f"{at} {none:>8} {none:>8}\n" for at in range(3))]

    assert found("a.ipynb", as_bytes(notebook(shown(text_html=html + "</table>", text_plain=printed)))) == []
    assert found("a.csv", f"api_key,ssn,n\n{none},{none},1\n{none},{none},2\n".encode()) == []
