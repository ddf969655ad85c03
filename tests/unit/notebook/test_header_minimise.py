"""`%%secure --minimise` takes labels as CSV writes them."""

from __future__ import annotations

import pytest

from jupyter_privguard.notebook.header import HELP, parse_header


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("age", ("age",)),
        ("age,income", ("age", "income")),
        ("'age, income'", ("age", "income")),
        ("'full name,age'", ("full name", "age")),
        ("""'age,"last, first"'""", ("age", "last, first")),
        ('\'"say ""hi""",age\'', ('say "hi"', "age")),
        ("age,age,income", ("age", "income")),
        ("größe,氏名", ("größe", "氏名")),
        (",".join(f"column_{n}" for n in range(200)), tuple(f"column_{n}" for n in range(200))),
    ],
)
def test_columns_are_read(text: str, labels: tuple[str, ...]) -> None:
    for line in (f"%%secure --minimise {text}", f"%%secure --minimise={text} --purpose p"):
        header = parse_header(f"{line}\n1")
        assert header is not None and header.problem == "" and header.options.minimise == labels


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "--minimise has no value"),
        ("''", "without a name"),
        (",", "without a name"),
        ("age,,income", "without a name"),
        ("age, income", "belong to no option"),
        ("""'age,"open'""", "a quote too few"),
        ("x" * 201, "longer than 200"),
        ("'a\x07b'", "control"),
        (",".join(str(n) for n in range(1001)), "more than 1000 columns"),
    ],
)
def test_a_mistake_refuses_the_cell_in_one_sentence(text: str, said: str) -> None:
    header = parse_header(f"%%secure --minimise {text}\n1")

    assert header is not None and header.options.minimise == ()
    assert header.problem.startswith("privguard: %%secure: ") and said in header.problem and "\n" not in header.problem


def test_without_it_a_cell_gets_everything() -> None:
    header = parse_header("%%secure --purpose p\n1")

    assert header is not None and header.options.minimise == ()
    assert "--minimise COLS" in HELP
