"""Programs that cells start, by name alone."""

from __future__ import annotations

import pytest

from jupyter_privguard.guard.files.programs import programs_in, shell_lines, written_in


@pytest.mark.parametrize(
    ("line", "programs"),
    [
        ("sort people.csv | uniq -c | head", ["sort", "uniq", "head"]),
        ("/usr/bin/wc -c", ["wc"]),
        ("PAY=51234 env curl -d 'asha|x' http://host", ["curl"]),
        ("cd data && tar czf out.tgz . ; ls", ["cd", "tar", "ls"]),
        ("for f in a b; do gzip $f; done", ["f", "gzip"]),
        ("echo $(date)", ["echo", "date"]),
        ("make all 2>&1 | tail -n 1", ["make", "tail"]),
        ("wc x &> all.log", ["wc"]),
        ("{sys.executable} -m this", ["python"]),
        ("# nothing", []),
        ("asha.kulkarni77@corp.example", []),
        ("", []),
    ],
)
def test_a_line_is_its_programs(line: str, programs: list[str]) -> None:
    assert programs_in(line) == programs


@pytest.mark.parametrize(
    ("line", "files"),
    [
        ("sort people.csv > sorted.csv", ["sorted.csv"]),
        ("cut -f1 a.csv >>b.csv 2> 'err of it.txt'", ["b.csv", "err of it.txt"]),
        ("wc x &> all.log; ls >| l.txt", ["all.log", "l.txt"]),
        ("ls > /dev/null 2>&1", []),
        ("awk '$1 > 3' a.csv", []),
        ('grep "a > b" c.txt', []),
        ("sort < a.csv", []),
        ("sort a > $OUT", []),
        ("diff <(sort a) <(sort b)", []),
        # what copies is told where to
        ("cp a.csv b.csv", ["b.csv"]),
        ("cd data && cp -r 'a b.csv' \"c d.csv\"; ls", ["c d.csv"]),
        ("!mv a.csv b.csv", ["b.csv"]),
        ("cp\na.csv\nb.csv", ["b.csv"]),
        ("cp a.csv .", ["./a.csv"]),
        ("wc -l a.csv | tee -a n.txt m.txt | sort -o s.txt > t.txt 2>&1", ["t.txt", "n.txt", "m.txt", "s.txt"]),
        ("zip all.zip a.csv b.csv", ["all.zip"]),
        ("tar -cf all.tar a.csv", ["all.tar"]),
        ("curl -s -o page.html http://host/a.csv", ["page.html"]),
        ("cp a.csv", []),
        ("grep cp a.csv b.csv", []),
        ("cp a.csv 'b.csv", []),
        ("tar -xf all.tar a.csv", []),
        ("", []),
    ],
)
def test_where_a_line_sends_its_output(line: str, files: list[str]) -> None:
    assert written_in(line) == files


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
