"""The documentation names everything there is, and everything it names is there."""

from __future__ import annotations

import json
import re
import subprocess
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner

import jupyter_privguard
from jupyter_privguard.cli.main import privguard
from jupyter_privguard.model import ENTITIES
from jupyter_privguard.notebook.magics import COMMANDS, register_magics
from jupyter_privguard.policy.starter import STARTER
from jupyter_privguard.report.evidence import evaluate
from jupyter_privguard.report.packs import chosen
from jupyter_privguard.report.section import sections

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
MARKDOWN = sorted(
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/**/*.md"), *ROOT.glob("bench/*.md")]
    if "_build" not in path.parts
)
HELPERS = {"chromium", "help", "panel", "panel-types", "postgres"}
"""Make targets that only other targets use, and the one that lists the others."""


def _code(markdown: str) -> list[str]:
    """What stands in code spans and blocks."""
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", markdown, re.DOTALL | re.MULTILINE)
    rest = re.sub(r"^```.*?^```", "", markdown, flags=re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", rest)


def _words(code: str) -> set[str]:
    return set(re.findall(r"[%\w][\w-]*", code))


def _is_named(*words: str) -> bool:
    return any(set(words) <= _words(code) for code in _code(README))


def _commands(command: click.Command = privguard, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if path:
        yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None, name
            yield from _commands(found, (*path, name))


COMMAND_PATHS = list(_commands())


@pytest.mark.parametrize("path", COMMAND_PATHS, ids=" ".join)
def test_every_command_is_in_the_readme(path: tuple[str, ...]) -> None:
    assert _is_named(*path)


@pytest.mark.parametrize("path", [(), *COMMAND_PATHS], ids=lambda path: " ".join(path) or "privguard")
def test_every_command_has_help_with_one_example_of_itself(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(privguard, [*path, "--help"], prog_name="privguard", terminal_width=200)

    assert result.exit_code == 0, result.output
    examples = re.findall(r"^ *Example: privguard ?(.*)$", result.output, re.MULTILINE)
    assert len(examples) == 1
    assert examples[0].split()[: len(path)] == list(path)


def test_every_setting_is_in_the_readme() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "jupyter_privguard").rglob("*.py"))
    settings = set(re.findall(r"\bPRIVGUARD_[A-Z][A-Z_]*[A-Z]", sources))

    assert "PRIVGUARD_HOME" in settings
    assert {name for name in settings if not _is_named(name)} == set()


def _policy_keys() -> list[str]:
    schema = json.loads((ROOT / "jupyter_privguard/policy/schema.json").read_text())
    return list(schema["properties"])


@pytest.mark.parametrize("key", _policy_keys())
def test_every_policy_key_is_in_the_readme_and_in_the_starter(key: str) -> None:
    assert _is_named(key)
    assert re.search(rf"^(?:# )?{key}:", STARTER, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_magic_sub_command_is_in_the_readme_and_in_its_help(name: str) -> None:
    registered: dict[str, Any] = {}
    shell = SimpleNamespace(
        register_magic_function=lambda function, kind, name: registered.__setitem__(name, function),
    )
    register_magics(shell, SimpleNamespace())  # type: ignore[arg-type]

    assert f"%privguard {name}" in README
    assert re.search(rf"^  {name}\b +\S", registered["privguard"].__doc__, re.MULTILINE)


def test_every_option_of_secure_is_in_the_readme_and_in_its_help() -> None:
    from jupyter_privguard.notebook.header import HELP

    options = set(re.findall(r"--[a-z]+", HELP))

    assert {"--purpose", "--experiment", "--tier", "--reason"} <= options
    assert {option for option in options if not any(option in code for code in _code(README))} == set()


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))


def test_make_help_lists_targets_that_exist() -> None:
    helped = set(re.findall(r"@echo 'make ([a-z-]+)", MAKEFILE))

    assert {"demo", "test", "lab", "check", "bench"} <= helped <= _targets()


def test_every_make_target_is_in_its_help_or_for_contributors() -> None:
    helped = set(re.findall(r"@echo 'make ([a-z-]+)", MAKEFILE))
    explained = set(re.findall(r"`make ([a-z-]+)`", (ROOT / "CONTRIBUTING.md").read_text()))

    assert _targets() - HELPERS - helped - explained == set()


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_make_commands_in_the_documentation_exist(path: Path) -> None:
    named = {match for code in _code(path.read_text()) for match in re.findall(r"^(?:\$ )?make ([a-z-]+)", code)}

    assert named <= _targets()


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_in_the_documentation_exist_with_their_options(path: Path) -> None:
    named = [code for code in _code(path.read_text()) if re.match(r"(?:\$ )?privguard [a-z]", code)]

    assert [code for code in named if (wrong := _wrong_in(code.removeprefix("$ "))) and wrong not in ("|", "…")] == []


def _wrong_in(code: str) -> str:
    """The first word of a command line that no command or option is called; nothing where all is well."""
    words = re.split(r" #|[;&>]|\|(?= )|\$\(", code.replace("\\|", "|"))[0].split()[1:]
    command: click.Command = privguard
    context = click.Context(command)
    for word in words:
        if word.startswith("-"):
            options = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
            if word.split("=")[0] not in {*options, "--help", "-h", "-"}:
                return word
        elif isinstance(command, click.Group) and re.fullmatch(r"[a-z|-]+", word):
            found = [command.get_command(context, one) for one in word.split("|")]
            if None in found:
                return word
            if len(found) > 1:
                return ""
            command = found[0]  # type: ignore[assignment]
        elif isinstance(command, click.Group):
            return ""  # `report` takes an experiment, or a command
    return ""


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("privguard scan . --fix", ""),
        ("privguard scan . --fixx", "--fixx"),
        ("privguard scna .", "scna"),
        ("privguard audit verify|checkpoint", ""),
        ("privguard audit verify|chekpoint", "verify|chekpoint"),
        ("privguard report exp-1 --output a.html", ""),
        ("privguard audit query --column a --signed > b", ""),
        ("privguard audit query --colum a", "--colum"),
    ],
)
def test_a_wrong_command_is_told_from_a_right_one(code: str, wrong: str) -> None:
    assert _wrong_in(code) == wrong


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text())

    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


def test_the_version_is_the_same_everywhere_and_in_the_changelog() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert jupyter_privguard.__version__ == version
    assert json.loads((ROOT / "labextension/package.json").read_text())["version"] == version
    assert re.search(rf"^## \[?{re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()


def test_the_layers_in_the_architecture_are_those_that_are_checked() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")

    assert "\n".join(layers) in ARCHITECTURE


def test_every_file_on_the_map_exists() -> None:
    named = re.findall(r"(?<![\w*<])([\w/]+\.(?:py|tsx?|ya?ml|json))\b", ARCHITECTURE)
    there = [f"/{path.relative_to(ROOT)}" for path in _own_files()]

    assert len(named) > 40
    of_examples = {name for name in named if name.endswith(("/xx.py", "/xx.yaml"))}
    assert [n for n in {*named} - of_examples if not any(path.endswith(f"/{n}") for path in there)] == []


def _own_files() -> list[Path]:
    """Everything that is in the repository or about to be, and is text."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:  # an archive without its history
        folders = ("jupyter_privguard", "tests", "bench", "notebooks")
        found = [*ROOT.iterdir(), *(path for folder in folders for path in (ROOT / folder).rglob("*"))]
    return [path for path in found if path.is_file() and path.suffix in TEXT]


TEXT = {"", *(f".{ending}" for ending in "py md toml txt yaml yml json ts tsx css ipynb j2 lock".split())}
OF_A_MACHINE = re.compile(r"(?<![\w.:)}\]*/-])/" + r"(?:work|root|tmp|Users)(?=[/\s\"'`,;:)]|$)", re.MULTILINE)


def test_no_file_mentions_a_folder_of_the_machine_it_was_made_on() -> None:
    found = {}
    for path in _own_files():
        hits = OF_A_MACHINE.findall(path.read_text(errors="replace"))
        if hits and path != Path(__file__):
            found[str(path.relative_to(ROOT))] = hits

    assert found == {}


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("see /" + "work/main/x.py", True),
        ("'/" + "tmp/x'", True),
        ("cd /" + "root", True),
        ("`/" + "tmp`", True),
        ("https://example.org/" + "work/x", False),
        ("the /" + "workers/ route", False),
        ("tests/" + "tmp/x", False),
        ("/etc/privguard/policy.yaml", False),
    ],
)
def test_the_look_for_such_folders_tells_them_from_other_paths(text: str, is_found: bool) -> None:
    assert bool(OF_A_MACHINE.search(text)) is is_found


CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
DETECTORS_FOLDER = ROOT / "jupyter_privguard/classification/detectors"


def _example(language: str, under: str = "Add a detector") -> str:
    """The one block of ``language`` in the part of CONTRIBUTING.md with that heading."""
    part = CONTRIBUTING.partition(f"## {under}\n")[2].partition("\n## ")[0]
    (block,) = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", part, re.DOTALL | re.MULTILINE)
    return textwrap.dedent(block[1])


def test_the_example_of_a_detector_is_one_that_works() -> None:
    package = "jupyter_privguard.classification.detectors"
    names: dict[str, Any] = {"__name__": f"{package}.example", "__package__": package}
    exec(compile(_example("python"), "CONTRIBUTING.md", "exec"), names)
    detector, vectors = names["ORCID"], yaml.safe_load(_example("yaml"))

    assert [value for value in vectors["hits"] if not detector.proof(value) or not detector.shape(value)] == []
    assert [value for value in vectors["near_misses"] if detector.proof(value)] == []


def test_the_example_of_a_detector_is_the_one_in_the_folder() -> None:
    assert _example("python") == (DETECTORS_FOLDER / "orcid.py").read_text()
    assert _example("yaml") == (ROOT / "tests/vectors/detectors/orcid.yaml").read_text()


def test_the_example_of_a_section_is_one_that_works() -> None:
    package = "jupyter_privguard.report.sections"
    names: dict[str, Any] = {"__name__": f"{package}.example", "__package__": package}
    exec(compile(_example("python", "Add a section of the report"), "CONTRIBUTING.md", "exec"), names)
    section = names["SECTION"]
    ended = {"seq": 7, "action": "guard.unload", "time": "2026-11-25T21:00:00Z", "session": "s1"}

    def said(found: list[dict[str, Any]]) -> str:
        context = SimpleNamespace(experiment=SimpleNamespace(name="exp-1"), of=lambda *actions: found)
        return json.dumps([block.json() for block in section.build(context)])

    assert {section.id, section.order}.isdisjoint({key for other in sections() for key in (other.id, other.order)})
    assert "2026-11-25 21:00:00 UTC" in said([ended]) and '"target": [7]' in said([ended])
    assert "No session" in said([])


