"""`%%secure` is read without IPython and taken away without moving the lines below it."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from jupyter_privguard.model import Tier
from jupyter_privguard.notebook.header import is_misplaced, parse_header, remove_header


def test_all_options_are_read() -> None:
    header = parse_header("%%secure --purpose 'churn model' --experiment exp-1 --tier internal --reason \"audit\"\nx")

    assert header is not None and header.problem == ""
    assert header.options.purpose == "churn model"
    assert header.options.experiment == "exp-1"
    assert header.options.tier is Tier.INTERNAL
    assert header.options.reason == "audit"


@pytest.mark.parametrize(
    "cell", ["x = 1", "%%time\nx", "# %%secure", "%%secured", "%%secure?", "%%securely a", "", "'%%secure'"]
)
def test_other_cells_have_no_header(cell: str) -> None:
    assert parse_header(cell) is None
    assert remove_header(cell.splitlines(keepends=True)) == cell.splitlines(keepends=True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("%%secure --teir public", "--tier"),
        ("%%secure --purpose", "--purpose has no value"),
        ("%%secure --purpose --tier public", "--purpose has no value"),
        ("%%secure --tier internal --reason", "--reason has no value"),
        ("%%secure --tier secret", "public, internal or compliance"),
        ("%%secure stray", "belong to no option"),
        ("%%secure --purpose 'open", "quote"),
        ("%%secure --purpose ''", "empty"),
        (f"%%secure --purpose {'x' * 201}", "200"),
        ("%%secure --purpose 'a\x07b'", "control"),
    ],
)
def test_a_mistake_refuses_the_cell_in_one_sentence(line: str, said: str) -> None:
    header = parse_header(f"{line}\nx = 1")

    assert header is not None
    assert header.problem.startswith("privguard:") and said in header.problem
    assert "\n" not in header.problem


@pytest.mark.parametrize(
    ("cell", "misplaced"),
    [
        ("# the cleaned table\n%%secure --tier internal\ndf.head()", True),
        ("x = 1\n%%secure --tier internal\nx", True),
        ("if True:\n    %%secure\n    x", True),
        ("%time x = 1", False),
        ("x = 1\n%secure --tier internal", False),
        ("text = '''\n%%secure --tier internal\n'''", False),
        ("# %%secure --tier internal\nx = 1", False),
        ("get_ipython().run_cell_magic('time', '', '%%secure')", False),
    ],
)
def test_a_header_below_a_comment_or_code_is_noticed_and_a_text_is_none(cell: str, misplaced: bool) -> None:
    assert is_misplaced(ast.parse(TransformerManager().transform_cell(cell))) is misplaced


def test_a_header_below_another_cell_magic_is_refused_not_ignored() -> None:
    header = parse_header("%%time\n%%secure --tier internal\nx")

    assert header is not None and "first line" in header.problem
    assert parse_header("%%writefile notes.txt\n# %%secure") is None


def test_a_header_alone_is_not_a_complete_cell() -> None:
    from IPython.core.inputtransformer2 import TransformerManager

    manager = TransformerManager()
    manager.cleanup_transforms.append(remove_header)

    assert manager.check_complete("%%secure --tier internal")[0] == manager.check_complete("%%time")[0] == "incomplete"


def test_a_mistake_is_not_quoted_back() -> None:
    header = parse_header("%%secure --purpose a asha.k@corp.example")

    assert header is not None and "asha" not in header.problem


def test_line_numbers_stay() -> None:
    assert remove_header(["%%secure --tier public\n", "a\n", "b"]) == ["\n", "a\n", "b"]


def test_another_cell_magic_comes_first() -> None:
    assert remove_header(["%%secure\n", "%%time\n", "a"]) == ["%%time\n", "a"]


@given(st.lists(st.text(alphabet="ab %\n=", max_size=12).map(lambda s: s.replace("\n", "") + "\n"), max_size=5))
def test_removing_twice_is_removing_once(lines: list[str]) -> None:
    once = remove_header(["%%secure\n", *lines])

    assert remove_header(once) == once or once[:1] == ["%%secure\n"]
