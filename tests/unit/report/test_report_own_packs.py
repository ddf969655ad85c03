"""Packs that an organisation writes itself: read, chosen, shown, or refused in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from jupyter_privguard import _files
from jupyter_privguard.cli.main import main
from jupyter_privguard.errors import InputError
from jupyter_privguard.report import packs
from jupyter_privguard.report.context import gather
from jupyter_privguard.report.evidence import PRESENT, Query, Status, evaluate
from jupyter_privguard.report.page import make_notebook, to_html
from jupyter_privguard.report.sections.controls import SECTION

PACK = """\
name: House rules
title: Rules of the data office, edition 4
source: intranet handbook, chapter 7
statements:
  late: {says: cells ran at night, query: {actions: [cell.run], where: {kernel: [night]}}}
applies_if:
  - {says: customers were loaded, query: {actions: [data.load], where: {dataset.name: [customers]}}}
controls:
  - id: R-1
    title: Cells name a purpose
    evidence: [purpose_named]
    limits: [late, purpose_missing]
  - id: R-2
    title: E-mail addresses stay hidden
    entities: [EMAIL_ADDRESS]
    enough: [redact, partial]
  - id: R-3
    title: Tables are sealed
    evidence:
      - says: files were sealed by us
        query:
          - {actions: [data.seal], where: {key_id: present}}
          - {actions: [data.unseal]}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "house.yaml"
    path.write_text(PACK, encoding="utf-8")
    return path


def _written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "pack.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_of_one_s_own_is_read_with_the_statements_that_are_built_in(own):
    (framework,) = packs.chosen([str(own)])

    assert (framework.name, framework.source, framework.pack) == (
        "House rules",
        "intranet handbook, chapter 7",
        str(own),
    )
    assert [control.id for control in framework.controls] == ["R-1", "R-2", "R-3"]
    first, second, third = framework.controls
    assert first.evidence[0].queries == (Query(("cell.run",), (("purpose", PRESENT),)),)
    assert [limit.says for limit in first.limits] == ["cells ran at night", "cells named no purpose"]
    assert all(control.applies[0].says == "customers were loaded" for control in framework.controls)
    assert second.entities == ("EMAIL_ADDRESS",)
    assert len(third.evidence[0].queries) == 2


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("redact", Status.EVIDENCED),
        ("partial", Status.EVIDENCED),
        ("token", Status.PARTIAL),
        ("clear", Status.NOT_EVIDENCED),
    ],
)
def test_a_kind_of_identifier_is_gone_only_under_masks_that_are_enough(own, action, status):
    control = packs.chosen([str(own)])[0].controls[1]
    column = {"entity": "EMAIL_ADDRESS", "action": action}
    log = [
        {"seq": 1, "action": "data.load", "dataset": {"name": "customers", "columns": [column]}},
        {"seq": 2, "action": "cell.run", "shown": [{"columns": [column]}]},
    ]

    assert evaluate(control, log).status is status


def test_the_packs_asked_for_come_in_their_order_and_without_any_all_that_are_built_in(own):
    assert [framework.pack for framework in packs.chosen(["soc2", str(own), "gdpr"])] == ["soc2", str(own), "gdpr"]
    assert packs.chosen([]) == packs.built_in()


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["gdrp"], "no pack is called `gdrp`; did you mean `gdpr`?"),
        (["pci"], "did you mean `pci-dss`?"),
        (["../gdpr"], "did you mean `gdpr`?"),
        (["x" * 5000], "xxxx…`; there are eu-ai-act, gdpr,"),
        (["none.yaml"], "none.yaml: there is no such pack"),
        (["gdpr", "gdpr"], "`gdpr` is twice the pack called GDPR"),
    ],
)
def test_what_is_no_pack_is_refused_with_what_there_is(names, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        packs.chosen(names)

    assert str(caught.value).startswith("privguard: ")
    assert says in str(caught.value)


def test_two_packs_of_one_name_are_refused(own, tmp_path):
    other = tmp_path / "gdpr.yaml"
    other.write_text(PACK.replace("House rules", "gdpr"), encoding="utf-8")

    with pytest.raises(InputError, match=r"`gdpr` and `.*gdpr\.yaml` are both called GDPR"):
        packs.chosen(["gdpr", str(other)])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("title: Cells name", "titel: Cells name", "line 10, column 5: unknown key `titel`; did you mean `title`?"),
        ("name: House rules\n", "", "`name` is missing"),
        ("name: House rules", "name: ''", "line 1, column 7: `name` must be one line of text"),
        ("name: House rules", "name: [a]", "line 1, column 7: `name` must be one line of text"),
        (
            "[purpose_named]",
            "[purpose_name]",
            "line 11, column 16: no statement is called `purpose_name`; did you mean",
        ),
        ("[purpose_named]", "purpose_named", "line 11, column 15: a list belongs here"),
        ("[purpose_named]", "[]", "line 9, column 5: a control needs `evidence`"),
        ("[purpose_named]", "[only_shown]", "what holds without any event shows nothing"),
        ("id: R-2", "id: R-1", "line 13, column 9: the control `R-1` is there twice (first in line 9)"),
        (
            "where: {kernel:",
            "where: {kernal:",
            "line 5, column 73: cell.run has no field `kernal`; did you mean `kernel`?",
        ),
        ("kernel: [night]", "tier: [top]", "the field never has that value; it is one of compliance, internal, public"),
        ("kernel: [night]", "sinks.unseen: [1]", "the field never has that value; it is one of false, true"),
        ("kernel: [night]", "kernel: []", "`kernel` must be present, absent or a list of values"),
        ("kernel: [night]", "kernel: [1.5]", "a value is text, a whole number, true or false"),
        ("kernel: [night]", "masked: [EMAIL]", "no entity is called `EMAIL`; did you mean `EMAIL_ADDRESS`?"),
        ("actions: [cell.run]", "actions: [cell.runs]", "unknown name `cell.runs`; did you mean `cell.run`?"),
        ("actions: [cell.run]", "actions: [cell.run, cell.run]", "`cell.run` is there twice"),
        (
            "actions: [cell.run], where: {kernel: [night]}",
            "actions: [reveal], shown: {class: [pii]}",
            "only cell.run shows",
        ),
        ("late:", "self:", "a statement `self` is built in; choose another name"),
        ("enough: [redact, partial]", "enough: [redact, hide]", "unknown name `hide`"),
        ("    enough: [redact, partial]\n", "", "`entities` and `enough` belong together"),
        ("Tables are sealed", "We are compliant here", "`title` judges; a log supports evidence"),
        ("says: files were sealed by us", "says: it complies with rule 4", "`says` judges"),
        ("[late, purpose_missing]", "[{says: a, unless: signed}]", "`unless` must be anchored"),
        ("name: House rules", "name: House rules\nname: B", "line 2, column 1: `name` is there twice"),
        ("name: House rules", "name: &a House rules", "line 1, column 7: an anchor (&name) is not taken"),
        ("name: House rules", "name: !!python/name:os.system x", "line 1, column 7: a tag (!name) is not taken"),
        ("controls:\n", "controls: []\nx:\n", "unknown key `x`"),
    ],
)
def test_a_slip_is_refused_with_its_place_and_the_nearest_word(tmp_path, old, new, says):
    assert PACK.count(old) >= 1
    path = _written(tmp_path, PACK.replace(old, new, 1))

    with pytest.raises(InputError) as caught:
        packs.chosen([str(path)])

    message = str(caught.value)
    assert message.startswith(f"privguard: {path} is no pack of controls: line ")
    assert says in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"3", b"\xff\xfe\x00", b"a: [", b"[" * 100, b"name: x\n" * 3, b"x: " + b"y" * 300_000]
)
def test_what_is_no_pack_at_all_is_refused(tmp_path, data):
    with pytest.raises(InputError, match=r"^privguard: .*pack"):
        packs.chosen([str(_written(tmp_path, data))])