def test_the_example_of_a_pack_is_one_that_works(tmp_path: Path) -> None:
    path = tmp_path / "house-rules.yaml"
    path.write_text(_example("yaml", "Add a pack of controls"), encoding="utf-8")
    columns = [{"entity": "INCOME", "action": "generalise"}, {"entity": "EMAIL_ADDRESS", "action": "partial"}]
    log = [
        {"seq": 1, "action": "data.load", "dataset": {"name": "customers"}},
        {"seq": 2, "action": "cell.run", "purpose": "p", "sinks": [{"kind": "file"}], "shown": [{"columns": columns}]},
        {"seq": 3, "action": "data.load", "dataset": {"columns": columns}},
    ]

    (framework,) = chosen([str(path)])

    assert [evaluate(control, log).status.value for control in framework.controls] == [
        "evidenced",
        "partial",
        "evidenced",
    ]
    assert {evaluate(control, log[:1]).status.value for control in framework.controls[:2]} == {"not evidenced"}
    assert {evaluate(control, []).status.value for control in framework.controls} == {"not applicable"}


def test_every_list_of_header_words_is_explained() -> None:
    folder = ROOT / "jupyter_privguard/classification/dictionaries/headers"
    text = "\n".join(path.read_text() for path in folder.glob("*.txt"))
    lists = {name for name in re.findall(r"^([A-Z]+):", text, re.MULTILINE) if name not in ENTITIES or name == "NONE"}

    assert {name for name in lists if f"| `{name}` |" not in (folder / "README.md").read_text()} == set()
