"""Base64 within texts: texts and pictures that it holds, and how it is kept from being read as letters."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from ..plots.picture_texts import is_picture, texts_in_picture

__all__ = ["decoded", "readable", "without_long_codes"]

_CODE = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{24,}+={0,2}")
_LONG = re.compile(r"(?<![\w.+/])[A-Za-z0-9+/]{400,}+={0,2}(?![\w.-])")
_LONGEST = 20_000_000


def decoded(text: str) -> Iterator[tuple[int, int, str]]:
    """Places of codes in ``text``, and what each holds, where that is a text or a picture with texts."""
    for found in _CODE.finditer(text):
        code = found.group()
        if len(code) > _LONGEST or code.islower() or code.isupper() or code.startswith(("eyJ", "sk-", "gh")):
            continue
        for reading in readable(code):
            yield *found.span(), reading


def readable(code: str) -> Iterator[str]:
    """The texts in one code."""
    try:
        raw = base64.b64decode(code.replace("-", "+").replace("_", "/") + "=" * (-len(code.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return
    if is_picture(raw):
        yield from texts_in_picture(raw)
        return
    if b"\0" in raw[:64]:
        return
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return
    if all(letter.isprintable() or letter in "\r\n\t" for letter in text[:200]):
        yield text


def without_long_codes(text: str) -> str:
    """``text``, as long, with blanks for codes that no key is as long as: letters in them are there by chance."""
    if len(text) < 400:
        return text
    return _LONG.sub(lambda found: " " * len(found.group()), text)
