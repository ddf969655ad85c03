"""The documentation site is built without a warning, and is read from the disk without a network."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from jupyter_privguard.audit.event import ACTIONS
from jupyter_privguard.cli.main import privguard
from jupyter_privguard.model import ENTITIES
from jupyter_privguard.policy.schema import schema
from jupyter_privguard.report.packs import names

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` does it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", str(folder / "doctrees")]
    built = subprocess.run([*command, str(DOCS), str(folder / "html")], capture_output=True, text=True, timeout=300)
    assert built.returncode == 0, built.stderr
    return folder / "html"


def _text(site: Path, page: str) -> str:
    return (site / page).read_text(encoding="utf-8")


def test_every_page_is_there_and_has_every_place_filled(site: Path) -> None:
    sources = [path.relative_to(DOCS) for path in DOCS.rglob("*.md") if "_build" not in path.parts]

    assert len(sources) > 30
    assert [str(path) for path in sources if not (site / path.with_suffix(".html")).is_file()] == []
    assert [
        str(path)
        for path in site.rglob("*.html")
        if "&lt;!-- written" in path.read_text() or "<!-- written" in path.read_text()
    ] == []


def test_no_page_asks_a_network_for_anything(site: Path) -> None:
    asked = {}
    for path in site.rglob("*.html"):
        tags = re.findall(
            r"<(?:script|link|img|iframe|source|video|object|embed)\b[^>]*>", path.read_text(encoding="utf-8")
        )
        found = [tag for tag in tags if re.search(r"""(?:src|href|data)=["']?(?:https?:)?//""", tag)]
        if found:
            asked[path.name] = found
    styles = [
        path.name
        for path in site.rglob("*.css")
        if re.search(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", path.read_text(encoding="utf-8"))
    ]

    assert asked == {}
    assert styles == []


def test_the_reference_names_all_that_the_code_has(site: Path) -> None:
    assert {
        key for key in schema()["properties"] if f">{key}</span></code>" not in _text(site, "reference/policy.html")
    } == set()
    assert {name for name in ENTITIES if f">{name}<" not in _text(site, "reference/entities.html")} == set()
    assert {
        action for action in ACTIONS if f">{action}</span></code>" not in _text(site, "reference/events.html")
    } == set()
    assert {pack for pack in names() if f"{pack}" not in _text(site, "reference/controls.html")} == set()
    commands = privguard.list_commands(None)  # type: ignore[arg-type]
    assert {one for one in commands if f'id="privguard-{one}"' not in _text(site, "reference/commands.html")} == set()


def test_a_page_shows_what_a_guarded_kernel_showed(site: Path) -> None:
    page = _text(site, "start.html")

    assert "tok_" in page and ": tier compliance is not granted" in page
    assert "***@" in page


def test_the_benchmarks_have_their_pictures(site: Path) -> None:
    page = _text(site, "benchmarks.html")

    assert "pg-plot" in page and "aims are met" in page


def test_every_notebook_has_its_page() -> None:
    pages = {path.stem for path in (DOCS / "notebooks").glob("0*.md")}

    assert pages == {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_search_and_pages_work_from_the_disk_without_a_network(site: Path) -> None:
    asked: list[str] = []

    def visit(page: Page) -> None:
        page.on("request", lambda request: asked.append(request.url))
        page.goto((site / "index.html").as_uri())
        assert page.locator("h1").first.inner_text().startswith("jupyter_privguard")
        page.goto((site / "search.html").as_uri() + "?q=checkpoint")
        page.locator("#search-results li a").first.wait_for(timeout=60_000)
        page.goto((site / "start.html").as_uri())
        assert page.locator("table").count() > 0

    chromium = next(path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        visit(browser.new_context(offline=True).new_page())
        browser.close()

    assert asked and [url for url in asked if not url.startswith(("file:", "data:"))] == []
