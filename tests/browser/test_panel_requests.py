"""Requests in a real JupyterLab: asked and withdrawn, those of another account answered, one value revealed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import live_lab as live
import pytest
from live_lab import open_panel, open_tab, run_cells
from playwright.sync_api import expect

from jupyter_privguard.model import Tier
from jupyter_privguard.policy.approvals import Asked
from jupyter_privguard.registry.asking import ModelAsked, Reviewed
from jupyter_privguard.registry.files import named
from jupyter_privguard.runtime.exchange import Exchange
from jupyter_privguard.runtime.model_log import MODELS
from jupyter_privguard.settings import account_name

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

OTHER = 64_001
VALUE = "CANARY-77"
CELLS = [
    "%load_ext jupyter_privguard",
    f'import pandas as pd\nclients = pd.DataFrame({{"customer_id": ["{VALUE}"] + [f"C-{{n}}" for n in range(30)]}})',
    "clients.head(1)",
]


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Exchange:
    """A folder that accounts share."""
    folder = tmp_path_factory.mktemp("exchange")
    folder.chmod(0o1777)
    return Exchange(folder, is_shared=True)


@pytest.fixture(scope="module")
def page(context: BrowserContext, tmp_path_factory: pytest.TempPathFactory, exchange: Exchange) -> Iterator[Page]:
    """A notebook of an account that may approve and reveal, which has shown a token."""
    folder = tmp_path_factory.mktemp("officer")
    policy = folder / "policy.yaml"
    policy.write_text(
        f'version: 1\nprincipals: {{"{account_name()}": {{roles: [officer]}}, "{OTHER}": {{roles: [analyst]}}}}\n'
        "roles:\n  analyst: {tiers: [public]}\n"
        "  officer: {tiers: [public, internal, compliance], approve: true, reveal: true, log: all}\n"
        f"approvals: {{folder: {exchange.folder}}}\n"
    )
    with live.live_lab(folder, PRIVGUARD_POLICY=str(policy)) as lab:
        lab.write_notebook("requests.ipynb", CELLS)
        opened = context.new_page()
        opened.goto(lab.lab_url("requests.ipynb"))
        run_cells(opened, count=len(CELLS))
        yield opened
        opened.close()


@pytest.fixture
def requests(page: Page) -> Locator:
    return open_tab(open_panel(page), "Requests")


def asked_by_another(exchange: Exchange, reason: str) -> str:
    """A request that lies there as another account's; only root can lay one."""
    if os.geteuid() != 0:
        pytest.skip("only root can write as another account")
    columns, now = ("customer_id",), datetime.now(UTC)
    asked = Asked("", str(OTHER), Tier.COMPLIANCE, "clients", columns, None, None, reason, timedelta(hours=4), now)
    exchange.ask(asked.named())
    os.chown(exchange.folder / f"{asked.named().id}.request.json", OTHER, OTHER)
    return asked.named().id


def test_what_one_asks_for_is_listed_and_withdrawn(requests: Locator) -> None:
    form = requests.get_by_role("form", name="Ask for a tier")
    expect(form.get_by_role("textbox", name="Data set")).to_have_value("clients")
    form.get_by_role("textbox", name="Columns").fill("customer_id")
    form.get_by_role("textbox", name="Reason").fill("ticket 4711 <b>")
    form.get_by_role("textbox", name="For").fill("2h")
    form.get_by_role("button", name="Ask").click()

    expect(form.get_by_role("status")).to_contain_text("privguard: asked")
    own = requests.get_by_role("listitem").filter(has_text="ticket 4711 <b>")
    expect(own).to_contain_text(f"{account_name()} asks for tier compliance on clients (customer_id), for 2h.")
    expect(own.get_by_role("button", name="Approve")).to_have_count(0)
    expect(own.get_by_role("button", name="Withdraw")).to_be_disabled()  # nothing without a reason
    own.get_by_role("textbox", name="Reason").fill("not needed")
    own.get_by_role("button", name="Withdraw").click()

    expect(own.locator("[data-request-state]")).to_have_text("denied")


@pytest.mark.parametrize(("button", "state"), [("Approve", "granted"), ("Deny", "denied")])
def test_the_request_of_another_account_is_answered(
    requests: Locator, exchange: Exchange, button: str, state: str
) -> None:
    request = asked_by_another(exchange, f"case for {button}")
    item = requests.locator(f"[data-request='{request}']")
    expect(item).to_contain_text(f"{OTHER} asks for tier compliance on clients")

    item.get_by_role("textbox", name="Reason").fill("seen")
    if button == "Approve":
        item.get_by_role("textbox", name="For").fill("1h")
    item.get_by_role("button", name=button).click()

    expect(item.locator("[data-request-state]")).to_have_text(state)
    expect(item).to_contain_text(f"answered by {account_name()}")
    if button == "Approve":
        item.get_by_role("textbox", name="Reason").fill("over")
        item.get_by_role("button", name="Revoke").click()
        expect(item.locator("[data-request-state]")).to_have_text("denied")


