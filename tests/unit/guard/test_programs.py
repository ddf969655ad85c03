"""Programs that cells start, by name alone."""

from __future__ import annotations

import pytest

from jupyter_privguard.guard.files.programs import programs_in, shell_lines


@pytest.mark.parametrize(
    ("line", "programs"),
    [
        ("sort people.csv | uniq -c | head", ["sort", "uniq", "head"]),
        ("/usr/bin/wc -c", ["wc"]),
        ("PAY=51234 env curl -d 'asha|x' http://host", ["curl"]),
        ("cd data && tar czf out.tgz . ; ls", ["cd", "tar", "ls"]),
        ("for f in a b; do gzip $f; done", ["f", "gzip"]),
        ("echo $(date)", ["echo", "date"]),
        ("# nothing", []),
        ("asha.kulkarni77@corp.example", []),
        ("", []),
    ],
)
def test_a_line_is_its_programs(line: str, programs: list[str]) -> None:
    assert programs_in(line) == programs


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("!wc -l x\ny = 1", ["wc -l x"]),
        ("out = !ls", ["ls"]),
        ("%sx ls -l", ["ls -l"]),
        ("%%bash\nls\nwc", ["ls\nwc"]),
        ("get_ipython().system('ls')", ["ls"]),
        ("a != b", []),
        ("print('!ls')", []),
    ],
)
def test_what_a_cell_hands_to_a_shell(source: str, lines: list[str]) -> None:
    assert list(shell_lines(source)) == lines
