"""Base64, bytes and quoted documents in a text on its way out: what they hold is cleaned as any text and written back.

A data address in a page, a table within a frame's ``srcdoc``, numbers that a plot packs into letters. What is packed in
another way (pictures, pickles, columns of Arrow) cannot be mended in place: a sentence stands for it where a
known value is in it.
"""

from __future__ import annotations

import ast
import base64
import binascii
import re
from collections.abc import Callable, Iterator

from ..._later import later

__all__ = ["WITHHELD", "decoded_and_cleaned"]

WITHHELD = "privguard: encoded data are withheld, because known values are in them"
_LEAST, _LEAST_OF_ANY = 12, 16
"""Letters of the shortest code that is looked into, where it has capitals and small letters, and of others."""
_LEAST_BINARY = 32
"""Bytes of one that holds no text."""
_MOST_DEPTH = 3
_MOST_CODES = 2_000
_LINE = range(60, 77)
"""Letters of a line of a code that is written in lines (RFC 2045)."""
_BREAK = later(r"\r?\n|\\n")
_CODE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-")
_LETTERS = bytes(ord("a") if code in _CODE else ord(" ") for code in range(256))
_SRCDOC = later(r"""(\bsrcdoc\s*=\s*)(?:"([^"]+)"|'([^']+)')""", re.IGNORECASE)
_LITERAL = later(r"""\bb(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")""")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"wOF", b"\0\1\0\0", b"\0asm")

CleanText = Callable[[str], str]
CleanBytes = Callable[[bytes], "bytes | None"]
"""Gives the same object back where nothing is to be hidden, and None where that cannot be done in place."""


def decoded_and_cleaned(text: str, clean: CleanText, numbers: CleanBytes, *, depth: int = 0) -> str:
    """``text`` with what its codes hold cleaned; the same object if nothing had to be.

    ``clean`` cleans a decoded text, ``numbers`` packed numbers. ``depth`` is how many codes this one is in.
    """
    if depth >= _MOST_DEPTH:
        return text
    if "srcdoc" in text:
        text = _SRCDOC.sub(lambda found: _document(found, clean), text)
    if "\\x" in text:
        text = _LITERAL.sub(lambda found: _literal(found.group(), clean, numbers), text)
    out, at = [], 0
    for count, (start, end) in enumerate(_codes(text)):
        if count == _MOST_CODES:
            break
        code = text[start:end]
        cleaned = _cleaned(code, clean, numbers)
        if cleaned is not code:
            out += [text[at:start], cleaned]
            at = end
    return "".join(out) + text[at:] if out else text


def _codes(text: str) -> Iterator[tuple[int, int]]:
    """The places of what may be codes, found at the speed of a copy where there are none."""
    letters = text.encode("ascii", "replace").translate(_LETTERS)  # as long as the text
    start = letters.find(b"a" * _LEAST)
    while start >= 0:
        end = _end(letters, start)
        if text[start - 1 : start] == "\\" and text[start] in "nrt":
            start += 1
        if end - start in _LINE:
            end = _end_of_lines(text, letters, start, end)
        code = text[start:end]
        while text[end : end + 1] == "=":
            end += 1
        is_mixed = any(map(str.islower, code)) and any(map(str.isupper, code))
        if is_mixed or not (len(code) < _LEAST_OF_ANY or code.islower() or code.isupper() or code.isdigit()):
            yield start, end
        start = letters.find(b"a" * _LEAST, end)


def _end(letters: bytes, start: int) -> int:
    end = letters.find(b" ", start)
    return end if end >= 0 else len(letters)


def _end_of_lines(text: str, letters: bytes, start: int, end: int) -> int:
    """Where a code ends whose first line stands at ``start`` to ``end``: at a shorter line."""
    length = end - start
    while (mark := _BREAK.match(text, end)) is not None:
        stop = _end(letters, mark.end())
        if not 0 < stop - mark.end() <= length:
            break
        end, is_last = stop, stop - mark.end() < length
        if is_last:
            break
    return end


def _document(found: re.Match[str], clean: CleanText) -> str:
    import html  # brings in a table of two thousand names

    quote = '"' if found[2] is not None else "'"
    raw = html.unescape(found[2] or found[3])
    cleaned = clean(raw)
    return found[0] if cleaned == raw else f"{found[1]}{quote}{html.escape(cleaned)}{quote}"


def _cleaned(code: str, clean: CleanText, numbers: CleanBytes) -> str:
    raw = _raw(code)
    cleaned = _bytes(raw, clean, numbers)
    if cleaned is raw:
        return code
    return WITHHELD if cleaned is None else _code(cleaned, is_url="-" in code or "_" in code)


def _literal(code: str, clean: CleanText, numbers: CleanBytes) -> str:
    """What is written as Python writes bytes."""
    try:
        raw = ast.literal_eval(code)
    except (ValueError, SyntaxError):
        return code
    cleaned = _bytes(raw, clean, numbers)
    if cleaned is raw:
        return code
    return f"<{WITHHELD}>" if cleaned is None else repr(cleaned)


def _bytes(raw: bytes, clean: CleanText, numbers: CleanBytes) -> bytes | None:
    """``raw`` cleaned, the same object if nothing had to be; None where that cannot be done in place."""
    if not raw or raw.startswith(_PICTURES):
        return raw
    text = _text(raw)
    if text is not None:
        cleaned = clean(text)
        return raw if cleaned == text else cleaned.encode("utf-8", "replace")
    if len(raw) < _LEAST_BINARY:
        return raw
    rounded = numbers(raw)
    if rounded is None or rounded is not raw:
        return rounded
    letters = raw.decode("latin-1")
    return raw if clean(letters) == letters else None


def _raw(code: str) -> bytes:
    letters = _BREAK.sub("", code).rstrip("=").replace("-", "+").replace("_", "/")
    usable = len(letters) - (len(letters) % 4 == 1)
    try:
        return base64.b64decode(letters[:usable] + "=" * (-usable % 4))
    except (ValueError, binascii.Error):
        return b""


def _code(raw: bytes, *, is_url: bool) -> str:
    return (base64.urlsafe_b64encode(raw) if is_url else base64.b64encode(raw)).decode()


def _text(raw: bytes) -> str | None:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    return text if all(letter.isprintable() or letter in "\t\r\n\x1b" for letter in text[:1000]) else None
