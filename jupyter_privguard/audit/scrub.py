"""A cell's source without what it says in literals: names and structure for the log, no values.

Every string, number and comment goes, and so do the arguments of magics and shell commands, for a
value typed into a cell is as sensitive as one read from a file. Names of variables, attributes and
parameters stay; line breaks of the code stay too. What Python cannot read is no code whose words
could be trusted to be names: of it only keywords and built-in names stay.
"""

from __future__ import annotations

import ast
import builtins
import io
import keyword
import re
import tokenize
from collections.abc import Iterator

__all__ = ["scrub"]

_TEXT, _BYTES, _NUMBER, _GONE = '"\u2026"', 'b"..."', "0", "\u2026"

_WITHOUT_TEXT = (tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)

_PYTHON_BODIES = frozenset({"secure", "time", "timeit", "capture", "prun"})
"""Cell magics below which Python stands; below others it may be anything."""

_CELL_MAGIC = re.compile(r"\s*%%([A-Za-z_][\w.]*)[^\n]*(?:\n|$)")
_LINE_MAGIC = re.compile(r"([\w.,\s*\[\]()]*=)?\s*(?:%([A-Za-z_][\w.]*)|(!!?)).*", re.DOTALL)
_HELP = re.compile(r"\?{0,2}%{0,2}[A-Za-z_][\w.]*\?{0,2}")
_ESCAPED_CALL = re.compile(r"([,;/])\s*([A-Za-z_][\w.]*).*", re.DOTALL)
_QUOTE = re.compile("(['\"`])")
_KEPT_WORDS = frozenset(keyword.kwlist) | {name for name in dir(builtins) if not name.startswith("_")}


def scrub(source: str) -> str:
    """``source`` without literals, comments and arguments of magics; for any text, never raises."""
    heads = []
    while cell_magic := _CELL_MAGIC.match(source):
        name, source = cell_magic[1], source[cell_magic.end() :]
        heads.append(f"%%{name} {_GONE}\n")
        if name not in _PYTHON_BODIES:
            return "".join(heads) + (_GONE if source.strip() else "")
    return "".join(heads) + _scrub_code(source)


def _scrub_code(source: str) -> str:
    for prepare in (_plain, _without_magics):
        try:
            return _scrub_python(*prepare(source))
        except Exception:  # noqa: BLE001, S112 - whatever tokenizer or parser dislike, less is kept, never more
            continue
    return _words_only(source)


def _plain(source: str) -> tuple[str, dict[str, str]]:
    return source, {}


def _scrub_python(source: str, magics: dict[str, str]) -> str:
    """Token by token; SyntaxError unless the result is Python again."""
    scrubbed = "".join(_pieces(source))
    # The result is parsed, not the source: its literals are plain, so that no warning about an
    # escape sequence reaches the user a second time.
    ast.parse(scrubbed)
    for placeholder, shown in magics.items():
        scrubbed = scrubbed.replace(placeholder, shown)
    return scrubbed


def _pieces(source: str) -> Iterator[str]:
    """The scrubbed tokens with the white space between them."""
    lines = source.splitlines(keepends=True)
    row, column = 1, 0
    previous = ""
    for kind, text, start, end in _whole_literals(source, lines):
        if kind in _WITHOUT_TEXT:
            continue
        gap = _gap(lines, (row, column), start)
        glued = not gap and previous == _NUMBER
        if kind == tokenize.COMMENT:
            row, column = end
            continue
        if kind == tokenize.ERRORTOKEN and text.strip():
            raise SyntaxError("no Python")
        if glued and kind == tokenize.NAME and not keyword.iskeyword(text):
            raise SyntaxError("a number that goes on as a word")
        piece = _piece(kind, text)
        # "1if" and "1..real" lean on the number's own spelling; "0" needs a space there.
        yield gap + (" " if glued and (kind == tokenize.NAME or text == ".") else "") + piece
        previous = piece
        row, column = end


def _piece(kind: int, text: str) -> str:
    if kind == tokenize.STRING:
        prefix = text[: min(text.find(quote) for quote in "'\"" if quote in text)].lower()
        if "b" in prefix:
            return _BYTES
        return _formatted(text) if "f" in prefix else _TEXT
    if kind == tokenize.NUMBER:
        return _NUMBER
    return text


