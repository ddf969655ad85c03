"""`%privguard set`: a person's word on a column holds at once, everywhere, and is recorded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.kernel.conftest import EMAIL, NAME, PEOPLE

FILE = f"""
import pandas as pd
pd.DataFrame({{
    "email": ["{EMAIL}", "ravi.menon42@corp.example"] * 4,
    "full_name": ["{NAME}", "Ravi Menon"] * 4,
    "shelf": ["QX-77120", "QX-88431"] * 4,
}}).to_csv("customers.csv", index=False)
"""

WITHOUT_THE_RIGHT = """
version: 1
principals: {{{who}: {{roles: [analyst]}}}}
roles: {{analyst: {{tiers: [public, internal]}}, dpo: {{tiers: [public], classify: true}}}}
"""


def test_a_lowered_column_is_shown_from_the_next_cell_on(guarded, home) -> None:
    assert EMAIL not in guarded.run("df").screen and EMAIL not in guarded.run("print(df)").screen

    said = guarded.run("%privguard set df.email NONE")
    assert said.ok and said.streams.startswith("privguard: email of df is NONE (was EMAIL_ADDRESS)"), said
    assert EMAIL not in said.screen

    for code in ("df", "print(df)", "df.head(3)", "print(df.email[0])", "df[df.amount > 200]", "people = df\npeople"):
        shown = guarded.run(code)
        assert "corp.example" in shown.screen, code
        assert NAME not in shown.screen and "51234" not in shown.screen, code
    changed = home.events("class.change")
    assert [
        (e["dataset"], e["column"], e["before"], e["after"], e["direction"], e["saved"], e["outcome"]) for e in changed
    ] == [("df", "email", "EMAIL_ADDRESS", "NONE", "lower", False, "ok")]
    assert changed[0]["principal"]["assurance"] == "self"

    guarded.run("%privguard set df.email --off")
    for code in ("df", "print(df)", "df.head(3)", "print(df.email[0])"):
        assert "corp.example" not in guarded.run(code).screen.replace("***@corp.example", ""), code


def test_a_raised_column_is_masked_at_once(reguarded, home) -> None:
    assert "gold" in reguarded.run("df").screen

    said = reguarded.run("%privguard set df.amount INCOME\nprint(df.head(3))\ndf")

    assert "is INCOME (was NONE)" in said.streams
    amount = re.compile(r"\b(?:137|254)\b")  # the letters of a handle may hold them too
    assert not amount.search(said.screen)
    for code in ("print(df)", "df.amount", "df.rename(columns={'amount': 'x'})", "df.loc[0]", "df.assign(y=1)"):
        assert not amount.search(reguarded.run(code).screen), code
    assert home.events("class.change")[0]["direction"] == "raise"


def test_a_saved_override_survives_a_new_kernel_and_a_new_reading(start, home) -> None:
    first = start()
    first.run("%load_ext jupyter_privguard")
    assert first.run(FILE + "\ncustomers = pd.read_csv('customers.csv')").ok
    assert first.run("%privguard set customers.shelf CUSTOMER_ID --save").ok
    assert first.run("%privguard set customers.email NONE --save").ok
    first.close()

    second = start()
    second.run("%load_ext jupyter_privguard")
    shown = second.run("import pandas as pd\ntable = pd.read_csv('customers.csv')\nprint(table)\ntable.head()")
    assert "QX-77120" not in shown.screen and EMAIL in shown.screen and NAME not in shown.screen
    assert "customers.shelf" in second.run("%privguard set").streams
    applied = [e for e in home.events("class.change") if e["said"]]
    assert {(e["column"], e["after"], e["direction"]) for e in applied} == {
        ("shelf", "CUSTOMER_ID", "raise"),
        ("email", "NONE", "lower"),
    }
    raw = b"".join(path.read_bytes() for path in home.folder.glob("overrides*"))
    assert b"QX-77" not in raw and b"asha" not in raw
    assert (home.folder / "overrides.json").stat().st_mode & 0o777 == 0o600


def test_without_the_right_lowering_is_refused_and_raising_free(start, home, tmp_path: Path) -> None:
    from jupyter_privguard.settings import account_name

    policy = tmp_path / "policy.yaml"
    policy.write_text(WITHOUT_THE_RIGHT.format(who=account_name()))
    kernel = start(PRIVGUARD_POLICY=str(policy))
    kernel.run("%load_ext jupyter_privguard")
    kernel.run(PEOPLE)

    refused = kernel.run("%privguard set df.email NONE --save")
    assert not refused.ok and "privguard:" in refused.screen and "`dpo`" in refused.screen
    assert "Traceback" not in refused.screen
    assert EMAIL not in kernel.run("print(df)").screen
    assert not (home.folder / "overrides.json").exists()
    assert kernel.run("%privguard set df.plan CUSTOMER_ID").ok
    assert "gold" not in kernel.run("df").screen
    assert not kernel.run("%privguard set df.plan NONE").ok
    assert kernel.run("%privguard set df.plan --off").ok, "one's own word of this session"
    assert kernel.run("%privguard set df.plan CUSTOMER_ID --save").ok
    assert not kernel.run("%privguard set df.plan --off").ok, "a word for all sessions"
    assert [(e["after"], e["outcome"]) for e in home.events("class.change")] == [
        ("NONE", "refused"),
        ("CUSTOMER_ID", "ok"),
        ("NONE", "refused"),
        ("NONE", "ok"),
        ("CUSTOMER_ID", "ok"),
        ("NONE", "refused"),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("set dg.email NONE", "did you mean df?"),
        ("set df.emial NONE", "did you mean email?"),
        ("set df.email EMAIL", "did you mean EMAIL_ADDRESS?"),
        ("set df.email PHONE", "did you mean PHONE_NUMBER?"),
        ("set df.email NAME", "did you mean PERSON_NAME?"),
        ("set df.email BIRTHDAY", "did you mean DATE_OF_BIRTH?"),
        ("set df NONE", "5 columns"),
        ("set df NONE", "set takes NAME.COLUMN"),
        ("set df.email XYZZY", "%privguard help entities"),
        ("set array.email NONE", "relation or an array"),
        ("set df.email", "NAME.COLUMN ENTITY"),
        ("set df.email NONE --keep", "--save or --off"),
    ],
)
def test_a_mistake_gets_one_sentence(reguarded, line: str, said: str) -> None:
    reguarded.run("import numpy as np\narray = np.arange(3)")
    cell = reguarded.run(f"%privguard {line}")

    assert not cell.ok and said in cell.screen and "privguard:" in cell.screen


def test_a_damaged_file_refuses_cells_and_is_named(start, home) -> None:
    assert home.command("keys", "init").returncode == 0
    (home.folder / "overrides.json").write_text("{")
    kernel = start()
    # Without the two checks that start Jupyter's own programs.
    assert kernel.run("from jupyter_privguard import diagnose\ndiagnose._CHECKS = diagnose._CHECKS[:-2]").ok
    loaded = kernel.run("%load_ext jupyter_privguard")

    assert "overrides.json is damaged" in loaded.streams
    assert not kernel.run("print('R' + 'AN')").ok
    assert "overrides.json is damaged" in kernel.run("%privguard doctor").streams


def test_the_entities_are_listed(reguarded) -> None:
    said = reguarded.run("%privguard help entities")

    assert said.ok and "EMAIL_ADDRESS" in said.streams and "FREE_TEXT_WITH_PII" in said.streams


def test_what_tier_public_sees_in_clear_stands_in_the_table(reguarded, home, tmp_path: Path) -> None:
    rows = [
        f"Asha Kulkar{chr(97 + n)},asha.kulkar{chr(97 + n)}@corp.example,+91 98765 432{10 + n},{137 + n}"
        for n in range(9)
    ]
    (tmp_path / "orders.csv").write_text("\n".join(["name,email,phone,amount", *rows]) + "\n")
    reguarded.run("orders = pd.read_csv('orders.csv')")

    for column in ("email", "phone"):
        assert "tier public sees it in clear" in reguarded.run(f"%privguard set orders.{column} NONE").streams

    for code in (
        "orders",
        "print(orders)",
        "print(orders.head(3).to_string())",
        "orders[['phone', 'amount', 'email']]",
    ):
        shown = reguarded.run(code)
        assert "asha.kulkara@corp.example" in shown.screen and "+91 98765 43210" in shown.screen, code
        assert "Asha Kulkar" not in shown.screen and "***@" not in shown.screen, code
    said = reguarded.run("print('Asha Kulkara called +91 98765 43299 or asha@else.example')").streams
    assert "Asha" not in said and "43299" not in said.replace("*", "") and "@else" not in said


def test_a_series_that_nobody_changed_is_loaded_once(reguarded, home) -> None:
    reguarded.run("s = df.plan.value_counts()\nt = df.amount.copy()\ni = pd.Index(df.plan)")
    before = len(home.events("data.load"))

    for code in ("1 + 1", "s", "print(t)", "s + 1"):
        assert reguarded.run(code).ok
    assert len(home.events("data.load")) == before
