"""The programs that a line for a shell starts, without what they are given: that may be values."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from itertools import pairwise

from ..._later import later

__all__ = ["SHELLS", "programs_in", "shell_lines", "written_in"]

SHELLS = frozenset("sh bash zsh dash ksh fish cmd cmd.exe powershell pwsh".split())
"""Programs that start others, which a line names."""
_ESCAPED = later(r"^\s*(?:[\w, ]+=\s*)?(?:!{1,2}|%(?:sx|system|sc)\b)\s*(.*)$")
_CELL = later(r"^\s*%%(bash|sh|script|sx|system|!|cmd|perl|ruby|python3?|pypy)\b(.*)$")
_CALLED = later(r"""get_ipython\(\)\.(?:system|getoutput)\(\s*['"](.*?)['"]\s*\)""")
_QUOTED = later(r"""'[^']*'|"(?:[^"\\]|\\.)*"|`[^`]*`""")
_PARTS = later(r"\|\|?|&&?|;|\n|\$\(|\(|\)|\{|\}")
_REDIRECTED = later(r"\d*[<>]&\d*-?|&>{1,2}|>\|")
_THIS_PYTHON = "{sys.executable}"
_SET = later(r"^[A-Za-z_]\w*=\S*$")
_WORDS = frozenset(
    "if then else elif fi for while until do done case esac in function select time sudo env nohup nice exec command "
    "builtin xargs set export local source . [ [[ test true false : !".split()
)
_WRITTEN = later(r"""\d?&?>{1,2}\|?\s*(?:'([^']+)'|"([^"]+)"|([^\s;|&<>()'"`]+))|'[^']*'|"(?:[^"\\]|\\.)*"|`[^`]*`""")
_NAME = later(r"^[\w.+-]{1,64}$")
_MOST = 20
_TO_LAST = frozenset("cp mv ln install".split())
"""Programs that write what they are given last."""
_TO_EACH = frozenset({"tee"})
_TO_FIRST = frozenset({"zip"})
_TO_OPTION = {"sort": ("-o",), "curl": ("-o", "--output"), "wget": ("-O", "--output-document"), "tar": ("-cf", "cf")}
"""Programs that write what stands after an option."""


def shell_lines(source: str) -> Iterator[str]:
    """What a cell hands to a shell: lines after ``!``, or all of one that is a shell's script."""
    first, _, rest = source.lstrip().partition("\n")
    if (magic := _CELL.match(first)) is not None:
        yield magic[2] if magic[1] == "script" else rest
        return
    for line in source.splitlines():
        if (found := _ESCAPED.match(line)) is not None:
            yield found[1]
        yield from _CALLED.findall(line)


def programs_in(line: str) -> list[str]:
    """The names of the programs that ``line`` starts, each once, in their order."""
    found: dict[str, None] = {}
    plain = _REDIRECTED.sub(" > ", _QUOTED.sub(" ", line.replace(_THIS_PYTHON, "python")))
    for part in _PARTS.split(plain):
        words = [word for word in part.split() if not _SET.match(word)]
        while words and words[0] in _WORDS:
            words.pop(0)
        name = os.path.basename(words[0]) if words and not words[0].startswith(("#", "-", "$", "<", ">")) else ""  # noqa: PTH119
        if _NAME.match(name) and len(found) < _MOST:
            found[name] = None
    return list(found)


def written_in(line: str) -> list[str]:
    """The files that ``line`` names into which its programs write: what they print, or what they copy."""
    found = [next(filter(None, match.groups()), "") for match in _WRITTEN.finditer(line)]
    lines = line.splitlines()
    if lines and os.path.basename(lines[0]) in _COPYING:  # noqa: PTH119 - words of a program that no shell starts
        lines = [shlex.join(lines)]
    found += [name for one in lines for words in _commands(one) for name in _copied_to(words)]
    return [
        name for name in dict.fromkeys(found) if name and not name.startswith("/dev/") and not set("${}*") & {*name}
    ]


_COPYING = _TO_LAST | _TO_EACH | _TO_FIRST | _TO_OPTION.keys()


def _commands(line: str) -> Iterator[list[str]]:
    """The words of each program that ``line`` starts, without where it sends what they print."""
    if not any(name in line for name in _COPYING):
        return
    words = list[str]()
    is_target = False
    split = shlex.shlex(line, posix=True, punctuation_chars=True)
    split.whitespace_split, split.commenters = True, ""
    try:
        for token in (*split, ";"):
            if set(token) <= {*"<>&|"} and {*token} & {*"<>"}:
                is_target = True
            elif is_target:
                is_target = False
            elif set(token) <= {*";|&()"}:
                yield words
                words = []
            else:
                words.append(token)
    except ValueError:  # a quote that is never closed
        return


def _copied_to(words: list[str]) -> list[str]:
    """The files that a program writes which is started by ``words``."""
    words = [word for word in words if not _SET.match(word)]
    while words and words[0] in _WORDS:
        words = words[1:]
    name = os.path.basename(words[0].lstrip("!")) if words else ""  # noqa: PTH119 - as above
    given = [word for word in words[1:] if not word.startswith("-")]
    if name in _TO_LAST and len(given) > 1:
        last = given[-1]
        return [os.path.join(last, os.path.basename(one)) for one in given[:-1]] if os.path.isdir(last) else [last]  # noqa: PTH112, PTH118, PTH119
    if name in _TO_EACH:
        return given
    if name in _TO_FIRST:
        return given[:1]
    options = _TO_OPTION.get(name, ())
    return [after for word, after in pairwise(words) if word in options]
