"""What a sample says that it can miss is true, and nothing is missed when every cell is looked at."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.frames import view

ROWS = 1_000_000
SHELVES = [f"shelf {n}" for n in range(977)]
LIMIT = r"values: (\d+) of ([\d,]+) looked at; (a form in fewer than 1 in (\d+)|any other form) may be missed"


def _verdict(values, **options):
    return classify(view(pd.DataFrame({"place": values})), **options)[0]


@pytest.mark.parametrize("period", [2, 4, 7, 10, 12])
@pytest.mark.parametrize("rows", [1000, 5000, 80_000])
def test_a_form_that_takes_turns_with_another_is_in_the_sample(period, rows):
    values = [f"a{n}@corp.example" if n % period == 1 else SHELVES[n % 977] for n in range(rows)]

    sample = view(pd.DataFrame({"place": values})).sample(0, 200)

    assert len(sample) == 200
    assert 0.5 / period < sum("@" in value for value in sample) / 200 < 1.7 / period


@pytest.mark.parametrize("known", [1, 5, 30, 60, 400])
def test_the_share_that_may_be_missed_follows_from_the_cells_that_were_seen(known):
    values = pd.Series([None] * 5000, dtype=object)
    values.iloc[:known] = SHELVES[:known]

    seen, _, _, share = re.fullmatch(LIMIT, _verdict(values).evidence[-1]).groups()

    assert 0 < int(seen) <= known
    assert (share is None) is (int(seen) < 6)
    assert share is None or (1 - 1 / int(share)) ** int(seen) < 0.02


def test_numbers_among_which_a_text_may_stand_have_a_limit_too_and_typed_ones_have_none():
    assert re.fullmatch(LIMIT, _verdict(pd.Series(range(5000), dtype=object)).evidence[-1])
    assert "may be missed" not in " ".join(_verdict(list(range(5000))).evidence)


def _with(cell, values, kind=None):
    cells = np.array(values, dtype=object)
    cells[123_457] = cell
    return pd.Series(cells, dtype=kind or object)


TEXTS = (SHELVES * (ROWS // 977 + 1))[:ROWS]


@pytest.mark.parametrize("cell", ["zq@corp.example", "2345 6789 0124", "4539 1488 0343 6467"])
@pytest.mark.parametrize("kind", ["object", "string[pyarrow]", "category"])
def test_one_cell_of_a_million_is_found(cell, kind):
    assert _verdict(_with(cell, TEXTS, kind), full=True).entity == "FREE_TEXT_WITH_PII"


def test_one_cell_is_found_among_numbers_written_as_text_or_not():
    rows = ROWS // 5
    written = [f"{n % 999}.{n % 100:02d}" for n in range(rows)]

    assert _verdict(_with("zq@corp.example", written), full=True).entity == "FREE_TEXT_WITH_PII"
    assert _verdict(_with("zq@corp.example", list(range(rows))), full=True).entity == "FREE_TEXT_WITH_PII"


def test_one_label_of_a_million_is_found_in_an_index():
    index = pd.Index(_with("zq@corp.example", TEXTS), name="place")
    frame = pd.DataFrame({"x": np.zeros(ROWS)}, index=index)

    assert classify(view(frame), full=True)[1].entity == "FREE_TEXT_WITH_PII"
