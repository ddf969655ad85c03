"""A policy that is changed while a session runs, and ways in which somebody might grant themselves more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyter_privguard.settings import account_name
from tests.kernel.conftest import EMAIL, PEOPLE

LOOSE = "version: 1\nrules:\n  - {entity: EMAIL_ADDRESS, public: clear}\n"
STRICT = "version: 1\nrules:\n  - {entity: EMAIL_ADDRESS, public: redact}\n"
BROKEN = "version: 1\nrules: }{\n"
GRANTED = f"""
version: 1
principals: {{"{account_name()}": {{roles: [all]}}}}
roles: {{all: {{tiers: [public, internal, compliance], classify: true, reveal: true}}}}
"""
UNGRANTED = """
version: 1
principals: {somebody-else: {roles: [all]}}
roles: {all: {tiers: [public, internal, compliance], classify: true, reveal: true}}
"""
RAN = "print('R' + 'AN')"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return tmp_path / "policy.yaml"


@pytest.fixture
def under(start, policy: Path):
    """A guarded kernel with a table, under a policy."""

    def under(text: str):
        policy.write_text(text)
        kernel = start(PRIVGUARD_POLICY=str(policy))
        kernel.run("%load_ext jupyter_privguard")
        assert kernel.run(PEOPLE).ok
        return kernel

    return under


def test_a_stricter_policy_holds_from_the_next_cell_and_a_looser_one_not_before_a_restart(
    under, home, policy: Path
) -> None:
    kernel = under(LOOSE)
    assert EMAIL in kernel.run("df").screen and EMAIL in kernel.run("print(df)").screen

    policy.write_text(STRICT)
    changed = kernel.run("df")
    assert "corp.example" not in changed.screen
    assert changed.streams.count("privguard: the policy was changed") == 1
    for code in ("df", "print(df)", "print(df.email[0])", "df.head(2)", "print(df.email.tolist())"):
        again = kernel.run(code)
        assert "corp.example" not in again.screen and "privguard: the policy" not in again.screen, code

    policy.write_text(LOOSE)
    assert "corp.example" not in kernel.run("df").screen
    first, second = home.events("policy.change")
    assert first["before"] == second["after"] != first["after"] == second["before"]
    assert first["outcome"] == second["outcome"] == "ok"
    digests = [e["policy_sha256"] for e in home.events("cell.run")]
    assert len(set(digests)) == 2 and digests == sorted(digests, key=digests.index), "the new one stands in events"


def test_a_broken_policy_refuses_cells_until_it_is_mended(under, home, policy: Path) -> None:
    kernel = under(LOOSE)
    for damage in (lambda: policy.write_text(BROKEN), policy.unlink):
        damage()
        for code in (RAN, f"%%secure --purpose p\n{RAN}", "!echo R''AN"):
            refused = kernel.run(code)
            assert not refused.ok and "RAN" not in refused.screen and "privguard: the" in refused.screen
        status = kernel.run("%privguard status")
        assert status.ok and "privguard: the" in status.streams
        assert kernel.run("%privguard policy").ok
        policy.write_text(LOOSE)
        assert "RAN" in kernel.run(RAN).streams
    assert [(e["outcome"], e["after"] is None) for e in home.events("policy.change")] == [
        ("error", True),
        ("ok", False),
    ] * 2
    assert EMAIL in kernel.run("df").screen, "the same one as before"


def test_values_and_groups_follow_a_policy_that_was_tightened(under, policy: Path) -> None:
    kernel = under("version: 1\n")
    kernel.run("part = df[['plan', 'amount']].head(6)\ntables = [df.copy()]\nprint(df)")
    assert "gold" in kernel.run("df").screen and "49999.5" in kernel.run("df[['income']].mean()").screen

    policy.write_text('version: 1\nk: 50\ndatasets: {"*": {columns: {plan: CUSTOMER_ID}}}\n')
    for code in ("df", "print(df)", "tables[0]", "print(tables[0])", "df.plan"):
        assert "gold" not in kernel.run(code).screen, code
    assert "49999.5" not in kernel.run("df[['income']].mean()").screen


def test_every_event_names_the_policy(under, home, policy: Path) -> None:
    kernel = under(LOOSE)
    kernel.run("%privguard set df.plan CUSTOMER_ID")
    kernel.run("%%secure --experiment exp-1\ndf")
    policy.write_text(STRICT)
    kernel.run("1")
    kernel.run("%unload_ext jupyter_privguard")

    events = home.events()
    made = "key.create guard.load cell.start cell.run data.load class.change policy.change guard.unload"
    assert {e["action"] for e in events} >= set(made.split())
    assert all(len(e["policy_sha256"]) == 64 and int(e["policy_sha256"], 16) for e in events)


# --- granting oneself clear text ------------------------------------------------------------------


def test_a_policy_of_ones_own_grants_and_every_event_says_that_it_was_oneself(under, home) -> None:
    kernel = under(GRANTED)

    assert EMAIL in kernel.run('%%secure --tier compliance --reason "audit"\ndf').screen
    assert {e["principal"]["assurance"] for e in home.events()} == {"self"}
    told = kernel.run("%privguard policy").streams
    assert "you could have written it: self" in told and "assurance self" in told


def test_an_argument_may_only_tighten(under, home, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(GRANTED)
    kernel = under(UNGRANTED)
    kernel.run("import jupyter_privguard as pg")

    for tier in ("compliance", "internal"):
        refused = kernel.run(f"print(pg.mask(df, tier={tier!r}, policy='mine.yaml').email.tolist())")
        assert not refused.ok and f"tier {tier} is not granted" in refused.screen
        assert EMAIL not in refused.screen
    assert kernel.run("made = pg.mask(df, policy='mine.yaml')").ok
    assert "corp.example" not in kernel.run("made.email").screen.replace("***@corp.example", "")


def test_a_word_of_ones_own_on_a_column_says_so_or_is_refused(under, home, policy: Path) -> None:
    kernel = under('version: 1\ndatasets: {"*": {columns: {full_name: NONE}}}\n')
    (policy.parent / "people.csv").write_text("full_name,n\n" + "Zoe Quistgaard,1\nLars Bjornholm,2\n" * 3)
    assert "Quistgaard" in kernel.run("people = pd.read_csv('people.csv')\npeople").screen
    assert {e["principal"]["assurance"] for e in home.events()} == {"self"}

    policy.write_text(UNGRANTED)
    refused = kernel.run("%privguard set df.email NONE")
    assert "a right that" in refused.screen
    assert EMAIL not in kernel.run("df").screen
    assert [e["outcome"] for e in home.events("class.change")] == ["refused"]


def test_no_variable_and_no_reload_loosens_what_a_session_began_with(under, home, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(GRANTED)
    kernel = under(UNGRANTED)
    kernel.run("import os\nimport jupyter_privguard as pg")

    refused = kernel.run(f"os.environ['PRIVGUARD_POLICY'] = {str(own)!r}\npg.mask(df, tier='compliance')")
    assert not refused.ok and "not granted" in refused.screen
    assert not kernel.run("%%secure --tier compliance --reason x\ndf").ok
    assert not kernel.run("del os.environ['PRIVGUARD_POLICY']\npg.mask(df, tier='internal')").ok
    kernel.run(f"os.environ['PRIVGUARD_POLICY'] = {str(own)!r}")
    kernel.run("%reload_ext jupyter_privguard")

    before, *_, after = home.events("guard.load")
    assert len(home.events("guard.unload")) == 1 and before["policy_sha256"] != after["policy_sha256"]
    assert before["policy"] != after["policy"] == str(own)
    assert EMAIL in kernel.run("%%secure --tier compliance --reason x\ndf").screen
    assert home.events("cell.run")[-1]["principal"]["assurance"] == "self"
    assert home.events("policy.change"), "what was tried before is told too"


def test_who_somebody_is_comes_from_no_variable(start, home) -> None:
    claimed = dict.fromkeys(("USER", "LOGNAME", "USERNAME", "LNAME", "JUPYTERHUB_USER", "SUDO_USER"), "somebody-else")
    kernel = start(**claimed)
    kernel.run("%load_ext jupyter_privguard")
    kernel.run("import getpass\nprint(getpass.getuser())")

    assert {e["principal"]["id"] for e in home.events()} == {account_name()}
    assert f"you          {account_name()}," in kernel.run("%privguard policy").streams


# --- what holds, in words -------------------------------------------------------------------------


def test_the_first_day_without_a_policy(guarded, home) -> None:
    shown = guarded.run("df")
    hint = "%%secure --tier internal"
    assert hint in json.dumps(shown.data), "what a new user may do is said once"
    assert hint not in guarded.run("df").screen and hint not in guarded.run("df.head()").screen

    handles = guarded.run("%%secure --tier internal\ndf")
    assert "enc_" in handles.screen and EMAIL not in handles.screen
    refused = guarded.run("%%secure --tier compliance\ndf")
    (error,) = refused.of("error")
    assert "an administrator can grant it" in error["evalue"] and "`privguard policy init`" in error["evalue"]
    assert EMAIL not in refused.screen and len(error["traceback"]) == 1


def test_the_tier_of_a_notebook(guarded, home) -> None:
    told = guarded.run("%privguard tier").streams
    assert told.startswith("privguard: tier public for cells that ask for none")
    assert "internal    yes" in told and "compliance  no: tier compliance is not granted" in told

    assert guarded.run("%privguard tier internal").ok
    assert "enc_" in guarded.run("df").screen
    assert "enc_" not in guarded.run("%%secure --tier public\ndf").screen
    for words in ("compliance", "top", "internal public"):
        wrong = guarded.run(f"%privguard tier {words}")
        assert not wrong.ok or "privguard:" in wrong.screen, words
    assert "enc_" in guarded.run("df").screen, "nothing was changed by what was wrong"
    assert guarded.run("%privguard tier --off").ok
    assert "enc_" not in guarded.run("df").screen
    assert [e["tier"] for e in home.events("cell.run")].count("internal") == 6


def test_a_tier_that_is_not_granted_is_not_set(under, home) -> None:
    kernel = under(UNGRANTED)

    refused = kernel.run("%privguard tier internal")
    assert "tier internal is not granted" in refused.screen
    assert [(e["outcome"], e["rule"]) for e in home.events("cell.run")][-1] == ("refused", "principals")
    assert "enc_" not in kernel.run("df").screen
    told = kernel.run("%privguard policy").streams
    assert "your tiers   public" in told and "roles none" in told