def test_an_answer_that_is_refused_says_why(requests: Locator, exchange: Exchange) -> None:
    request = asked_by_another(exchange, "case of a long time")
    item = requests.locator(f"[data-request='{request}']")
    item.get_by_role("textbox", name="Reason").fill("seen")
    item.get_by_role("textbox", name="For").fill("2d")
    item.get_by_role("button", name="Approve").click()

    expect(item.get_by_role("alert")).to_contain_text("lasts as long as was asked for, or shorter")
    expect(item.locator("[data-request-state]")).to_have_text("pending")


def model_asked_by_another(exchange: Exchange, reason: str) -> ModelAsked:
    """A request to approve a model that lies there as another account's; only root can lay one."""
    if os.geteuid() != 0:
        pytest.skip("only root can write as another account")
    bound = {"sha256": "ab" * 32, "review": None, "review_sha256": None, "reviewed": Reviewed.NONE}
    about = {"model": "churn", "version": "3", "alias": "champion", "reason": reason, "term": timedelta(days=90)}
    asked = named(ModelAsked(id="", by=str(OTHER), at=datetime.now(UTC), **about, **bound))
    Exchange(exchange.folder, is_shared=True, form=MODELS).ask(asked)
    os.chown(exchange.folder / f"{asked.id}.model.json", OTHER, OTHER)
    return asked


def test_a_model_is_approved_beside_the_other_requests_and_revoked(requests: Locator, exchange: Exchange) -> None:
    asked = model_asked_by_another(exchange, "better on the spring cohort <b>")
    item = requests.locator(f"[data-request='{asked.id}']")
    expect(item).to_contain_text(f"{OTHER} asks to approve version 3 of the model churn as champion, for 90d.")
    expect(item).to_contain_text("better on the spring cohort <b>")
    expect(item.locator("[data-reviewed]")).to_contain_text("no review · files abababababab…")
    expect(item).to_contain_text(f"privguard model approve {asked.id} --path DIR")
    expect(item.get_by_role("button", name="Approve")).to_be_disabled()

    item.get_by_role("textbox", name="Reason").fill("low risk")
    item.get_by_role("textbox", name="For").fill("60d")
    item.get_by_role("button", name="Approve").click()
    expect(item.locator("[data-request-state]")).to_have_text("granted")
    expect(item).to_contain_text(f"answered by {account_name()}")
    expect(item).not_to_contain_text("--path DIR")

    item.get_by_role("textbox", name="Reason").fill("leaks postcodes")
    item.get_by_role("button", name="Revoke").click()
    expect(item.locator("[data-request-state]")).to_have_text("denied")


def test_a_revealed_value_is_on_the_screen_and_in_no_file(requests: Locator, page: Page, exchange: Exchange) -> None:
    shown = page.locator(".jp-OutputArea-output").last.inner_text()
    handle = re.search(r"tok_[0-9a-f]+", shown)
    assert handle is not None
    form = requests.get_by_role("form", name="Reveal one value")
    form.get_by_role("textbox", name="Handle").fill(handle[0])
    form.get_by_role("textbox", name="Reason").fill("a case")
    page.clock.install()
    form.get_by_role("button", name="Reveal").click()

    expect(form.locator("output")).to_contain_text(VALUE)
    assert VALUE not in page.locator(".jp-Notebook .jp-OutputArea").last.inner_text()
    with page.expect_response(lambda got: "api/contents/requests.ipynb" in got.url and got.request.method == "PUT"):
        page.evaluate("void window.jupyterapp.commands.execute('docmanager:save')")
    page.clock.run_for(31_000)
    expect(form.locator("output")).to_have_count(0)
    files = [*Path(exchange.folder).parent.glob("officer*/**/*.ipynb")]
    assert files
    for file in files:
        # The cell that made the data has it as a literal, and nothing else does.
        assert file.read_text().count(VALUE) <= 1


def test_who_answers_needs_no_notebook(page: Page, exchange: Exchange) -> None:
    asked = model_asked_by_another(exchange, "of somebody without a notebook")
    page.evaluate("window.jupyterapp.shell.currentWidget.dispose()")  # closing one that changed would ask
    panel = open_panel(page)

    expect(panel.get_by_role("status")).to_contain_text("Open a notebook")
    item = panel.locator(f"[data-request='{asked.id}']")
    item.get_by_role("textbox", name="Reason").fill("not now")
    item.get_by_role("button", name="Deny").click()
    expect(item.locator("[data-request-state]")).to_have_text("denied")
