"""Tables and names as commands print them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_privguard.cli.output import printable, table, write_output
from jupyter_privguard.errors import InputError


def test_columns_are_as_wide_as_their_widest_cell_and_lines_end_without_blanks() -> None:
    assert table(("id", "use"), [("a", "masking"), ("long", "")]) == "id    use\na     masking\nlong"


@pytest.mark.parametrize("name", ["氏名", "e\u0301te", "Ｆｕｌｌ", "한글", "ｶﾅ", "naïve", "שם"])
def test_wide_letters_take_two_cells_and_marks_none(name: str) -> None:
    cells = {"氏名": 4, "e\u0301te": 3, "Ｆｕｌｌ": 8, "한글": 4, "ｶﾅ": 2, "naïve": 5, "שם": 2}[name]

    lines = table(("column", "use"), [(name, "x")]).split("\n")

    assert lines == [f"{'column':{max(6, cells)}}  use", name + " " * (max(6, cells) - cells) + "  x"]


def test_a_table_without_rows_is_its_headings() -> None:
    assert table(("id", "use"), []) == "id  use"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("exp-1", "exp-1"), ("Größe 1", "Größe 1"), ("a\x1b[2Jb", "a�[2Jb"), ("a\nb", "a�b"), ("a\u202eb", "a�b")],
)
def test_what_would_steer_a_terminal_is_shown_as_a_sign(name: str, shown: str) -> None:
    assert printable(name) == shown
    assert table(("name",), [(name,)]) == f"name\n{shown}"


def test_a_file_that_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^privguard: [^\n]*cannot be written[^\n]*$"):
        write_output(tmp_path / "none" / "out", b"x")

    assert list(tmp_path.iterdir()) == []


def test_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_output(tmp_path / "out", b"x")

    assert (tmp_path / "out").read_bytes() == b"x"
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600
