"""Every command and every snippet of the documentation is run, page by page, and does what the page says."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs/_ext"))

from record_examples import undeclared

from jupyter_privguard.demo.data import write_demo_data
from tests.docs.running_pages import Block, Reader, blocks, fits

ROOT = Path(__file__).parents[2]
PAGES = {
    str(path.relative_to(ROOT)): list(blocks(path.read_text(encoding="utf-8")))
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
    if "_build" not in path.parts
}

NOT_RUN = {
    (
        "README.md",
        "$ make demo        # data, guarded notebook, verified log, demo-output/compliance.html",
    ): "it builds the whole environment",
    ("docs/approvals.md", "# mkdir -m 1777 /srv/privguard/approvals"): "an administrator's folder",
    (
        "docs/checklist.md",
        "$ privguard checklist --experiment churn-1 --archive s3://company-audit/privguard --format json",
    ): "needs a bucket",
    ("docs/guide-administrator.md", "$ pip install jupyter-privguard"): "it comes from the package index",
    ("docs/guide-administrator.md", "$ privguard disable"): "it takes the package out that the tests run",
    ("docs/guide-compliance.md", "$ privguard audit archive --to s3://company-audit/privguard"): "needs a bucket",
    (
        "docs/recipes.md",
        "15 2 * * * privguard scan /srv/notebooks --format json > /var/log/privguard-scan.json",
    ): "a line of crontab",
    (
        "docs/recipes.md",
        "$ PRIVGUARD_POLICY=archive-policy.yaml privguard audit archive --to s3://company-audit/privguard",
    ): "needs a bucket",
    ("docs/start.md", '$ pip install "jupyter-privguard[parquet,plots]"'): "it comes from the package index",
    ("docs/scanning.md", "#!/bin/sh"): "it is run as a recipe",
    (
        "docs/scanning.md",
        "15 2 * * * privguard scan /srv/notebooks --format json > /var/log/privguard-scan.json",
    ): "a line of crontab",
    (
        "docs/scanning.md",
        "- run: privguard scan . --format sarif --baseline accepted.json > findings.sarif",
    ): "a step of somebody's pipeline",
    (
        "docs/server.md",
        "# PRIVGUARD_HOME=/srv/privguard/server privguard audit vkey > /etc/privguard/server.vkey",
    ): "an administrator's folder",
    ("docs/team-store.md", '$ pip install "jupyter-privguard[postgres]"'): "needs a PostgreSQL server",
}
"""The blocks that nobody can run here, by page and first line, with the reason that the page names."""

PREPARED = {
    "README.md": """
```python
import pandas as pd
predictions = pd.DataFrame({"customer_id": ["C-10423", "C-88231"] * 200, "churn_probability": [0.8731, 0.2114] * 200})
```
""",
    "docs/checklist.md": """
```console
$ privguard keys init
```
""",
    # A clone of the repository, as far as the page needs one: what it adds stays out of the package that is tested.
    "docs/extending.md": f"""
```console
$ mkdir -p tests/contract && cp {ROOT}/pyproject.toml .
$ cp -r {ROOT}/tests/vectors tests && cp -r {ROOT}/jupyter_privguard .
$ cp {ROOT}/tests/contract/test_detectors.py {ROOT}/tests/contract/test_operators.py tests/contract
```
""",
    "docs/serving.md": """
```python
import numpy as np, pandas as pd
from sklearn.linear_model import LogisticRegression
X = pd.read_csv("customers.csv")[["tenure_months", "monthly_charges", "support_calls"]]
class Churn:
    def __init__(self, inputs, left): self.inner = LogisticRegression(max_iter=500).fit(inputs, left)
    def predict(self, inputs): return pd.DataFrame({"churn": self.inner.predict_proba(inputs)[:, 1]})
model = Churn(X, pd.read_csv("customers.csv")["churn"].eq("Yes"))
```
""",
    "docs/scanning.md": """
```console
$ mkdir notebooks && cp customers.csv notebooks
```
""",
}
"""What a page has at hand that an earlier part of the reader's own work made, as blocks before its own."""

IS_RUN = [name for name, found in PAGES.items() if any(block.language == "console" or block.is_cell for block in found)]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up tables that every reader has."""
    folder = tmp_path_factory.mktemp("data")
    write_demo_data(folder)
    return folder


@pytest.fixture
def reader(tmp_path: Path, data: Path, request: pytest.FixtureRequest) -> Iterator[Reader]:
    made = Reader(tmp_path, data, request.node.callspec.params["page"])
    yield made
    made.close()


@pytest.mark.parametrize("page", IS_RUN)
def test_what_a_page_says_works(reader: Reader, page: str) -> None:
    reader.read([*blocks(PREPARED.get(page, "")), *PAGES[page]])

    # The event reference is made from the declared fields: what a page left in the log has no others.
    assert {(event["action"], field) for event in reader.events() for field in undeclared(event)} == set()


def test_what_is_not_run_is_listed_with_its_reason() -> None:
    found = {(page, block.first): block.reason for page, several in PAGES.items() for block in several if block.reason}

    assert found == NOT_RUN


def test_no_block_escapes_by_its_language() -> None:
    known = {"console", "python", "ipython3", "{code-cell}", "yaml", "text", "json", "sh", "toml", "diff", "html", ""}
    run = {"console", "python", "ipython3", "{code-cell}"}
    of_myst = ("{toctree}", "{eval-rst}", "{grid", "{image}", "{note}", "{figure}", "{tip}", "{warning}", "{mermaid}")

    languages = {block.language for several in PAGES.values() for block in several}
    hidden = [
        (page, block.line)
        for page, several in PAGES.items()
        for block in several
        if block.language not in run and not block.reason and not block.file and _has_command(block)
    ]

    assert {one for one in languages - known if not one.startswith(of_myst)} == set()
    assert hidden == []


def _has_command(block: Block) -> bool:
    return (
        not block.is_output and re.search(r"^\s*(?:\$ )?(?:privguard|pip|make) ", block.text, re.MULTILINE) is not None
    )


@pytest.mark.parametrize(
    ("said", "expected", "is_so"),
    [
        ("privguard: 12 records, the log is whole.", "privguard: … records, the log is whole.", True),
        ("privguard: 12 records, the log is broken.", "privguard: … records, the log is whole.", False),
        ("a  table\nof two lines", "a table of two lines", True),
        ("anything", "", True),
        ("tok_1a2b [x]", "tok_… [x]", True),
        ("tok_1a2b x", "tok_… [x]", False),
    ],
)
def test_what_came_is_held_against_what_the_page_says(said: str, expected: str, is_so: bool) -> None:
    assert fits(said, expected) is is_so