def test_a_folder_and_a_pipe_are_no_packs(tmp_path):
    import os

    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    for name in ("folder.yaml", "pipe.yaml"):
        with pytest.raises(InputError, match=r"regular file|cannot be read"):
            packs.chosen([str(tmp_path / name)])


@pytest.mark.parametrize(
    "hostile", ["<img src=x onerror=alert(1)>", "{{ 7*191 }}", "</details><script>alert(1)</script>"]
)
def test_what_a_pack_says_stays_text(story, now, tmp_path, hostile):
    story.tell()
    text = PACK.replace("Cells name a purpose", f"'{hostile}'").replace("files were sealed by us", f"'{hostile}'")
    path = _written(tmp_path, text)

    context = gather("exp-1", story.verified(), notebook=None, now=now, frameworks=packs.chosen([str(path)]))
    html = to_html(make_notebook([(SECTION, SECTION.build(context))], experiment="exp-1", now=now))

    assert unescape(html).count(hostile) >= 2
    assert "<img" not in html and "alert(1)</script>" not in html
    assert "1337" not in _controls(html)


def test_the_command_takes_names_and_files_and_the_page_speaks_of_them_alone(story, own, tmp_path):
    story.tell()
    story.close()
    page = tmp_path / "page.html"

    done = CliRunner().invoke(_command(), ["exp-1", "-o", str(page), "--pack", f"gdpr,{own}", "--pack", "pci-dss"])

    assert done.exit_code == 0, done.output
    html = page.read_text("utf-8")
    assert "House rules R-1" in html and "GDPR Art. 5(1)(b)" in html and "PCI DSS: " in html
    assert "SOC 2" not in html and "HIPAA" not in html
    assert "Not evidenced" in html and "not applicable" in html
    assert "compliant" not in html.lower()


@pytest.mark.parametrize(
    ("pack", "says"),
    [("gdrp", "did you mean `gdpr`"), ("gdpr,", "--pack takes names"), ("no/such.yaml", "there is no such pack")],
)
def test_a_wrong_pack_is_one_sentence_before_any_work_and_nothing_is_written(story, tmp_path, capsys, pack, says):
    story.tell()
    story.close()
    page = tmp_path / "page.html"

    with pytest.raises(SystemExit) as ended:
        main(["report", "exp-1", "-o", str(page), "--pack", pack])

    said = capsys.readouterr().err.strip()
    assert ended.value.code == 3
    assert said.startswith("privguard: ") and says in said and "\n" not in said
    assert not page.exists()


def test_naming_packs_loads_no_reader_of_yaml():
    code = "import sys, jupyter_privguard.report.packs as p; p.names(); print('yaml' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())

    assert done.stdout.strip() == "False"


def _controls(html):
    return html.partition('<section id="controls">')[2].partition("</section>")[0]


def _command():
    from jupyter_privguard.cli.commands.report import command

    return command


def test_a_file_with_nothing_to_read_yet_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fifo = tmp_path / "own.yaml"
    os.mkfifo(fifo)
    writer = os.open(fifo, os.O_RDWR)
    monkeypatch.setattr(_files.stat, "S_ISREG", lambda mode: True)  # as some files of the system say of themselves
    try:
        with pytest.raises(InputError, match=r"the pack cannot be read \(nothing to read yet\)"):
            packs.chosen([str(fifo)])
    finally:
        os.close(writer)
