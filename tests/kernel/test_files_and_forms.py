"""What a real kernel shows of files that its cells and their programs read, and of values in codes and buffers."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from tests import made_up_people
from tests.made_up_people import secrets_of

ROWS = made_up_people.people(23, 12)
SECRETS = secrets_of(ROWS)


@pytest.fixture
def people(tmp_path) -> Path:
    path = tmp_path / "people.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, ROWS[0].keys())
        writer.writeheader()
        writer.writerows(ROWS)
    return path


def leaked(screen: str) -> list[str]:
    return sorted(secret for secret in SECRETS if secret in screen)


CELLS = {
    "shell": "!head -3 people.csv",
    "cut": "!cut -d, -f5 people.csv",
    "captured": "lines = !sed -n '2,4p' people.csv\nlines",
    "bash": "%%bash\nfor n in 2 3 4; do sed -n ${n}p people.csv; done",
    "script": f"%%script {sys.executable}\nfor line in open('people.csv'): print(line.strip().split(',')[3:5])",
    "system": "import os\nn = os.system('tail -2 people.csv')",
    "run": "import subprocess\nn = subprocess.run(['cat', 'people.csv'])",
    "pieces": "import subprocess\np = subprocess.Popen(['cat', 'people.csv'], stdout=-1, text=True)\n"
    "for line in p.stdout: print(line, end='')",
    "slow": "for line in open('people.csv'):\n    print(line[:30], end='', flush=True); print(line[30:], end='')",
    "path": "from pathlib import Path\nPath('people.csv').read_text()",
    "rows": "import csv\nrows = list(csv.reader(open('people.csv')))\nrows[1:3]",
    "later": "rows[2][4], rows[3][3]",
    "less": "%less people.csv",
    "address": "import base64, IPython\nIPython.display.HTML('<iframe src=\"data:text/plain;base64,' + "
    "base64.b64encode(open('people.csv', 'rb').read()).decode() + '\">')",
}


def test_no_way_to_read_a_file_shows_a_raw_value(guarded, people) -> None:
    guarded.run(f"%cd -q {people.parent}")

    found = {name: leaked(guarded.run(code).screen) for name, code in CELLS.items()}

    assert {name: secrets for name, secrets in found.items() if secrets} == {}


def test_what_commands_print_of_other_things_stays(guarded, people) -> None:
    guarded.run(f"%cd -q {people.parent}")

    assert guarded.run("!wc -l people.csv").streams.split() == ["13", "people.csv"]
    assert guarded.run("!echo 2024-05-06 150000").streams.split() == ["2024-05-06", "150000"]
    assert guarded.run("!head -1 people.csv").streams.strip() == "customer_id,full_name,email,dob,income,plan,visits"
    assert guarded.run("!cut -d, -f6 people.csv | sort -u").streams.split() == ["basic", "gold", "plan"]


def test_numbers_in_buffers_are_rounded_and_others_stay(guarded, people) -> None:
    guarded.run(
        f"import pandas as pd\ndf = pd.read_csv({str(people)!r})\nfrom ipykernel.comm import Comm\nc = Comm('x')"
    )

    cell = guarded.run(
        "c.send({}, buffers=[df.income.to_numpy('<i8').tobytes(), pd.Series(range(12)).to_numpy('<i8').tobytes()])"
    )

    (message,) = [m for m in cell.messages if m["msg_type"] == "comm_msg"]
    incomes, numbers = (memoryview(bytes(buffer)).cast("q").tolist() for buffer in message["buffers"])
    assert not {row["income"] for row in ROWS} & set(incomes)
    assert all(abs(a - int(row["income"])) <= 5_000 for a, row in zip(incomes, ROWS, strict=True))
    assert numbers == list(range(12))
