"""The files that commands name: in a cell's source, in what Python was told to run, and in scripts that those name.

A name counts when there is a file of that name, from the current folder, or from one that the text changes to. Names
may be patterns (``*.csv``), begin with ``~``, or stand in variables. What a program puts together itself is not seen.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from glob import iglob
from itertools import islice
from pathlib import Path
from typing import Any

from ..._later import later

__all__ = ["files_at", "named_files"]

_WORD = later(r"""[^\s'"`()\[\]{}<>|;&,=!#]+""")
_QUOTED = later(r"""(['"])((?:(?!\1)[^\n\\]){1,400})\1""")
_FIELD = later(r"\$?\{(\w+)\}|\$(\w+)")
_FOLDER = later(r"""(?:\bcd|\bpushd|\bchdir\(|%cd|-C)\s*(?:-q\s+)?(['"]?)([^\s'"`;&|()]+)\1""")
_RECURSIVE = later(r"\b(?:rg|find|xargs)\b|\bgrep\s+(?:-\w+\s+)*-\w*[rR]")
_LONE_STAR = later(r"(?<!\S)\*+(?!\S)")
_ALL_FILES = later(
    r"\b(?:cat|head|tail|e?grep|awk|cut|less|more|sort|paste|sed|zcat|strings|jq|column|tac|nl)\b[^\n|;]*\s\*(?!\S)"
)
_SCRIPTS = frozenset(".py .sh .bash .r .R .jl .pl .rb .js .awk .sed .sql .ipy".split())
_MOST_SCRIPT_BYTES = 1 << 20
_MOST_OF_A_PATTERN = 200
_MOST_WORDS = 20_000
_MOST_FILES = 500


def named_files(
    text: str, namespace: Mapping[str, Any], *, folder: str | None = None, is_script: bool = False
) -> list[Path]:
    """The regular files that ``text`` names, each once; ``folder`` is where it runs, the current one by default.

    ``namespace`` are the variables that it may name; ``is_script`` where it is a script, whose own scripts are not
    looked into.
    """
    base = Path(folder or ".")
    bases = [base, *(base / Path(found[2]).expanduser() for found in _FOLDER.finditer(text))]
    found: dict[str, Path] = {}
    for path in _existing(_names(text, namespace), bases, is_recursive=_RECURSIVE.search(text) is not None):
        if len(found) >= _MOST_FILES:
            break
        real = os.path.realpath(path)
        if real in found:
            continue
        found[real] = path
        if not is_script and path.suffix in _SCRIPTS:
            for inner in _in_script(path, str(base)):
                found.setdefault(os.path.realpath(inner), inner)
    return list(found.values())


def files_at(path: str) -> list[str]:
    """The file at ``path``, or those in a folder; at most 200."""
    with contextlib.suppress(OSError, ValueError, RuntimeError):
        return [os.fspath(one) for one in _at(Path(path), is_recursive=True)]
    return []


def _in_script(path: Path, folder: str) -> list[Path]:
    with contextlib.suppress(OSError, ValueError):
        if path.stat().st_size <= _MOST_SCRIPT_BYTES:
            text = path.read_text("utf-8", "replace")
            return named_files(text, {}, folder=folder, is_script=True)
    return []


def _names(text: str, namespace: Mapping[str, Any]) -> Iterator[str]:
    """All words that could be names, and what the variables among them hold."""
    text = text if _ALL_FILES.search(text) else _LONE_STAR.sub(" ", text)  # mostly it multiplies, or selects columns
    filled = _FIELD.sub(lambda found: _held(namespace, found[1] or found[2]) or found[0], text)
    words = dict.fromkeys(islice((match.group() for match in _WORD.finditer(filled)), _MOST_WORDS))
    for word in words:
        yield word
        name = word.lstrip("*").partition(".")[0].partition(":")[0]
        if name.isidentifier():
            yield from _paths_in(namespace.get(name))
    for match in _QUOTED.finditer(filled):
        if match[2] not in words:
            yield match[2]


def _held(namespace: Mapping[str, Any], name: str) -> str:
    value = namespace.get(name)
    return os.fspath(value) if type(value) is str or isinstance(value, Path) else ""


def _paths_in(value: Any) -> Iterator[str]:
    if type(value) is str or isinstance(value, Path):
        yield os.fspath(value)
    elif type(value) in (list, tuple, set):
        for item in islice(value, _MOST_OF_A_PATTERN):
            if type(item) is str or isinstance(item, Path):
                yield os.fspath(item)


def _existing(names: Iterable[str], bases: list[Path], *, is_recursive: bool) -> Iterator[Path]:
    for name in names:
        if len(name) > 4096 or "\0" in name or "\n" in name:
            continue
        plain = name.split(":", 1)[1] if name.startswith("file:") else name
        for base in bases:
            with contextlib.suppress(OSError, ValueError, RuntimeError):
                yield from _at(base / Path(plain).expanduser(), is_recursive=is_recursive)


def _at(path: Path, *, is_recursive: bool) -> Iterator[Path]:
    if any(mark in str(path) for mark in "*?"):
        matches = (Path(name) for name in iglob(str(path)))  # noqa: PTH207 - folders in it may be patterns too
        yield from islice((match for match in matches if match.is_file()), _MOST_OF_A_PATTERN)
    elif path.is_file():
        yield path
    elif is_recursive and path.is_dir():
        yield from islice((inner for inner in path.rglob("*") if inner.is_file()), _MOST_OF_A_PATTERN)
