"""``privguard reveal``: many askers at once get no more answers than one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd

from jupyter_privguard.guard.reveal import MOST_AN_HOUR
from jupyter_privguard.settings import account_name

ROOT = Path(__file__).parents[3]


def test_the_limit_holds_for_askers_at_once(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(
        f"version: 1\nprincipals:\n  {account_name()}: {{roles: [officer]}}\n"
        "roles:\n  officer: {tiers: [public], reveal: true}\n"
    )
    pd.DataFrame({"customer_id": [f"C-{n:05d}" for n in range(30)]}).to_csv(tmp_path / "c.csv", index=False)
    environment = {
        **os.environ,
        "PRIVGUARD_HOME": str(tmp_path / "home"),
        "PRIVGUARD_POLICY": str(tmp_path / "policy.yaml"),
        "PYTHONPATH": str(ROOT),
    }

    def privguard(*args: str) -> list[str]:
        return [sys.executable, "-m", "jupyter_privguard", *args]

    subprocess.run(privguard("mask", "c.csv", "-o", "m.csv"), cwd=tmp_path, env=environment, check=True)
    token = pd.read_csv(tmp_path / "m.csv")["customer_id"][7]
    # One asker less than is left over is refused one after the other; three more are asked at once.
    code = (
        "import sys; from jupyter_privguard import runtime\n"
        "for _ in range(int(sys.argv[2])):\n"
        "    try: print(runtime.reveal(sys.argv[1], reason='r').value)\n"
        "    except Exception as error: print(type(error).__name__)\n"
    )
    askers = [
        subprocess.Popen(
            [sys.executable, "-c", code, token, "8"], stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment
        )
        for _ in range(4)
    ]
    answers = "".join(asker.communicate(timeout=120)[0] for asker in askers).split()

    assert answers.count("C-00007") == MOST_AN_HOUR
    assert answers.count("Refused") == 32 - MOST_AN_HOUR
