"""Slips of somebody who has not written YAML before: what is wrong and what to do, in words that need no parser."""

from __future__ import annotations

import pytest
import yaml

from jupyter_privguard.policy.yaml12 import YamlError, parse

INDENT = "indented like its neighbours"
MISTAKES = {
    "tab": ("version: 1\nroles:\n\tlead: {tiers: [public]}\n", "line 3, column 1", "a tab"),
    "tab_after_blanks": ("roles:\n  \tlead: 1\n", "line 2, column 3", "a tab"),
    "tab_in_the_second_line": ("roles:\n  lead: 1\n\tother: 2\n", "line 3, column 1", "a tab"),
    "star": ("datasets:\n  *: {environment: prod}\n", "line 2, column 3", "begins with * or & needs quotes"),
    "star_in_a_list": ("datasets: [people*, *]\n", "line 1, column 21", "begins with * or & needs quotes"),
    "star_and_name": ("datasets: [*people]\n", "line 1, column 12", "in quotes"),
    "at": ("principals:\n  @asha: {roles: [lead]}\n", "line 2, column 3", "begins with this character needs quotes"),
    "percent": ("k: %5\n", "line 1, column 4", "begins with this character needs quotes"),
    "deeper": ("purposes:\n  churn:\n   basis: consent\n    datasets: [a]\n", "line 4, column 13", INDENT),
    "between": ("purposes:\n  churn:\n    basis: consent\n   datasets: [a]\n", "line 4, column 4", INDENT),
    "dash_in_between": ("rules:\n  - {k: 1}\n - {k: 2}\n", "line 3, column 2", INDENT),
    "no_dash": ("rules:\n  - k: 1\n  b: 2\n", "line 3, column 3", "begin with a dash"),
    "no_first_colon": ("version 1\npurposes:\n  churn: {}\n", "line 2, column 9", "has the line above a colon"),
    "two_colons": ("name: churn: old\n", "line 1, column 12", "need quotes"),
    "no_colon": ("version: 1\nenvironment\nk: 5\n", "line 2, column 1", "no colon"),
    "quotes_in_quotes": ('p: {b: "consent, d: ["people*"]}\n', "line 1, column 23", "opened in line 1, column 4"),
    "bracket_not_closed": ("a: {b: 1\nc: 2\n", "line 2, column 2", "opened in line 1, column 4"),
    "list_not_closed": ("a: [b, c\nd: 3\n", "line 2, column 2", "opened in line 1, column 4"),
    "bracket_at_the_end": ("a: [\n", "line 2, column 1", "bracket"),
    "bracket_too_much": ("a: {b: 1}}\n", "line 1, column 10", "bracket or quote too many"),
    "text_after_quotes": ('a: "x" y\n', "line 1, column 8", "bracket or quote too many"),
    "quote_not_closed": ('a: "abc\nb: 1\n', "line 1, column 4", "quote is opened here and not closed"),
    "backslash": ('p: {regex: "ST-\\d{3}"}\n', "line 1, column 1", "single quotes"),
    "folder_of_windows": ('a: "C:\\Users\\x"\n', "line 1, column ", "single quotes"),
    "curly_quotes": ("purposes:\n  churn: {basis: \u201cconsent\u201d}\n", "line 2, column 18", "curly quote"),
    "curly_key": ("\u2018people*\u2019: 1\n", "line 1, column 1", "curly quote"),
}


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@pytest.mark.parametrize("name", MISTAKES)
def test_a_slip_is_told_in_plain_words(name: str, loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, place, what = MISTAKES[name]
    monkeypatch.setattr(yaml, "CSafeLoader", getattr(yaml, loader))

    with pytest.raises(YamlError) as stopped:
        parse(text)

    said = str(stopped.value)
    assert said.startswith(place) and what in said, said
    assert "\n" not in said and not any(word in said for word in ("churn", "people", "consent", "asha")), said


@pytest.mark.parametrize(
    "text",
    [
        "source: Works agreement \u201c12\u201d\n",
        'source: "\u201cWorks agreement\u201d 12"\n',
        "regex: 'ST-\\d{3}'\n",
        "datasets: ['*', people*]\n",
        "a: it's 5 o'clock\n",
    ],
)
def test_what_only_looks_like_a_slip_is_taken(text: str) -> None:
    assert parse(text).value
