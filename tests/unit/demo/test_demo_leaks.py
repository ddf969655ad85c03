"""The second opinion on an executed notebook: what it must find, and what it must let pass."""

from __future__ import annotations

import pandas as pd
import pytest

from jupyter_privguard.demo.leaks import LeakError, check_notebook
from jupyter_privguard.keys.providers.file import FileKeys
from jupyter_privguard.model import Tier
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.settings import Home

PEOPLE = [f"person{number:02d}.surname@firm{number:02d}.example" for number in range(30)]
PLANS = ["standard", "premium!"] * 15


@pytest.fixture
def check(tmp_path):
    path = tmp_path / "people.csv"
    pd.DataFrame({"email": PEOPLE, "plan": PLANS, "city": ["Springfield"] * 30}).to_csv(path, index=False)
    home = Home(tmp_path / "home")
    home.make()
    ring = FileKeys(home.keys).create()

    def run(*outputs, tier=Tier.PUBLIC, source=""):
        cells = [
            {"cell_type": "markdown", "source": PEOPLE[0]},
            {"cell_type": "code", "execution_count": 1, "source": source, "outputs": list(outputs)},
        ]
        check_notebook({"cells": cells}, [path], tiers={1: tier}, policy=built_in(), keyring=ring)

    return run


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "stream", "name": "stdout", "text": f"x {PEOPLE[3]} y"},
        {"output_type": "stream", "name": "stdout", "text": PEOPLE[3]},
        {"output_type": "execute_result", "data": {"text/plain": "ok", "text/html": f"<td>{PEOPLE[4]}</td>"}},
        {"output_type": "display_data", "data": {"application/json": {"a": [1, PEOPLE[5]]}}},
        {"output_type": "error", "ename": "KeyError", "evalue": repr(PEOPLE[6]), "traceback": []},
        {"output_type": "display_data", "data": {"text/html": PEOPLE[7].replace("@", "&#64;")}},
    ],
)
def test_a_raw_value_is_found_with_cell_and_column_and_never_quoted(check, output):
    with pytest.raises(LeakError) as caught:
        check(output)

    message = str(caught.value)
    assert message.startswith("privguard: cell 2 ")
    assert "`email`" in message
    assert "surname" not in message
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("tier", [Tier.PUBLIC, Tier.INTERNAL])
def test_what_the_tier_may_see_passes(check, tier):
    check({"output_type": "stream", "name": "stdout", "text": "standard premium! Springfield ***@***"}, tier=tier)


def test_the_highest_tier_sees_all(check):
    check({"output_type": "stream", "name": "stdout", "text": PEOPLE[0]}, tier=Tier.COMPLIANCE)


def test_sources_and_markdown_are_the_authors_own_words(check):
    check(source=f"df[df.email == '{PEOPLE[0]}']")


def test_part_of_a_longer_word_is_no_value(check):
    check({"output_type": "stream", "name": "stdout", "text": f"a{PEOPLE[3]}b"})


def test_pictures_are_not_read_as_text(check):
    check({"output_type": "display_data", "data": {"image/png": PEOPLE[3]}})
