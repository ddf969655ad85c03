"""Makes one of these homes: `python make.py TREE OUT` with the code of an earlier version in TREE.

Keys, a log, what people said of columns, a masked copy and a policy are made by that version itself, in a real kernel,
from made-up people. Nothing but these homes was ever protected by the keys.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from textwrap import dedent

PEOPLE = "email,full_name,income,code\n" + "".join(
    f"person.{n}@corp.example,Aaravind Kulkar{chr(97 + n)},{51_000 + 731 * n},ZZ-{1000 + 7 * n}\n" for n in range(12)
)
CELLS = (
    "%load_ext jupyter_privguard",
    "import pandas as pd\ndf = pd.read_csv('customers.csv')",
    "%%secure --experiment churn --purpose trial\ndf",
    "%privguard set df.code CUSTOMER_ID --save",
    "%%secure --experiment churn --purpose trial --tier internal\ndf.groupby('code').income.mean().head(3)",
    "%%secure --experiment closed\n1 + 1",
)


def main(tree: Path, out: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="study-", dir="/srv") as name:  # it stands in the files
        place = Path(name)
        home = place / "home"
        env = {**os.environ, "PYTHONPATH": str(tree), "PRIVGUARD_HOME": str(home), "IPYTHONDIR": str(place / "ipython")}
        (place / "customers.csv").write_text(PEOPLE)
        policy = place / "policy.yaml"
        _privguard(env, place, "policy", "init", "-o", str(policy))
        env["PRIVGUARD_POLICY"] = str(policy)
        cells = [sys.executable, "-c", _RUN, *CELLS]
        subprocess.run(cells, env=env, cwd=place, check=True, timeout=300)
        _privguard(env, place, "mask", "customers.csv", "--tier", "internal", "-o", "masked.csv")
        _privguard(env, place, "experiment", "close", "closed")
        _privguard(env, place, "audit", "verify")
        checkpoint = _privguard(env, place, "audit", "checkpoint")
        shutil.copytree(home, out)
        shutil.copy(policy, out / "policy.yaml")
        shutil.copy(place / "masked.csv", out / "masked.csv")
        (out / "checkpoint.txt").write_text(checkpoint)


def _privguard(env: dict[str, str], place: Path, *words: str) -> str:
    command = [sys.executable, "-m", "jupyter_privguard", *words]
    done = subprocess.run(command, env=env, cwd=place, check=True, timeout=300, stdout=subprocess.PIPE, text=True)
    return done.stdout


_RUN = dedent("""
    import sys
    from jupyter_client.manager import KernelManager
    manager = KernelManager()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=90)
    for cell in sys.argv[1:]:
        reply = client.execute_interactive(cell, timeout=90, output_hook=lambda message: None)
        print(reply["content"]["status"], cell.splitlines()[0], reply["content"].get("evalue", ""), file=sys.stderr)
    client.shutdown()
    manager.finish_shutdown()
""")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
