"""Whatever stands on a cell's first lines, it is a header, none, or one sentence that refuses and quotes nothing."""

from __future__ import annotations

import shlex

from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.model import Tier
from jupyter_privguard.notebook.header import parse_header, remove_header
from tests.fuzzing import fuzz

SECRET = "Xq7-canary-4711-Xq7"
WORDS = [
    "--purpose", "--experiment", "--tier", "--reason", "--minimise", "--teir", "-t", "--", "=", "public", "internal",
    "compliance", "PUBLIC", "churn", "age,income", '"last, first"', ",", "'", '"', "\\", "\x07", "\u202e", "\ud800",
    "%%secure", "%%time", "{x}", "$HOME", "!ls", "x" * 201, SECRET,
]  # fmt: skip
SPACE = [" ", "  ", "\t", "\n", "\r", "\x0b", "\u00a0", ""]
lines = st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=10).flatmap(
    lambda words: st.builds(
        lambda spaces: "%%secure" + "".join(a + b for a, b in zip(spaces, words, strict=True)),
        st.lists(st.sampled_from(SPACE), min_size=len(words), max_size=len(words)),
    )
)
printable = st.text(
    st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"]), min_size=1, max_size=40
)


@fuzz(300)
@given(lines | st.text(max_size=60).map("%%secure".__add__), st.text(max_size=30))
def test_any_line_is_read_or_refused_in_one_sentence(line: str, body: str) -> None:
    header = parse_header(f"{line}\n{body}")

    if header is not None and header.problem:
        assert header.problem.startswith("privguard: ") and len(header.problem.splitlines()) == 1
        assert SECRET not in header.problem and header.problem.isprintable()
        assert header.options.tier is Tier.PUBLIC
    elif header is not None:
        options = header.options
        for value in (options.purpose, options.experiment, options.reason, *options.minimise):
            assert value is None or (value.strip() and len(value) <= 200 and value.isprintable())


@fuzz(100)
@given(st.text(max_size=80))
def test_nobody_gets_a_tier_by_a_line_that_does_not_say_it(text: str) -> None:
    header = parse_header(text)

    if header is not None and header.options.tier is not Tier.PUBLIC:
        assert "--tier" in text.lstrip("\n \t").split("\n")[0]


@fuzz(100)
@given(printable, printable, printable, st.sampled_from(list(Tier)), st.lists(printable, min_size=1, max_size=4))
def test_what_is_quoted_comes_back(purpose: str, experiment: str, reason: str, tier: Tier, labels: list[str]) -> None:
    columns = ",".join('"{}"'.format(label.replace('"', '""')) for label in labels)
    said = {
        "--purpose": purpose,
        "--experiment": experiment,
        "--reason": reason,
        "--tier": tier.label,
        "--minimise": columns,
    }
    line = " ".join(f"{name}={shlex.quote(value)}" for name, value in said.items())

    header = parse_header(f"%%secure {line}\nx")

    assert header is not None and not header.problem
    found = header.options
    assert (found.purpose, found.experiment, found.reason, found.tier) == (purpose, experiment, reason, tier)
    assert found.minimise == tuple(dict.fromkeys(labels))


@fuzz(100)
@given(st.lists(st.text(max_size=12).map(lambda text: text.replace("\n", "") + "\n"), max_size=6))
def test_the_lines_of_a_cell_keep_their_text_and_numbers(rest: list[str]) -> None:
    left = remove_header(["%%secure --tier public\n", *rest])

    assert left == (rest if rest and rest[0].startswith("%%") else ["\n", *rest])
    assert (rest[:1] and rest[0].startswith("%%secure")) or remove_header(rest) == rest
