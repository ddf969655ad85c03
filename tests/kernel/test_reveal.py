"""One record is looked up in a notebook: shown, taken back, recorded, and left nowhere."""

from __future__ import annotations

import getpass
import re
from pathlib import Path

import pytest

NAME = "Asha Kulkarni"
TABLE = f"import pandas as pd\ndf = pd.DataFrame({{'full_name': ['{NAME}', 'Ravi Menon'] * 4, 'plan': ['a', 'b'] * 4}})"


@pytest.fixture
def policy(tmp_path: Path) -> str:
    path = tmp_path / "policy.yaml"
    path.write_text(
        f"version: 1\nprincipals:\n  {getpass.getuser()}: {{roles: [officer]}}\n"
        "roles:\n  officer: {tiers: [public, internal], reveal: true, log: all}\n"
    )
    return str(path)


@pytest.fixture
def granted(start, policy: str):
    return guarding(start(PRIVGUARD_POLICY=policy))


@pytest.fixture
def again(renewed, policy: str, tmp_path: Path, home):
    """As ``granted``, in a process that tests share."""
    renewed.renew(tmp_path, PRIVGUARD_HOME=str(home.folder), PRIVGUARD_POLICY=policy)
    return guarding(renewed)


def guarding(kernel):
    assert kernel.run("%load_ext jupyter_privguard").ok
    assert kernel.run(TABLE).ok
    return kernel


def handle(kernel, kind: str = "tok", tier: str = "public") -> str:
    shown = kernel.run(f"%%secure --tier {tier}\ndf")
    return re.search(rf"{kind}_[0-9a-f]{{8}}", shown.screen)[0]


def test_a_granted_person_sees_one_record_once_and_it_gives_way_to_its_handle(granted, home) -> None:
    token = handle(granted)

    seen = granted.run(f"%privguard reveal {token} --reason 'ticket 4711'")

    assert [d["text/plain"] for d in seen.data] == [f"{token}: {NAME}"]
    after = granted.run("1")
    assert [c["data"]["text/plain"] for c in after.of("update_display_data")] == [token]
    [event] = home.events("reveal")
    assert (event["outcome"], event["handle"], event["domain"]) == ("ok", token, "PERSON_NAME")
    assert event["reason"] == "ticket 4711"
    assert NAME not in str(home.events())


def test_it_is_in_no_history_no_out_and_no_underscore(granted) -> None:
    granted.run(f"%privguard reveal {handle(granted)} --reason r")

    looked = granted.run("repr(_), repr(Out), repr(_oh), list(get_ipython().history_manager.get_range(output=True))")

    assert NAME not in looked.screen
    assert NAME not in str(granted.ask("history", raw=True, output=True, hist_access_type="range"))
    assert NAME not in granted.printed()


def test_a_reversible_handle_can_be_looked_up_too(again) -> None:
    shown = again.run(f"%privguard reveal {handle(again, 'enc', 'internal')} -r why")

    assert NAME in shown.screen


def test_nothing_is_revealed_where_it_would_be_captured(again) -> None:
    token = handle(again)

    cell = again.run(f"%%capture caught\n%privguard reveal {token} --reason r")
    later = again.run("caught.show()")

    assert NAME not in cell.screen + later.screen


def test_the_same_display_cannot_pass_twice(again) -> None:
    again.run(f"%privguard reveal {handle(again)} --reason r")

    second = again.run(f"from IPython.display import display\ndisplay('{NAME}', display_id='x')")

    assert NAME not in second.screen


@pytest.mark.parametrize(
    "line", ["tok_00000000", "tok_00000000 --reason ''", "nothing --reason r", "tok_00000000 --reason r"]
)
def test_what_cannot_be_answered_is_one_sentence(again, line: str) -> None:
    cell = again.run(f"%privguard reveal {line}")

    assert not cell.ok and "privguard:" in cell.reply["evalue"]


def test_without_a_grant_it_is_refused_and_recorded(guarded, home) -> None:
    shown = guarded.run("df")
    token = re.search(r"tok_[0-9a-f]{8}", shown.screen)[0]

    cell = guarded.run(f"%privguard reveal {token} --reason r")

    assert not cell.ok and NAME not in cell.screen and "reveal: true" in cell.screen
    [event] = home.events("reveal")
    assert (event["outcome"], event["handle"]) == ("refused", token)


