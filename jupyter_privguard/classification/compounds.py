"""Words that are written together, taken apart by the words that are known.

``kundentelefonnummer``, ``CUSTOMEREMAIL`` and ``患者生年月日`` each name somebody and something of theirs.
"""

from __future__ import annotations

from collections.abc import Container

__all__ = ["split_compound", "split_run"]

_SHORTEST, _LEAST = 4, 8
_LINKS = ("", "s", "n", "en", "es")
"""Letters between the parts of German, Dutch and Scandinavian words."""
_LONGEST_RUN = 12


def split_compound(word: str, known: Container[str]) -> tuple[str, ...]:
    """Two to four known parts of four letters or more that make up ``word``; the word itself if there are none.

    Shorter parts would find an age in every *package*. The longest first part counts.
    """
    if len(word) < _LEAST or word in known:
        return (word,)
    return _parts(word, known, 4) or (word,)


def _parts(rest: str, known: Container[str], most: int) -> tuple[str, ...]:
    if rest in known:
        return (rest,)
    if most == 1:
        return ()
    for size in range(len(rest) - _SHORTEST, _SHORTEST - 1, -1):
        head = rest[:size]
        if head not in known:
            continue
        for link in _LINKS:
            tail = rest[size + len(link) :]
            if rest.startswith(link, size) and len(tail) >= _SHORTEST and (more := _parts(tail, known, most - 1)):
                return (head, *more)
    return ()


def split_run(word: str, known: Container[str]) -> tuple[str, ...]:
    """Known words in a run of characters without spaces (Chinese, Japanese, Korean), and what is left between them.

    Longest first, from the left. A single character is a word only at the end: ``商品名`` is not said of 名.
    """
    if len(word) < 3 or word in known:
        return (word,)
    parts: list[str] = []
    left, at = "", 0
    while at < len(word):
        shortest = 1 if at == len(word) - 1 and (parts or left) else 2
        size = next(
            (n for n in range(min(_LONGEST_RUN, len(word) - at), shortest - 1, -1) if word[at : at + n] in known), 0
        )
        if size:
            parts += [left, word[at : at + size]] if left else [word[at : at + size]]
            left, at = "", at + size
        else:
            left, at = left + word[at], at + 1
    return tuple([*parts, left] if left else parts)
