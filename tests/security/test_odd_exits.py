"""Exits that nobody thinks of, for people and programs that read the outputs of a real kernel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.conftest import Cell, Kernel

PEOPLE = """
import sys
import pandas as pd
from IPython.display import *
df = pd.DataFrame({"email": ["asha.kulkarni77@corp.example", "joerg.m8@corp.example"] * 4,
    "full_name": ["Asha Kulkarni", "Jörg Müßig"] * 4, "customer_id": ["CUST-77120", "CUST-77121"] * 4,
    "plan": ["gold", "basic"] * 4})
email, name, other, number = df.email[0], df.full_name[0], df.full_name[1], df.customer_id[0]
"""
SECRETS = ("asha.kulkarni77", "Asha Kulkarni", "Kulkarni", "KULKARNI", "Jörg Müßig", "Müßig", "CUST-77120")
CELLS = {
    "a colour, and the value in front of a blank": "print('\\x1b[31m' + number, end=' ', flush=True)",
    "half a colour": "print('\\x1b[3', end='', flush=True); print('1m' + number + ' ', end='', flush=True)",
    "letter by letter": "for letter in name + ' ' + number + ' ': print(letter, end='', flush=True)",
    "title of the terminal": "print(f'\\x1b]0;{name}\\x07', end='')",
    "link of the terminal": "print(f'\\x1b]8;;mailto:{email}\\x1b\\\\text\\x1b]8;;\\x1b\\\\')",
    "name of a display": "display('x', display_id=name); update_display('y', display_id=name)",
    "transient": "publish_display_data({'text/plain': 'x'}, transient={'display_id': email, 'more': [name]})",
    "metadata": "display({'text/plain': 'x'}, raw=True, metadata={'text/plain': {name: email}})",
    "a kind of its own": "publish_display_data({'application/x-own+json': {'v': [email]}, 'text/x-own': name})",
    "name of a class of errors": "raise type(name.replace(' ', '_'), (Exception,), {})('x')",
    "group of errors": "raise ExceptionGroup(name, [ValueError(email), TypeError(number)])",
    "note of an error": "error = ValueError('x'); error.add_note(email); raise error",
    "cause of an error": "try: raise KeyError(email)\nexcept KeyError as error: raise RuntimeError(name) from error",
    "code that is none": "exec(name + ' !!')",
    "end of the session": "sys.exit(name)",
    "the next cell": "get_ipython().set_next_input(email)",
    "a page": "from IPython.core import page; page.page(name)",
    "a comm": "from comm import create_comm; create_comm(target_name='x', data={'v': email}, metadata={'m': name})",
    "a prompt": "try: input(name)\nexcept Exception as error: print(type(error))",
    "accents apart": "import unicodedata; print(unicodedata.normalize('NFD', other))",
    "escapes": "print(ascii(other), json.dumps(other), other.encode())",
    "capitals": "print(name.upper())",
    "entities": "print(''.join(f'&#{ord(letter)};' for letter in name))",
    "quoting": "from urllib.parse import quote; print(quote(name), quote(other))",
    "other blanks": "print(name.replace(' ', '\\u00a0'), name.replace(' ', '\\t'), name.replace(' ', '_'))",
    "a handler of errors": "get_ipython().set_custom_exc((OSError,), lambda *a, **k: print(name))\nraise OSError",
    "a stream of its own": "sys.stdout = open('/dev/stdout', 'w'); print(email); sys.stdout.flush()",
    "an object that goes away": "class D:\n    def __del__(self): print(name)\nd = D(); del d",
    "variables": "%whos",
    "a setting of programs": "%env OWN={email}",
    "captured": "from IPython.utils.capture import capture_output\nwith capture_output() as c: print(name)\nc.show()",
}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    folder: Path = tmp_path_factory.mktemp("odd")
    made = Kernel(folder, PRIVGUARD_HOME=str(folder / "home"))
    assert made.run("import json").ok and made.run("%load_ext jupyter_privguard").ok and made.run(PEOPLE).ok
    yield made
    made.kill()


def seen_of(cell: Cell) -> str:
    """What was received, also as the letters that escapes stand for."""
    return cell.screen + json.dumps(json.loads(cell.screen), ensure_ascii=False)


@pytest.mark.parametrize("exit_", CELLS)
def test_no_value_leaves_by_it(kernel: Kernel, exit_: str) -> None:
    cell = kernel.run(CELLS[exit_])

    assert [secret for secret in SECRETS if secret in seen_of(cell)] == []


def test_a_display_is_updated_whatever_it_is_called(kernel: Kernel) -> None:
    cell = kernel.run(
        "display('one', display_id=name); update_display('two', display_id=name); display('x', display_id='d')"
    )

    first, second, plain = (
        message["transient"]["display_id"] for message in cell.of("display_data", "update_display_data")[:3]
    )
    assert first == second and plain == "d"


def test_nothing_came_to_the_terminal(kernel: Kernel) -> None:
    assert [secret for secret in SECRETS if secret in kernel.printed()] == []