def test_a_handle_of_an_earlier_notebook_is_looked_up_in_a_shell(granted, home, tmp_path: Path, monkeypatch) -> None:
    token = handle(granted)
    granted.close()
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))

    done = home.command("reveal", token, "--reason", "ticket")

    assert (done.returncode, done.stdout.strip()) == (0, NAME), done.stderr
    assert [e["outcome"] for e in home.events("reveal")] == ["ok"]


LIST = "import jupyter_privguard as pg\nids = [f'C{{n:06d}}' for n in range({}, {})]\n"


def test_guesses_that_get_handles_in_bulk_are_an_alert(again, home, tmp_path: Path) -> None:
    (tmp_path / "known.csv").write_text("customer_id,plan\n" + "\n".join(f"C{n:06d},a" for n in range(1500)))
    assert again.run("import jupyter_privguard as pg\nseen = pd.read_csv('known.csv')\nlen(pg.mask(seen))").ok
    assert again.run(LIST.format(5000, 5100) + "few = pd.DataFrame({'customer_id': ids})\nlen(pg.mask(few))").ok
    assert home.events("alert") == []

    cell = again.run(LIST.format(5000, 6500) + "seen['customer_id'] = ids\nlen(pg.mask(seen))")

    [alert] = home.events("alert")
    assert (alert["values"], alert["domains"]) == (1500, {"CUSTOMER_ID": 1500})
    assert "C005" not in str(home.events()) and "privguard: 1500 values" in cell.screen


def test_guesses_over_many_cells_and_tables_add_up(again, home) -> None:
    for start in range(0, 1200, 300):
        assert home.events("alert") == []
        assert again.run(LIST.format(start, start + 300) + "len(pg.mask(pd.DataFrame({'customer_id': ids})))").ok

    [alert] = home.events("alert")
    assert alert["values"] == 1200


PICTURES = """
import io
from PIL import Image as Picture
from IPython.display import Image
def png(n):
    out = io.BytesIO()
    Picture.new("RGB", (9, 9), (n, 8, 9)).save(out, "PNG")
    return out.getvalue()
df["photo"] = [png(n) for n in range(8)]
df["portrait"] = [Picture.new("RGB", (9, 9), (n, 1, 2)) for n in range(8)]
"""


@pytest.mark.parametrize("code", ["Image(data=df.photo[2])", "df.portrait[2]"])
def test_one_withheld_picture_is_looked_up(again, home, code: str) -> None:
    pytest.importorskip("PIL")
    assert again.run(PICTURES).ok
    withheld = again.run(code).data[0]
    assert list(withheld) == ["text/plain"]
    token = re.search(r"pic_[0-9a-f]{8}", withheld["text/plain"])[0]

    seen = again.run(f"%privguard reveal {token} --reason 'ticket 4711'")

    assert [sorted(data) for data in seen.data] == [["image/png", "text/plain"]]
    after = again.run("1")
    assert [c["data"] for c in after.of("update_display_data")] == [{"text/plain": token}]
    [event] = home.events("reveal")
    assert (event["outcome"], event["handle"], event["domain"]) == ("ok", token, "IMAGE_OF_PERSON")
    assert event["reason"] == "ticket 4711"
    assert seen.data[0]["image/png"] not in again.run("repr(_), repr(Out)").screen


def test_a_picture_is_refused_without_a_grant_or_where_it_is_kept_no_more(guarded, granted, home) -> None:
    pytest.importorskip("PIL")
    assert guarded.run(PICTURES).ok
    token = re.search(r"pic_[0-9a-f]{8}", guarded.run("df.portrait[1]").screen)[0]

    refused = guarded.run(f"%privguard reveal {token} --reason r")
    gone = granted.run("%privguard reveal pic_00000000 --reason r")

    assert "image/png" not in refused.screen and not refused.ok
    assert "no picture of this handle is kept" in gone.screen
    assert [(e["outcome"], e["handle"]) for e in home.events("reveal")] == [
        ("refused", token),
        ("error", "pic_00000000"),
    ]
