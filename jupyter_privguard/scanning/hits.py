"""What is found in a text by its form: whether it is meant, where it ends, and how it is told."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..classification.spans import Span
from .drawn import in_series, is_address
from .secrets import Hit, is_placeholder, is_secret_name

__all__ = ["apart", "closed", "excerpt", "without_chance"]

_NOBODYS_IP = re.compile(
    r"(?:127\.|0\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|22[4-9]\.|2[3-5]\d\.|::)"
)
_SHORTEST_IP = 7
"""Shorter ones are parts of a slice."""
_NOBODYS_MAIL = re.compile(
    r"(?:no-?reply|git|do-?not-?reply|postmaster|mailer-daemon)@|[^@]*@(?:[\w-]+\.)*no-?reply\.", re.IGNORECASE
)
_IN_ADDRESS = re.compile(r"\w+://[^\s:/@]*:(?P<password>[^\s@]*)@")
_TITLE = re.compile(r"(?:[a-z]{2,}-){4}\Z")
"""Words of a title as addresses of pages have them."""
_NEAR = 60
_WORD = re.compile(r"(?:^|-)[a-z]{5,}(?:-|\Z)")
_PREFIX = re.compile(
    r"AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|AIza|hf_|npm_|pypi-|eyJ|SG\.|-----BEGIN [A-Z ]{0,20}"
)
_BEFORE = re.compile(r"[A-Za-z_]{2,40}[\"']?\s{0,2}[:=]\s{0,2}[\"']?\Z")
_PEM = re.compile(r"-----BEGIN [^-]*-----[^-]*(?:-(?!----(?:END|BEGIN))[^-]*)*+-----END [^-]*-----")


def closed(span: Span, text: str) -> list[tuple[int, int]]:
    """The span; of private keys with an end each by itself, without the words that follow."""
    if span.entity == "CREDENTIAL" and text.startswith("-----BEGIN", span.start):
        return [found.span() for found in _PEM.finditer(text, span.start, span.end)] or [(span.start, span.end)]
    return [(span.start, span.end)]


def without_chance(found: Iterable[Hit], text: str) -> list[Hit]:
    """``found`` without those that have the form of something alone; sorted."""
    hits = sorted(found)
    return [hit for hit in hits if not _is_chance(hit, text) and not in_series(hit, text, hits)]


def _is_chance(hit: Hit, text: str) -> bool:
    """The address of no machine, person or object, the name of a style or a project, a password to be filled in."""
    value = text[hit.start : hit.end]
    if hit.entity == "IP_ADDRESS":
        return len(value) < _SHORTEST_IP or _NOBODYS_IP.match(value) is not None
    if hit.entity == "EMAIL_ADDRESS":
        return _NOBODYS_MAIL.match(value) is not None
    if hit.entity in ("CUSTOMER_ID", "EMPLOYEE_ID", "BANK_ACCOUNT"):
        before = text[max(0, hit.start - _NEAR) : hit.start]
        return _TITLE.search(before) is not None or (before[-1:] == "-" and _WORD.search(value) is not None)
    if hit.entity == "CREDENTIAL" and value.startswith("sk-"):
        return sum(letter.isdigit() for letter in value) < 3  # names of styles in pages begin so
    if hit.entity == "CREDENTIAL" and (address := _IN_ADDRESS.match(value)) is not None:
        password = address["password"]
        return is_placeholder(password) and not any(letter.isdigit() for letter in password)
    return is_address(hit, text)


def apart(hits: Iterable[Hit]) -> list[Hit]:
    """Of two that overlap the surer one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
        if not kept or kept[-1].end <= hit.start:
            kept.append(hit)
        elif hit.confidence > kept[-1].confidence:
            kept[-1] = hit._replace(start=kept[-1].start, end=max(hit.end, kept[-1].end))
        elif hit.end > kept[-1].end:
            kept[-1] = kept[-1]._replace(end=hit.end)
    return kept


def excerpt(text: str, hit: Hit) -> str:
    """A name before the value, the public beginning of a known form, and how long the value is."""
    value = text[hit.start : hit.end]
    before = _BEFORE.search(text[max(0, hit.start - 50) : hit.start])
    name = before.group() if before is not None and _is_telling(before.group()) else ""
    prefix = _PREFIX.match(value) if hit.entity == "CREDENTIAL" else None
    return f"{' '.join(name.split())}{prefix.group() if prefix else ''}[redacted, {hit.end - hit.start} characters]"


def _is_telling(before: str) -> bool:
    """Whether what stands before a value is a name of fields, not of a person."""
    name = before.rstrip("\"' :=").lower()
    return is_secret_name(name) or name in ("email", "mail", "phone", "ssn", "user", "key", "url", "card", "iban")
