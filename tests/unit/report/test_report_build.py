"""The page: complete, inert whatever the log says, the same for the same log."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.errors import InputError, PrivguardError
from jupyter_privguard.model import DataClass, Pattern
from jupyter_privguard.report.build import check_page
from jupyter_privguard.report.offline import fetches
from jupyter_privguard.report.page import script
from tests.unit.report.unsigned_page import unsigned_page

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</code></pre><script>alert(1)</script>",
    "{{ 7*191 }}",
    "{% for x in [1, 2] %}LOOPED{% endfor %}",
    '"><svg onload=alert(1)>',
    "[link](javascript:alert(1)) ![i](http://example.org/x.png)",
    "&lt;b&gt; & 'quotes'",
]


class Page(HTMLParser):
    """Elements, ids, link targets and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.texts: list[str] = []
        self.scopes: list[str | None] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        values = dict(attrs)
        self.ids += [values["id"]] if values.get("id") else []
        self.targets += [values["href"]] if tag == "a" and values.get("href") else []
        self.scopes += [values.get("scope")] if tag == "th" else []
        assert not [name for name in values if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.texts))


@pytest.fixture(scope="module")
def usual(tmp_path_factory, new_story, now):
    """The log of the usual story and its page, which nobody changes."""
    told = new_story(tmp_path_factory.mktemp("usual"))
    told.tell()
    log = told.verified()
    told.close()
    return log, unsigned_page("exp-1", log, now=now)


def test_says_who_ran_what_and_what_was_seen(usual):
    text = Page(usual[1]).text

    for part in (
        "Experiment exp-1",
        "asha in",
        "churn-model in 6 cells",
        "6 ended: 4 ok, 1 error, 1 refused",
        "customers = pd.read_csv('')",
        "predictions.csv",
        "privguard: tier compliance is not granted to you.",
        "as a keyed token",
        "encrypted (reversible)",
        "Not anchored: no checkpoint is kept elsewhere.",
        "No checkpoint of this log is kept elsewhere, so",
        "610",
    ):
        assert part in text
    assert "compliant" not in text.lower()
    assert "supports evidence" in text


def test_an_anchored_log_is_said_to_be_anchored_and_where(usual, now):
    text = Page(unsigned_page("exp-1", usual[0], now=now, anchors=("/srv/witness (up to record 9)",))).text

    assert "are kept in /srv/witness (up to record 9), and the log was held against" in text
    assert "Not anchored" not in text and "No checkpoint of this log is kept elsewhere" not in text


def test_every_link_leads_somewhere_on_the_page(usual):
    page = Page(usual[1])

    assert page.targets
    assert {target.removeprefix("#") for target in page.targets} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert {f"event-{seq}" for seq in range(1, 16)} <= set(page.ids)


def test_tables_have_captions_and_headings_with_scope(usual):
    page = Page(usual[1])

    assert page.tags.count("caption") == page.tags.count("table") > 5
    assert set(page.scopes) == {"row", "col"}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text(story, now, hostile):
    story.begin()
    story.load(hostile, experiment=hostile)
    story.cell(
        hostile,
        experiment=hostile,
        purpose=hostile,
        notebook=hostile,
        shown=[
            {
                "dataset": hostile,
                "columns": [{"label": hostile, "entity": "EMAIL_ADDRESS", "class": "pii", "action": "token"}],
                "rows": 1,
            }
        ],
        sinks=[{"kind": "file", "target": hostile}],
        datasets=[{"name": hostile, "source": hostile, "as": ["x"], "columns": [hostile], "rows": 1, "how": ["shown"]}],
    )
    story.cell(experiment=hostile, outcome="refused", refusal=hostile)

    html = unsigned_page(hostile, story.verified(), now=now)

    page = Page(html)
    assert page.text.count(re.sub(r"\s+", " ", hostile)) >= 10
    assert not {"img", "b"} & set(page.tags)
    assert page.tags.count("script") == 1  # the page's own
    # Keys, hashes and signatures are new in every run; four digits turn up in them by chance.
    assert "1337" not in re.sub(r"[A-Za-z0-9+/=_-]{20,}", "", html)
    assert "LOOPEDLOOPED" not in page.text
    assert fetches(html, scripts=(script(),)) == []


def test_same_log_and_time_give_the_same_bytes(usual, now):
    log, page = usual

    assert unsigned_page("exp-1", log, now=now) == page


def test_one_script_alone_and_a_policy_that_forbids_fetching(usual):
    html = usual[1]

    assert Page(html).tags.count("script") == 1
    digest = base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()
    assert f"default-src 'none'; script-src 'sha256-{digest}'" in html.replace("&#39;", "'")
    assert f"<script>{script()}</script>" in html
    assert fetches(html, scripts=(script(),)) == []


def test_refused_cells_alone_read_well(story, now):
    story.begin()
    story.cell(outcome="refused", tier="compliance", refusal="privguard: not granted.", notebook=None, purpose=None)

    text = Page(unsigned_page("exp-1", story.verified(), now=now)).text

    assert "1 ended: 1 refused" in text
    assert "compliance asked for and refused in 1 cell" in text
    assert "No cell of this experiment showed a column of a table." in text
    assert "no purpose named" in text
    assert "Notebooksnone" in text.replace(" ", "")


def test_a_cell_without_an_end_is_named(story, now):
    story.begin()
    story.start()

    text = Page(unsigned_page("exp-1", story.verified(), now=now)).text

    assert "1 without an end" in text
    assert "1 cell began and had no end" in text


