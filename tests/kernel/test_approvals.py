"""Approvals between real accounts: the same cell refused, approved by another account, and refused again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from jupyter_privguard.policy.approvals import Answer, answer_bytes
from jupyter_privguard.settings import account_name

ANA, DANA, ERIK = 64_001, 64_002, 64_003
EMAIL = "asha.kulkarni77@corp.example"
NAME = "Asha Kulkarni"
CELL = "%%secure --tier compliance --reason 'ticket 4711'\n"


def policy(folder: Path, *, two_person: bool = False, **more: str) -> str:
    named = {str(ANA): "analyst", str(DANA): "officer", str(ERIK): "officer"} | more
    return (
        "version: 1\nprincipals:\n"
        + "".join(f'  "{name}": {{roles: [{role}]}}\n' for name, role in named.items())
        + "roles:\n  analyst: {tiers: [public]}\n"
        "  officer: {tiers: [public, internal, compliance], approve: true}\n"
        f"approvals: {{two_person: {str(two_person).lower()}, folder: {folder}}}\n"
    )


ASK = ("approval", "request", "--tier", "compliance", "--dataset", "customers", "--columns", "email, income")


class Story:
    """A kernel of this account, under a policy of the machine, and its log."""

    def __init__(self, machine, start, home) -> None:
        self.machine, self.home = machine, home
        machine.policy.write_text(policy(machine.shared, **{account_name(): "analyst"}))
        pd.DataFrame(
            {
                "email": [EMAIL, "ravi.menon42@corp.example"] * 15,
                "full_name": [NAME, "Ravi Menon"] * 15,
                "income": [51234, 48765] * 15,
            }
        ).to_csv(machine.place / "customers.csv", index=False)
        self.kernel = start(PRIVGUARD_POLICY=str(machine.policy))
        assert self.kernel.run("%load_ext jupyter_privguard").ok
        assert self.kernel.run(f"import pandas as pd\ndf = pd.read_csv({str(machine.place / 'customers.csv')!r})").ok

    def asked(self, *more: str) -> str:
        words = f"-t compliance -d customers -c email,income -r 'asked by {EMAIL}'"
        return self.kernel.run(f"%privguard approval request {words} {' '.join(more)}").streams.split()[0]

    def steps(self) -> list[tuple]:
        """What the log of this account tells of approvals and of compliance cells."""
        assert EMAIL not in str(self.home.events())
        return [
            (e["action"], e["outcome"], e.get("by"), e.get("approval"))
            for e in self.home.events()
            if e["action"].startswith("approval.") or e.get("tier") == "compliance"
        ]


@pytest.fixture
def story(machine, start, home) -> Story:
    return Story(machine, start, home)


def test_refused_asked_approved_used_ended_refused(story) -> None:
    kernel, dana = story.kernel, story.machine.account(DANA)
    cell = CELL + "print(df.head(4))\nprint(df.email[0])\ndf"

    refused = kernel.run(cell)
    assert not refused.ok
    assert "privguard approval request --tier compliance" in refused.screen
    asked = story.asked("--for 4h")
    assert not kernel.run(cell).ok
    dana.run("approval", "grant", asked, "--for", "1h")
    before = kernel.run("print(df.head(4))\ndf")
    used = kernel.run(cell)
    after = kernel.run("print(df.head(4))\ndf")
    dana.run("approval", "deny", asked, "-r", "done")
    ended = kernel.run(cell)

    printed, alone = used.streams.rsplit("\n", 2)[:2]
    assert (EMAIL in printed, "51234" in printed, NAME in printed) == (True, True, False)
    assert EMAIL not in alone
    [shown] = used.data
    for form in ("text/plain", "text/html"):
        assert (EMAIL in shown[form], "51234" in shown[form], NAME in shown[form]) == (True, True, False), form
    assert "by approval: email, income" in shown["text/html"]
    for other in (refused, before, after, ended):
        assert not any(value in other.screen for value in (EMAIL, NAME, "51234"))
    assert not ended.ok
    who = str(DANA)
    assert story.steps() == [
        ("cell.start", "started", None, []),
        ("cell.run", "refused", None, []),
        ("approval.request", "ok", None, asked),
        ("cell.start", "started", None, []),
        ("cell.run", "refused", None, []),
        ("approval.grant", "ok", who, asked),
        ("cell.start", "started", None, [asked]),
        ("cell.run", "ok", None, [asked]),
        ("approval.deny", "ok", who, asked),
        ("cell.start", "started", None, []),
        ("cell.run", "refused", None, []),
    ]
    assert [e["rule"] for e in story.home.events("cell.run") if e["approval"]] == [f"approval {asked}"]


def test_it_ends_by_itself_also_within_a_cell(story) -> None:
    kernel = story.kernel
    asked = story.asked("--for 30m")
    story.machine.account(DANA).run("approval", "grant", asked)
    later = (
        "from datetime import timedelta\nown = get_ipython()._privguard.session._leave._approvals\nclock = own._clock\n"
    )
    kernel.run(later)

    long = kernel.run(CELL + "display(df)\nown._clock = lambda: clock() + timedelta(minutes=31)\ndisplay(df)")
    kernel.run("own._clock = lambda: clock() - timedelta(days=1)")  # what has ended does not come back
    back = kernel.run(CELL + "df")

    first, second = (data["text/html"] for data in long.data)
    assert (EMAIL in first, EMAIL in second, "51234" in second) == (True, False, False)
    assert not back.ok
    assert "has expired" in back.screen or "privguard approval request" in back.screen
    assert [step[0] for step in story.steps() if step[3] == asked] == [
        "approval.request",
        "approval.grant",
        "approval.expire",
    ]


def test_the_notebook_says_what_is_asked_and_what_is_approved(story) -> None:
    kernel = story.kernel
    asked = story.asked("--for 4h")
    pending = kernel.run("%privguard approval").streams
    assert "on customers (email, income) for 4h: " in pending and " pending, to be answered until " in pending
    assert "approved" not in kernel.run("%privguard tier").streams

    story.machine.account(DANA).run("approval", "grant", asked)
    said = kernel.run("%privguard tier").streams
    kernel.run("print(df)")
    wrong = kernel.run("%privguard approval request -t compliance -d customers -c emial -r r")
    story.machine.account(DANA).run("approval", "deny", asked)

    assert "approved    compliance on customers (email, income) until " in said
    assert not wrong.ok and "did you mean email?" in wrong.reply["evalue"]
    assert "approved" not in kernel.run("%privguard tier").streams
    answer = kernel.run(f"%privguard approval grant {asked}")
    assert "in a terminal" in answer.reply["evalue"]


def test_everything_of_a_data_set_is_open_where_no_column_is_named(story) -> None:
    kernel = story.kernel
    kernel.run("print(df)")
    asked = kernel.run("%privguard approval request -t compliance -d customers -r r").streams.split()[0]
    story.machine.account(DANA).run("approval", "grant", asked)

    seen = kernel.run(CELL + "print(df)\nprint(df[df.income > 50000].to_string())\ndf.style")

    assert (EMAIL in seen.streams, NAME in seen.streams) == (True, True)
    assert "tok_" not in seen.streams
    assert EMAIL in seen.data[0]["text/html"]


@pytest.mark.parametrize(
    "words",
    ["grant x", "request", "request -t public -d x -r y", "request -t compliance -d x -r y --for 99d", "list all"],
)
def test_the_magic_says_in_a_sentence_what_it_takes(renewed, words) -> None:
    renewed.run("%load_ext jupyter_privguard")

    said = renewed.run(f"%privguard approval {words}")

    assert not said.ok
    assert said.reply["evalue"].startswith("privguard: ")
    assert renewed.run("%privguard approval").streams.startswith("privguard: nothing is asked of you")


def test_a_forged_grant_and_a_role_that_is_gone_open_nothing(story) -> None:
    kernel, machine = story.kernel, story.machine
    asked = story.asked()
    now = datetime.now(UTC)
    forged = Answer(asked, str(DANA), is_grant=True, at=now, until=now + timedelta(hours=1))
    (machine.shared / f"{asked}.grant.{'0' * 16}.json").write_bytes(answer_bytes(forged))
    assert not kernel.run(CELL + "df").ok
    machine.account(DANA).run("approval", "grant", asked)
    assert kernel.run(CELL + "df").ok

    machine.policy.write_text(policy(machine.shared, **{account_name(): "analyst", str(DANA): "analyst"}))

    assert not kernel.run(CELL + "df").ok


def test_from_request_to_refusal_over_real_accounts(machine) -> None:
    machine.policy.write_text(policy(machine.shared))
    ana, dana, erik = map(machine.account, (ANA, DANA, ERIK))
    asked = ana.run(*ASK, "-r", f"asked by {EMAIL}", "--for", "4h").stdout.strip()

    def state(who) -> str:
        return json.loads(who.run("approval", "list", "--format", "json").stdout)[0]["state"]

    def told(who) -> list[tuple]:
        lines = who.run("audit", "export", "--format", "jsonl").stdout.splitlines()
        found = [e for e in map(json.loads, lines) if e["action"].startswith("approval.")]
        assert EMAIL not in str(found)
        return [(e["action"], e["outcome"], e.get("by"), e["principal"]["id"]) for e in found]

    assert state(dana) == "pending"
    longer = dana.run("approval", "grant", asked, "--for", "5h", code=3)
    assert longer.stderr.startswith("privguard: an approval lasts as long as was asked for")
    granted = dana.run("approval", "grant", asked, "--for", "2h", "-r", "fine")
    assert granted.stderr.splitlines()[-1].startswith(
        f"privguard: granted: tier compliance for {ana.name} on customers"
    )
    assert [state(ana), state(ana), state(erik)] == ["granted"] * 3
    erik.run("approval", "deny", asked)
    assert [state(ana), state(ana)] == ["denied"] * 2
    again = dana.run("approval", "grant", asked, code=3)
    assert "a refusal stands" in again.stderr

    assert told(ana) == [
        ("approval.request", "ok", None, ana.name),
        ("approval.grant", "ok", dana.name, ana.name),
        ("approval.deny", "ok", erik.name, ana.name),
    ]
    assert told(dana) == [("approval.grant", "ok", None, dana.name)]
    assert told(erik) == [("approval.deny", "ok", None, erik.name)]


def test_two_people_over_real_accounts(machine) -> None:
    machine.policy.write_text(policy(machine.shared, two_person=True))
    dana, erik = machine.account(DANA), machine.account(ERIK)
    asking = machine.account(ANA).run(*ASK, "-r", "r")
    asked = asking.stdout.strip()

    assert "two of them have to answer" in asking.stderr
    assert "needs one more" in dana.run("approval", "grant", asked).stderr
    assert "needs one more" in dana.run("approval", "grant", asked).stderr
    assert "granted" in erik.run("approval", "grant", asked).stderr


def test_who_may_not_answer_is_refused_sees_nothing_and_cannot_remove_what_others_wrote(machine) -> None:
    machine.policy.write_text(policy(machine.shared))
    asked = machine.account(ANA).run(*ASK, "-r", "r").stdout.strip()
    stranger = machine.account(64_009)

    refused = stranger.run("approval", "grant", asked, code=3)
    stranger.run("approval", "deny", asked, code=3)

    assert refused.stderr.splitlines()[-1].startswith(
        f"privguard: answering a request is not granted to {stranger.name}"
    )
    assert json.loads(stranger.run("approval", "list", "--format", "json").stdout) == []
    assert [path.name for path in machine.shared.iterdir()] == [f"{asked}.request.json"]
