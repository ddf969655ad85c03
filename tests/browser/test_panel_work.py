"""The lead's work at the panel, without code: look, change, override, verify, look at the experiment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from example import LABEL
from live_lab import open_panel, open_tab, run_cells
from playwright.sync_api import expect

if TYPE_CHECKING:
    from live_lab import LiveLab
    from playwright.sync_api import Locator, Page


def fact(content: Locator, name: str) -> Locator:
    return content.locator(f"dt:text-is({name!r}) + dd")


# --- now ------------------------------------------------------------------------------------------


def test_the_first_look_tells_what_was_classified_shown_and_logged(panel: Locator, guarded: Page) -> None:
    glance = open_tab(panel, "Now").get_by_role("group", name="At a glance")
    expect(fact(glance, "Classified")).to_have_text("1 data set, 2 of 3 columns sensitive")
    expect(fact(glance, "Shown")).to_have_text("10 values masked in 1 cell")
    expect(fact(glance, "Logged")).to_contain_text(re.compile(r"^\d+ events, .*verified"))

    with guarded.expect_download() as download:  # the second click, after that which opens the panel
        glance.get_by_role("button", name="Export compliance file").click()
    assert download.value.suggested_filename == "compliance-exp-browser.html"
    expect(glance.get_by_role("status")).to_contain_text("compliance-exp-browser.html")

    fact(glance, "Classified").get_by_role("button").click()
    expect(panel.get_by_role("tab", name="Data")).to_have_attribute("aria-selected", "true")
    open_tab(panel, "Now")
    fact(glance, "Logged").get_by_role("button").click()
    expect(panel.get_by_role("tab", name="Log")).to_have_attribute("aria-selected", "true")


def test_purpose_experiment_and_tier_are_changed_with_a_reason(panel: Locator, guarded: Page) -> None:
    now = open_tab(panel, "Now")
    change = now.get_by_role("button", name="Change")
    for what, value in (("Purpose", "billing {1+1} $HOME it's"), ("Experiment", "exp-other"), ("Tier", "internal")):
        now.get_by_role("combobox", name="What").select_option(what)
        if what == "Tier":
            now.get_by_role("combobox", name="To").select_option(value)
        else:
            now.get_by_role("textbox", name="To").fill(value)
        expect(change).to_be_disabled()  # nothing changes without a reason
        now.get_by_role("textbox", name="Reason").fill(f"ticket of {what}")
        change.click()
        expect(fact(now, what)).to_have_text(value)

    log = open_tab(panel, "Log")
    changed = log.get_by_role("row").filter(has_text="guard.changed")
    expect(changed).to_have_count(3)
    expect(changed.first).to_contain_text("ticket of Tier")
    changed.first.get_by_role("button", name="guard.changed").click()
    details = log.get_by_role("group", name=re.compile(r"^Event \d"))
    expect(fact(details, "Reason")).to_have_text("ticket of Tier")
    expect(fact(details, "Tier")).to_have_text("internal")
    guarded.reload()
    run_cells(guarded, count=0)  # waits for the page and its kernel
    guarded.evaluate("window.jupyterapp.shell.activateById('privguard-panel')")
    expect(fact(open_tab(panel, "Now"), "Tier")).to_have_text("internal")


def test_what_the_policy_refuses_is_said_in_its_words(panel: Locator) -> None:
    open_tab(panel, "Requests")
    form = panel.get_by_role("form", name="Reveal one value")
    form.get_by_role("textbox", name="Handle").fill("tok_00000000")
    form.get_by_role("textbox", name="Reason").fill("a case")
    form.get_by_role("button", name="Reveal").click()

    expect(form.get_by_role("alert")).to_contain_text("privguard: ")


def test_a_cell_that_ran_without_the_guard_is_a_gap_with_its_cell(page: Page, lab: LiveLab) -> None:
    lab.write_notebook("gap.ipynb", ["%load_ext jupyter_privguard", "%unload_ext jupyter_privguard", "1 + 1"])
    page.goto(lab.lab_url("gap.ipynb"))
    run_cells(page, count=3)
    panel = open_panel(page)

    expect(panel.locator("[data-guard=off]")).to_contain_text("taken out")
    gap = panel.locator("[data-gaps]")
    expect(gap).to_contain_text("ran while the guard was off")
    gap.get_by_role("button", name="Show cell").last.click()
    expect(page.locator(".jp-Notebook .jp-Cell.jp-mod-active")).to_contain_text("1 + 1")
    expect(page.locator(".privguard-StatusItem button")).to_contain_text("gap")


# --- data -----------------------------------------------------------------------------------------


def labels(data: Locator) -> list[str]:
    return [text.splitlines()[0] for text in data.locator("tbody th").all_inner_texts()]


def test_columns_are_found_and_sorted(panel: Locator) -> None:
    data = open_tab(panel, "Data")
    expect(data.get_by_role("rowheader")).to_have_count(3)

    data.get_by_role("button", name="Column").click()
    assert labels(data) == [LABEL, "age", "plan"]
    expect(data.get_by_role("columnheader", name="Column")).to_have_attribute("aria-sort", "ascending")
    data.get_by_role("button", name="Column").click()
    assert labels(data) == ["plan", "age", LABEL]
    data.get_by_role("textbox", name="Find").fill("email_ADD")
    assert labels(data) == [LABEL]
    data.get_by_role("textbox", name="Find").fill("")
    data.get_by_role("combobox", name="Show").select_option("class none")
    assert labels(data) == ["plan"]
    data.get_by_role("combobox", name="Show").select_option("all columns")


def test_what_a_column_holds_is_not_cut_off_at_the_width_of_the_side_bar(panel: Locator) -> None:
    data = open_tab(panel, "Data")
    facts = data.locator(".privguard-Facts").filter(has_text="EMAIL_ADDRESS")

    expect(facts).to_have_text(re.compile(r"^EMAIL_ADDRESS · \d+ %$"))
    own, table = facts.bounding_box(), data.locator("table").bounding_box()
    assert own is not None and table is not None
    assert own["x"] + facts.evaluate("one => one.scrollWidth") <= table["x"] + table["width"]
    assert facts.evaluate("one => getComputedStyle(one).overflow") == "visible"


def test_why_and_k_are_told_when_asked_for(panel: Locator) -> None:
    data = open_tab(panel, "Data")
    data.get_by_role("button", name="Measure k and tell why").click()

    expect(data.locator("[data-k='1']")).to_contain_text("age")
    data.get_by_role("button", name=LABEL).click()
    expect(data.get_by_role("list", name="Why").get_by_role("listitem")).not_to_have_count(0)
    assert "canary" not in data.inner_text()


def test_a_class_is_given_and_taken_back_by_menu(panel: Locator, guarded: Page) -> None:
    data = open_tab(panel, "Data")
    row = data.get_by_role("row").filter(has=guarded.get_by_role("button", name="plan", exact=True))
    data.get_by_role("button", name="plan", exact=True).click()
    form = data.get_by_role("form", name="Override")

    form.get_by_role("combobox", name="It holds").select_option("CUSTOMER_ID")
    form.get_by_role("button", name="Override").click()
    expect(row).to_contain_text("CUSTOMER_ID")
    expect(row).to_contain_text("token")
    expect(data.get_by_role("status").last).to_contain_text("plan of people is CUSTOMER_ID")
    form.get_by_role("button", name="Take back").click()

    expect(row).to_contain_text("none")
    log = open_tab(panel, "Log")
    log.get_by_role("textbox", name="Column").fill("plan")
    log.get_by_role("combobox", name="Action").select_option("class.change")
    expect(log.locator("tbody tr")).to_have_count(2)


def test_a_hostile_label_is_overridden_as_text(panel: Locator, guarded: Page) -> None:
    data = open_tab(panel, "Data")
    data.get_by_role("button", name=LABEL).click()
    form = data.get_by_role("form", name="Override")
    form.get_by_role("combobox", name="It holds").select_option("PHONE_NUMBER")
    form.get_by_role("button", name="Override").click()

    expect(data.get_by_role("row").filter(has_text="PHONE_NUMBER")).to_contain_text("onerror")
    assert guarded.evaluate("window.pwned") is None


def test_sensitive_columns_that_no_cell_used_are_marked(page: Page, lab: LiveLab) -> None:
    (lab.root / "wide.csv").write_text("email,plan\n" + "".join(f"a{n}@x{n}.org,basic\n" for n in range(30)))
    cells = ["%load_ext jupyter_privguard", "import pandas as pd\ndf = pd.read_csv('wide.csv')", "df[['plan']].head()"]
    lab.write_notebook("unused.ipynb", cells)
    page.goto(lab.lab_url("unused.ipynb"))
    run_cells(page, count=3)

    data = open_tab(open_panel(page), "Data")

    expect(data).to_contain_text("1 sensitive column was loaded and not used.")
    expect(data.get_by_role("row").filter(has_text="EMAIL_ADDRESS")).to_contain_text("not used")


# --- log and experiment ---------------------------------------------------------------------------


def test_the_log_is_filtered_and_leads_to_the_cell(panel: Locator, guarded: Page) -> None:
    log = open_tab(panel, "Log")
    for name in ("Cell", "Column"):
        log.get_by_role("textbox", name=name).fill("")
    log.get_by_role("combobox", name="Action").select_option("cell.run")
    log.get_by_role("textbox", name="Cell").fill("3")
    rows = log.locator("tbody tr[data-outcome]")

    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("churn-model")
    rows.get_by_role("button", name="Show cell").click()
    expect(guarded.locator(".jp-Notebook .jp-Cell.jp-mod-active")).to_contain_text("%%secure")


def test_the_log_is_verified_when_asked_for(panel: Locator) -> None:
    log = open_tab(panel, "Log")
    log.get_by_role("button", name="Verify now").click()

    badge = log.locator(".privguard-Badge[data-whole]")
    expect(badge).to_have_text("verified")
    expect(log.locator(".privguard-Verification")).to_contain_text(re.compile(r"20\d\d.*records"))
    expect(log.locator(".privguard-Verification")).to_contain_text("not anchored")


def test_an_experiment_at_a_glance_and_its_report_in_a_tab(panel: Locator, guarded: Page) -> None:
    experiment = open_tab(panel, "Experiment")
    experiment.get_by_role("combobox", name="Experiment").select_option("exp-browser")

    expect(fact(experiment, "Purposes")).to_contain_text("churn-model")
    expect(experiment.get_by_role("row").filter(has_text="GDPR").first).to_contain_text(re.compile("evidenced|partial"))
    with guarded.expect_download() as download:
        experiment.get_by_role("button", name="Export as notebook").click()
    assert download.value.suggested_filename == "compliance-exp-browser.ipynb"
    experiment.get_by_role("button", name="Open in a tab").click()
    report = guarded.frame_locator(".privguard-Report iframe")
    expect(report.get_by_role("heading", name="Experiment exp-browser")).to_be_visible()
    assert guarded.locator(".privguard-Report iframe").get_attribute("sandbox") == ""