def test_an_experiment_that_was_only_closed_reads_well(story, now):
    story.add("experiment.close", experiment="exp-1")

    text = Page(unsigned_page("exp-1", story.verified(), now=now)).text

    assert "closed on 2026-11-25 21:00:01 UTC" in text
    assert "none ran" in text


def test_other_experiments_do_not_enter(story, now):
    story.tell()
    story.cell("secret_variable_of_another", experiment="exp-2", purpose="another-purpose")

    html = unsigned_page("exp-1", story.verified(), now=now)

    assert "secret_variable_of_another" not in html
    assert "another-purpose" not in html


def test_assurance_self_is_counted_apart(story, now):
    from jupyter_privguard.model import Principal

    story.begin()
    story.cell()
    story.cell(principal=Principal(id="ravi", assurance="hub"))

    text = Page(unsigned_page("exp-1", story.verified(), now=now)).text

    assert "2 of 4 events have the assurance “self”" in text
    assert "2 of 4 events have another assurance (2 hub)" in text


def test_the_script_in_the_page_computes_the_root_in_the_page(story, now, tmp_path):
    from jupyter_privguard.audit.reader import LogReader

    story.tell()
    log = story.verified()
    script = Page(unsigned_page("exp-1", log, now=now)).texts
    source = next(text for text in script if text.startswith("import base64, hashlib"))
    story.cell("later = 1")
    lines = "".join(f"{line}\n" for line in LogReader.open(story.home.log, None).lines())

    done = subprocess.run([sys.executable, "-c", source], input=lines.encode(), capture_output=True, check=True)

    assert done.stdout.decode().strip() == base64.b64encode(log.root).decode()


def test_a_notebook_is_named_by_its_hash_and_nothing_of_it_enters(usual, now, tmp_path):
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "SECRET-WORD"}], "nbformat": 4}))

    html = unsigned_page("exp-1", usual[0], notebook=path, now=now)

    assert hashlib.sha256(path.read_bytes()).hexdigest() in html
    assert "1 cell," in html
    assert "SECRET-WORD" not in html


@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b'{"cells": 3}', b"\xff\xfe"])
def test_what_is_no_notebook_is_refused(usual, now, tmp_path, content):
    path = tmp_path / "n.ipynb"
    path.write_bytes(content)

    with pytest.raises(InputError, match="not a notebook"):
        unsigned_page("exp-1", usual[0], notebook=path, now=now)


def test_a_missing_notebook_is_one_sentence(usual, now, tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        unsigned_page("exp-1", usual[0], notebook=tmp_path / "none.ipynb", now=now)


def test_an_unknown_experiment_is_refused_with_a_hint(usual, now):
    with pytest.raises(InputError, match="did you mean `exp-1`"):
        unsigned_page("exp-l", usual[0], now=now)


def test_what_looks_like_a_persons_data_stops_the_report(story, now):
    story.begin()
    story.cell(purpose="for jane.doe@example.com only")

    with pytest.raises(PrivguardError) as caught:
        unsigned_page("exp-1", story.verified(), now=now)

    assert "section `summary`" in str(caught.value)
    assert "EMAIL_ADDRESS" in str(caught.value)
    assert "jane" not in str(caught.value)


def test_an_account_name_may_be_an_e_mail_address(story, now):
    from jupyter_privguard.model import Principal

    story.begin()
    story.cell(principal=Principal(id="jane.doe@example.com", assurance="hub"))

    assert "jane.doe@example.com" in unsigned_page("exp-1", story.verified(), now=now)


def test_a_page_that_fetches_is_refused():
    with pytest.raises(PrivguardError, match="img src"):
        check_page('<p><img src="http://example.org/x.png"></p>')


def test_importing_experiments_loads_nothing_heavy():
    heavy = "nbconvert nbformat jinja2 pandas yaml bleach".split()
    code = (
        "import sys, jupyter_privguard.report.experiments, jupyter_privguard.report.build\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())

    assert done.stdout.strip() == "[]"


DATES = Pattern("JOINED_ON", DataClass.PII, "[0-9]{4}-[0-9]{2}-[0-9]{2}")
STAFF = Pattern("STAFF_NO", DataClass.INTERNAL, "ST-[0-9]{6}", ("staff no",))
CAPITALS = Pattern("CREW_NO", DataClass.PII, "[A-Z]{3}")


def test_a_value_of_the_policy_s_own_form_stops_the_report_and_is_not_quoted(story, now):
    story.begin()
    story.cell(purpose="for ST-123456")
    log = story.verified()

    assert "ST-123456" in unsigned_page("exp-1", log, now=now)
    with pytest.raises(PrivguardError, match=r"section `\w+` of the report shows what looks like STAFF_NO") as caught:
        unsigned_page("exp-1", log, now=now, patterns=(STAFF,))
    assert "123456" not in str(caught.value)


def test_a_report_s_own_words_and_times_have_no_form_of_the_policy(usual, now):
    assert unsigned_page("exp-1", usual[0], now=now, patterns=(STAFF, CAPITALS, DATES))


def test_the_policy_in_force_decides_which_forms_stop_a_report(story, tmp_path, monkeypatch):
    story.begin()
    story.cell(purpose="for ST-123456")
    policy = tmp_path / "policy.yaml"
    policy.write_text('version: 1\npatterns: [{entity: STAFF_NO, regex: "ST-[0-9]{6}"}]\n', encoding="utf-8")

    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    assert runtime.report_page("exp-1", runtime.policy())
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))
    with pytest.raises(PrivguardError, match="STAFF_NO"):
        runtime.report_page("exp-1", runtime.policy())
