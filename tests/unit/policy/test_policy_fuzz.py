"""Any text is a policy or one PolicyError: never another exception, never a value in what is said."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.errors import PolicyError
from jupyter_privguard.policy.load import examine, load
from jupyter_privguard.policy.schema import published, schema
from jupyter_privguard.policy.yaml12 import YamlError, parse
from tests.fuzzing import fuzz

KEYS = sorted(schema()["properties"])
WORDS = [
    *KEYS, "tiers", "roles", "public", "internal", "compliance", "entity", "class", "EMAIL_ADDRESS", "STAFF_NO", "pii",
    "redact", "clear", "expires", "2027-06-30", "2027-02-31", "datasets", "columns", "basis", "regex", "(a+)+$", "[",
    "header", "gdpr", "../x", "file", "store", "sqlite", "retain", "7y", "two_person", "folder", "/srv", "allow",
    "http", "yes", "true", "null", "<<", "", "&a", "*a", "!!int", "1", "007", "+2", "5.0", "-1", "9" * 20, "\0",
]  # fmt: skip
SECRET = "Xq7-canary-4711-Xq7"

scalars = st.one_of(
    st.sampled_from(WORDS), st.just(SECRET), st.integers(), st.booleans(), st.none(), st.floats(), st.text(max_size=12)
)
keys = st.sampled_from(WORDS) | st.text(max_size=8)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)
policies = st.dictionaries(st.sampled_from(KEYS), documents, max_size=6).map(lambda d: {"version": 1, **d})
SIGNS = [":", ": ", "- ", "\n", "\n  ", "{", "}", "[", "]", ",", "'", '"', "|", "#", "? ", "---", "%"]
pieces = st.lists(st.sampled_from([*WORDS, *SIGNS]), max_size=60).map("".join)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], str]:
    """Reads the bytes as a policy file twice, to use and to check it; all that was said."""
    file: Path = tmp_path_factory.mktemp("fuzz") / "p.yaml"

    def read(data: bytes) -> str:
        file.write_bytes(data)
        try:
            policy = load(None, file, user_can_write=lambda _: True)
        except PolicyError as error:
            said = [str(error), *error.problems]
            assert said[0].startswith("privguard: ") and "\n" not in said[0] and len(said[0]) < 700 + len(str(file))
            assert all(line.startswith(("line ", "and more")) and len(line) < 500 for line in error.problems)
            assert examine(file).problems == error.problems
        else:
            examined = examine(file)
            assert policy.sha256 and examined.problems == ()
            said = list(examined.findings)
        return "\n".join(said)

    return read


mutated = fuzz(60)


@mutated
@given(st.text(max_size=200))
def test_any_text(tried: Callable[[bytes], str], text: str) -> None:
    tried(text.encode("utf-8", "surrogatepass"))


@mutated
@given(st.binary(max_size=200))
def test_any_bytes(tried: Callable[[bytes], str], data: bytes) -> None:
    tried(data)


@mutated
@given(pieces)
def test_texts_that_look_like_yaml(tried: Callable[[bytes], str], text: str) -> None:
    tried(text.encode("utf-8", "surrogatepass"))


@mutated
@given(policies)
def test_documents_that_look_like_policies(tried: Callable[[bytes], str], document: Any) -> None:
    text = yaml.safe_dump(document, allow_unicode=True)

    assert SECRET not in tried(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "path", [(), ("roles",), ("purposes",), ("datasets",), ("hierarchies",), ("principals",), ("domains",)]
)
def test_a_long_key_is_never_quoted_whole(tried: Callable[[bytes], str], path: tuple[str, ...]) -> None:
    key = "k" * 500
    document: Any = {key: {"x": 1}}
    for part in reversed(path):
        document = {part: document}

    said = tried(yaml.safe_dump({"version": 1, **document}, width=10_000).encode())

    assert said and "k" * 60 not in said


def test_a_file_of_brackets_takes_no_recursion(tried: Callable[[bytes], str]) -> None:
    for text in ("[" * 100_000, "{a: " * 50_000, "- " * 100_000, "? " * 100_000, "a:\n" * 50_000, "'" * 99_999):
        assert tried(text.encode())


def test_names_of_packs_open_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    file = tmp_path / "p.yaml"
    file.write_text("version: 1\ninclude: [../../../etc/hostname, /etc/hostname, 'gdpr\\x2f..', 'http://h/x']\n")
    (tmp_path / "own.yaml").write_text("version: 1\n")
    real = os.open

    def noting(path: Any, *args: Any, **kwargs: Any) -> int:
        opened.append(str(path))
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", noting)
    assert len(examine(file).problems) == 4
    assert opened == [str(file)]


_BEYOND_A_SCHEMA = (
    "is there twice",
    "is not among `roles`",
    "is a day that no calendar has",
    "entity",  # of one's own: only looked up in `patterns`
    "columns",
    "regex",
    "`patterns",
    "is nothing that a value looks like",
    "is built in and of class",
    "has class",
)


@fuzz(150)
@given(policies, st.booleans())
def test_the_published_schema_and_the_check_agree(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any], is_flow: bool
) -> None:
    """Of every document: what the check takes the schema takes, and the other way but for what no schema can say."""
    file = tmp_path_factory.getbasetemp() / "agree.yaml"
    text = yaml.safe_dump(document, allow_unicode=True, default_flow_style=is_flow)
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    problems = examine(file).problems
    try:
        read = parse(text).value
    except YamlError:
        assert problems  # no document at all
        return

    takes = jsonschema_rs.Draft202012Validator(published()).is_valid(read)

    if not problems:
        assert takes
    elif takes:
        assert [line for line in problems if not any(words in line for words in _BEYOND_A_SCHEMA)] == []
