"""Keys that a shell renews or destroys between two cells of a running notebook, and passphrases that are wrong."""

from __future__ import annotations

import getpass
import re
from pathlib import Path

import pytest

NAME = "Asha Kulkarni"
TABLE = f"import pandas as pd\ndf = pd.DataFrame({{'full_name': ['{NAME}', 'Ravi Menon'] * 4, 'plan': ['a', 'b'] * 4}})"
FULL = "import jupyter_privguard as pg\nprint(pg.mask(df, tier='internal')['full_name'][0].split(':')[:3])"


@pytest.fixture
def granted(start, home, tmp_path: Path, monkeypatch):
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        f"version: 1\nprincipals:\n  {getpass.getuser()}: {{roles: [officer]}}\n"
        "roles:\n  officer: {tiers: [public, internal], reveal: true, log: all}\n"
    )
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))
    kernel = start()
    assert kernel.run("%load_ext jupyter_privguard").ok
    assert kernel.run(TABLE).ok
    return kernel


def handle(kernel, tier: str = "public") -> str:
    shown = kernel.run(f"%%secure --tier {tier}\ndf")
    assert NAME not in shown.screen
    return re.search(r"(tok|enc)_[0-9a-f]{8}", shown.screen)[0]


def current(home) -> str:
    return (home.folder / "keys" / "current").read_text().strip()


def test_a_key_destroyed_from_a_shell_is_dead_in_the_running_kernel(granted, home) -> None:
    old, token, sealed = current(home), handle(granted), handle(granted, "internal")
    assert NAME in granted.run(f"%privguard reveal {token} --reason r").screen
    assert home.command("keys", "rotate").returncode == 0
    assert home.command("keys", "destroy", old, "--yes").returncode == 0

    for one in (token, sealed):
        asked = granted.run(f"%privguard reveal {one} --reason r")
        assert not asked.ok and NAME not in asked.screen and "nothing is known" in asked.screen
        assert home.command("reveal", one, "--reason", "r").returncode == 3
    new = handle(granted)
    assert new != token and handle(granted, "internal") != sealed
    assert old not in granted.run(FULL).screen and current(home) in granted.run(FULL).screen
    assert NAME in granted.run(f"%privguard reveal {new} --reason r").screen
    assert home.command("reveal", new, "--reason", "r").stdout.strip() == NAME
    assert home.command("audit", "verify").returncode == 0
    assert [e["key_id"] for e in home.events("key.destroy")] == [old]


def test_a_key_renewed_from_a_shell_is_used_by_the_next_cell(granted, home) -> None:
    token = handle(granted)
    assert home.command("keys", "rotate").returncode == 0

    new = handle(granted)

    assert new != token and current(home) in granted.run(FULL).screen
    for one in (token, new):
        assert NAME in granted.run(f"%privguard reveal {one} --reason r").screen


def test_keys_taken_away_from_a_running_kernel_stop_its_next_cell(granted, home) -> None:
    (home.folder / "keys" / "current").rename(home.folder.parent / "current")

    refused = granted.run("print('R' + 'AN')")
    assert not refused.ok and "RAN" not in refused.screen and "keys/current is missing" in refused.screen

    (home.folder.parent / "current").rename(home.folder / "keys" / "current")
    assert "RAN" in granted.run("print('R' + 'AN')").screen


def test_wrong_passphrases_open_nothing_are_told_alike_and_are_in_the_log(
    start, home, tmp_path: Path, monkeypatch
) -> None:
    secret = tmp_path / "passphrase.txt"
    secret.touch(0o600)
    secret.write_text("correct horse\n")
    monkeypatch.setenv("PRIVGUARD_PASSPHRASE_FILE", str(secret))
    assert home.command("keys", "init", "--passphrase").returncode == 0
    kernel = start()
    said = []
    for wrong in ("correct hors", "Correct horse", "x" * 4000):
        secret.write_text(wrong)
        loaded = kernel.run("%load_ext jupyter_privguard")
        cell = kernel.run("print('R' + 'AN')")
        assert not cell.ok and "RAN" not in cell.screen
        said += [loaded.streams, home.command("keys", "rotate").stderr]
        assert kernel.run("%unload_ext jupyter_privguard").ok

    assert len(set(said[::2])) == len(set(said[1::2])) == 1
    assert all("cannot be opened with this passphrase" in one and "orse" not in one for one in said)
    assert [e["outcome"] for e in home.events("key.unlock")] == ["refused"] * 6
    assert home.events("cell.start") == home.events("key.rotate") == home.events("guard.load") == []
    assert not any((home.folder / left).exists() for left in ("vault", "domains.json"))

    secret.write_text("correct horse\n")
    assert kernel.run("%load_ext jupyter_privguard").ok
    assert "RAN" in kernel.run("print('R' + 'AN')").streams
