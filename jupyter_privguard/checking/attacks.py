"""Attempts to find the id behind a token without the key: by a dictionary and by brute force over the id's form."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial

__all__ = ["SALT", "by_brute_force", "by_dictionary", "every_id", "weak"]

SALT = "default_salt"
"""What a recipe is salted with that somebody copied from an example."""
_HASHES = ("md5", "sha1", "sha256", "sha512", "blake2b")
_LENGTHS = (8, 12, 16, 24, 32, 43, 44, 64)

_Recipe = Callable[[bytes], bytes]


def weak(value: str) -> str:
    """The weak recipe: SHA-256 of the id and a default salt, cut to 16 hex digits."""
    return hashlib.sha256(f"{value}{SALT}".encode()).hexdigest()[:16]


def every_id(most: int) -> Iterator[str]:
    """The ids of the made-up form, in order, at most so many."""
    return (f"C{number:06d}" for number in range(min(most, 1_000_000)))


def by_dictionary(token: str, words: Sequence[str], guessable: Iterable[str]) -> str | None:
    """The word that ``token`` stands for, by usual recipes with ``guessable`` texts as salt or key; None for none."""
    wanted = _parts(token)
    of_hex, of_base64 = _beginnings(wanted)
    for recipe in _recipes(guessable):
        for word in words:
            digest = recipe(word.encode())
            # Writing a digest in all its forms takes longer than making it.
            if digest[:4] not in of_hex and digest[:6] not in of_base64:
                continue
            if not wanted.isdisjoint(_forms(digest)):
                return word
    return None


def by_brute_force(tokens: Sequence[str], candidates: Iterable[str]) -> dict[str, str]:
    """Which of ``tokens`` stand for which of ``candidates`` by the weak recipe, whole or cut."""
    wanted: dict[str, str] = {}
    for token in tokens:
        for part in _parts(token):
            wanted[part.lower()[:8]] = token
    salt, found = SALT.encode(), dict[str, str]()
    sha256 = hashlib.sha256
    for candidate in candidates:
        digest = sha256(candidate.encode() + salt)
        hit = wanted.get(digest.hexdigest()[:8])
        if hit is not None and not _parts(hit).isdisjoint(_forms(digest.digest())):
            found[hit] = candidate
    return found


def _parts(token: str) -> set[str]:
    """What in a token a reader would take for its digest: as it is, in base64 and in hex."""
    parts = {token, *token.replace("_", ":", 1).split(":")[-1:]}
    for part in tuple(parts):
        try:
            raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        except ValueError:
            continue
        if len(raw) >= 16:
            parts.add(raw.hex())
    return {part for part in parts if len(part) >= 8}


def _beginnings(parts: Iterable[str]) -> tuple[set[bytes], set[bytes]]:
    """How digests begin whose eight first characters could be those of ``parts``: four bytes of hex, six of base64."""
    of_hex, of_base64 = set[bytes](), set[bytes]()
    for part in parts:
        with suppress(ValueError):
            of_hex.add(bytes.fromhex(part[:8]))
        with suppress(ValueError):
            of_base64.add(base64.b64decode(part[:8].replace("-", "+").replace("_", "/")))
    return of_hex, of_base64


def _recipes(guessable: Iterable[str]) -> Iterator[_Recipe]:
    """A hash of id and salt in either order, or keyed by a text that anybody can guess."""
    for name in _HASHES:
        for salt in {"", SALT, "salt", "secret", "changeme", "privguard", *guessable}:
            for recipe in (_before, _behind, _keyed):
                yield partial(recipe, name, salt.encode())


def _before(name: str, salt: bytes, text: bytes) -> bytes:
    return hashlib.new(name, salt + text).digest()


def _behind(name: str, salt: bytes, text: bytes) -> bytes:
    return hashlib.new(name, text + salt).digest()


def _keyed(name: str, salt: bytes, text: bytes) -> bytes:
    return hmac.digest(salt, text, name)


def _forms(digest: bytes) -> set[str]:
    """What a digest looks like in a file, whole or cut."""
    texts = (
        digest.hex(),
        base64.urlsafe_b64encode(digest).decode().rstrip("="),
        base64.b64encode(digest).decode(),
    )
    return {text[:length] for text in texts for length in _LENGTHS} | set(texts)
