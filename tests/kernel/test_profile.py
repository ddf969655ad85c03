"""`%privguard profile` in a real kernel: rich and as text, without values, and in the log."""

from __future__ import annotations

import json

import pytest

TABLE = """
import pandas as pd
people = pd.DataFrame({
    "email": [f"person.{n}@corp.example" for n in range(60)],
    "full_name": ["Asha Kulkarni", "Ravi Menon"] * 30,
    "age": [20 + n for n in range(60)],
    "city": ["Pune"] * 50 + ["Agra"] * 7 + ["Nagpur"] * 3,
    "plan": ["gold", "basic"] * 30,
})
"""


@pytest.fixture
def guarded(start):
    kernel = start()
    assert kernel.run("%load_ext jupyter_privguard").ok
    assert kernel.run(TABLE).ok
    return kernel


def test_a_profile_tells_groups_and_no_values(guarded, home) -> None:
    seen = guarded.run("%privguard profile people")

    [data] = seen.data
    for form in ("text/plain", "text/html"):
        for told in ("20–29", "Pune 50", "gold 30", "EMAIL_ADDRESS"):
            assert told in data[form], (form, told)
        for raw in ("person.", "Asha", "Menon", "Nagpur", "Agra"):
            assert raw not in data[form], (form, raw)
    [touched] = home.events("cell.run")[-1]["datasets"]
    assert (touched["name"], touched["how"]) == ("people", ["computed", "shown"])
    assert touched["columns"] == ["email", "full_name", "age", "city", "plan"]
    [shown] = home.events("cell.run")[-1]["shown"]
    assert [column["label"] for column in shown["columns"]] == ["city", "plan"]
    assert "person." not in json.dumps(home.events())


def test_other_engines_are_profiled_too(guarded) -> None:
    seen = guarded.run("import pyarrow as pa\nt = pa.Table.from_pandas(people)\n%privguard profile t")

    assert "20–29" in seen.data[0]["text/plain"]


@pytest.mark.parametrize("words", ["", "nothing_here", "people plan"])
def test_mistakes_are_one_sentence(guarded, words) -> None:
    seen = guarded.run(f"%privguard profile {words}")

    assert not seen.ok
    assert seen.reply["evalue"].startswith("privguard: ")
