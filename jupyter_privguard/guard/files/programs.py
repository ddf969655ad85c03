"""The programs that a line for a shell starts, without what they are given: that may be values."""

from __future__ import annotations

import os
from collections.abc import Iterator

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
    """The files into which ``line`` sends what its programs print, where it names them."""
    found = (next(filter(None, match.groups()), "") for match in _WRITTEN.finditer(line))
    return [
        name for name in dict.fromkeys(found) if name and not name.startswith("/dev/") and not set("${}*") & {*name}
    ]