def _whole_literals(source: str, lines: list[str]) -> Iterator[tuple[int, str, tuple[int, int], tuple[int, int]]]:
    """Tokens as (kind, text, start, end); an f-string is one token, as it was before Python 3.12."""
    opening, closing = getattr(tokenize, "FSTRING_START", -1), getattr(tokenize, "FSTRING_END", -1)
    depth, begun = 0, (1, 0)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == opening:
            depth += 1
            begun = token.start if depth == 1 else begun
        elif token.type == closing:
            depth -= 1
            if depth == 0:
                yield tokenize.STRING, _between(lines, begun, token.end), begun, token.end
        elif depth == 0:
            yield token.type, token.string, token.start, token.end


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]]
    middle = lines[start[0] : end[0] - 1]
    return "".join([lines[start[0] - 1][start[1] :], *middle, lines[end[0] - 1][: end[1]]])


def _gap(lines: list[str], end: tuple[int, int], start: tuple[int, int]) -> str:
    """White space between two tokens; a continued line stays one."""
    if end[0] == start[0]:
        return "".join(letter if letter in " \t" else "" for letter in lines[start[0] - 1][end[1] : start[1]])
    broken = "".join(lines[end[0] - 1 : start[0] - 1])[end[1] :] if end[0] <= len(lines) else ""
    before = lines[start[0] - 1][: start[1]] if start[0] <= len(lines) else ""
    indent = "".join(letter if letter in " \t" else "" for letter in before)
    return (" \\\n" * broken.count("\\\n")) + indent


def _formatted(literal: str) -> str:
    """An f-string with the names in its expressions, without its text and its formats."""
    if "\\" in literal:  # parsing it would repeat Python's warning about an unknown escape
        return f"f{_TEXT}"
    try:
        tree = _Scrubber().visit(ast.parse(literal.strip(), mode="eval"))
        return ast.unparse(tree)
    except (SyntaxError, ValueError, RecursionError):
        return f"f{_TEXT}"


class _Scrubber(ast.NodeTransformer):
    """Takes the constants out of an f-string's tree."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if node.value is None or isinstance(node.value, bool) or node.value is ...:
            return node
        if isinstance(node.value, str):
            return ast.Constant(_GONE)
        return ast.Constant(b"..." if isinstance(node.value, bytes) else 0)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.expr:
        return ast.FormattedValue(self.visit(node.value), node.conversion, None)


def _without_magics(source: str) -> tuple[str, dict[str, str]]:
    """The source with a name in place of each IPython line, and what these names stand for."""
    stem = "_magic"
    while stem in source:
        stem += "_"
    made: list[str] = []
    shown: dict[str, str] = {}
    lines = iter(source.split("\n"))
    for line in lines:
        escape = _escape(line.strip())
        if escape is None:
            made.append(line)
            continue
        if line.count("'''") % 2 or line.count('"""') % 2:
            raise SyntaxError("a quote that may go on below the line")
        name = f"{stem}{len(shown)}_"
        target, shown[name] = escape
        indent = line[: len(line) - len(line.lstrip())]
        made.append(f"{indent}{target}{name}")
        while line.endswith("\\"):  # IPython joins such lines before it looks at them
            line = next(lines, "")
    return "\n".join(made), shown


def _escape(line: str) -> tuple[str, str] | None:
    """The assignment before an IPython line and what is shown of it; None for other lines."""
    if (line.startswith("?") or line.endswith("?")) and _HELP.fullmatch(line):
        return "", line
    magic = _LINE_MAGIC.fullmatch(line)
    if magic:
        return _assignment(magic[1]), f"%{magic[2]} {_GONE}" if magic[2] else f"{magic[3]}{_GONE}"
    call = _ESCAPED_CALL.fullmatch(line)
    return ("", f"{call[1]}{call[2]} {_GONE}") if call else None


def _assignment(target: str | None) -> str:
    return f"{target.removesuffix('=').rstrip()} = " if target else ""


def _words_only(source: str) -> str:
    """Keywords and built-in names of a text that is no Python, up to its first quote."""
    code, quote, _ = _QUOTE.split(source, maxsplit=1) if _QUOTE.search(source) else (source, "", "")
    kept = []
    for line in code.split("\n"):
        words = re.findall(r"[^\W\d]\w*|\S", line.partition("#")[0])
        kept.append(" ".join(word if word in _KEPT_WORDS else _GONE for word in words))
    if quote:
        kept[-1] = f"{kept[-1]} {_GONE}".lstrip()
    text = "\n".join(kept)
    return re.sub(rf"{_GONE}(?:[ \t]*{_GONE})+", _GONE, text)
