"""The text of a table is exchanged for its masked form wherever and whenever it is shown."""

from __future__ import annotations

import pprint
import textwrap

import pytest

from jupyter_privguard.guard.sight import PUBLIC, Sight
from jupyter_privguard.guard.texts.renderings import Rendering, Renderings
from jupyter_privguard.model import Tier

RAW = "   income  plan\n0   51234  gold\n1   48765  gold"
MASKED = "    income  plan\n0  50k-60k  gold\n1  40k-50k  gold"


def renderings(raw: str = RAW, masked: str = MASKED) -> Renderings:
    kept = Renderings()
    kept.add(Rendering(raw, "run-1", lambda sight: masked if sight == PUBLIC else raw))
    return kept


@pytest.mark.parametrize(
    "shown",
    [
        RAW,
        f"before\n{RAW}\nafter {RAW}",
        textwrap.indent(RAW, "    "),
        "[" + RAW.replace("\n", "\n "),
        repr(RAW),
        pprint.pformat({"t": RAW}),
        RAW.splitlines()[2],
        "> " + RAW.splitlines()[1],
    ],
)
def test_no_form_of_the_text_shows_a_number(shown: str) -> None:
    text = renderings().exchanged(shown, PUBLIC)

    assert "51234" not in text and "48765" not in text
    assert "gold" in text


def test_a_line_that_begins_a_line_of_another_table_is_not_taken_for_it() -> None:
    kept = renderings("born\n1992-05-07    1", "born\n1992    1")
    other = "born\n1992-05-07    153971"

    assert kept.exchanged(f"{other}\n1992-05-07    1", PUBLIC) == f"{other}\n1992    1"
    assert kept.exchanged("1992-05-07    1, 21992-05-07    1", PUBLIC) == "1992    1, 21992-05-07    1"


def test_what_a_line_is_masked_by_is_not_looked_at_again() -> None:
    kept = renderings("age  n\n54    14\n28    15", "age  n\n50-54    14\n25-29    15")

    for text in ("[age  n\n 54    14\n 28    15]", "54    14 and 50-54    14"):
        once = kept.exchanged(text, PUBLIC)
        assert "50-54    14" in once and "50-50" not in once
        assert kept.exchanged(once, PUBLIC) == once
    assert kept.exchanged("3-54    14", PUBLIC) == "3-50-54    14", "a line with its number before it"


def test_a_wrapped_table_is_exchanged_inside_a_list() -> None:
    masked = MASKED + "\n(wrapped)\nand more lines than before"

    text = renderings(masked=masked).exchanged("[" + RAW.replace("\n", "\n ") + "]", PUBLIC)

    assert text == "[" + masked.replace("\n", "\n ") + "]"


def test_it_outlives_its_cell_at_the_lowest_tier_without_the_table() -> None:
    made = []
    kept = Renderings()
    kept.add(Rendering(RAW, "run-1", lambda tier: made.append(tier) or MASKED))

    kept.settle(["run-1"])
    assert made == [], "the cell is still running"
    kept.settle([])

    assert made == [PUBLIC]
    assert kept.exchanged(RAW, Sight.of(Tier.INTERNAL)) == MASKED
    assert made == [PUBLIC]


def test_a_long_text_is_withheld_in_later_cells() -> None:
    long = "\n".join(f"{n}   51234  gold" for n in range(20_000))
    kept = renderings(raw=long)

    kept.settle([])

    assert kept.exchanged(long, PUBLIC).startswith("privguard: ")


def test_a_text_in_which_nothing_is_masked_stays_the_same_object() -> None:
    kept = renderings(raw="x  12\ny  13", masked="x  12\ny  13")

    kept.settle([])

    assert kept.exchanged(RAW, PUBLIC) is RAW
