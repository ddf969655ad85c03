"""Messages of electronic mail (RFC 5322): their headers, and each part without its transfer encoding."""

from __future__ import annotations

import email.parser
import email.policy
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage, Message

from .pieces import Unreadable

__all__ = ["parts_of_mail"]

_MOST_PARTS = 1_000
_MOST_WITHIN = 100
"""The parser looks at each line once for each part that it is in."""
_MULTIPART = re.compile(rb"content-type\s*:\s*multipart/", re.IGNORECASE)
_OF_FORM = frozenset({"content-id", "content-transfer-encoding", "mime-version"})
"""Headers that tell how a part is written, or its name within the message: that reads like an address."""
_BOUNDARY = re.compile(r"""boundary="?[^";\s]*"?""", re.IGNORECASE)
"""Digits by chance, with which programs part the parts."""
_DAMAGED = (MessageError, ValueError, LookupError, TypeError, AttributeError)
_SUFFIXES = {"text/html": ".html", "text/plain": ".txt", "text/csv": ".csv", "application/json": ".json"}


def parts_of_mail(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Names of the parts and what they hold, the headers first; Unreadable where it is no message, or not to its end.

    Parts have headers too, a message that is forwarded its own, and around parts there may be a text.
    """
    if len(_MULTIPART.findall(data)) > _MOST_WITHIN:
        raise Unreadable(f"it has more than {_MOST_WITHIN} parts that hold parts")
    try:
        message = email.parser.BytesParser(policy=email.policy.default).parsebytes(data)
        for at, part in enumerate(message.walk(), 1):
            if at > _MOST_PARTS:
                raise Unreadable(f"only {_MOST_PARTS} of its parts were read")
            yield "headers.txt" if part is message else f"part-{at}-headers.txt", _headers(part)
            if around := "\n".join(filter(None, (part.preamble, part.epilogue))):
                yield f"part-{at}-around.txt", around.encode("utf-8", "replace")
            if not part.is_multipart():
                content = part.get_payload(decode=True)
                yield _name(part, at), content if isinstance(content, bytes) else b""
    except (*_DAMAGED, RecursionError):
        raise Unreadable("it cannot be read as a message, or not to its end") from None


def _headers(message: EmailMessage | Message) -> bytes:
    said = []
    for name in message:
        if name.lower() in _OF_FORM:
            continue
        try:
            said.append(f"{name}: {_BOUNDARY.sub('', str(message[name]))}")
        except _DAMAGED:
            continue
    return "\n".join(said).encode("utf-8", "replace")


def _name(part: EmailMessage | Message, at: int) -> str:
    """The ending of its name, behind a name of our own."""
    try:
        given = part.get_filename() or ""
    except _DAMAGED:
        given = ""
    ending = given[given.rfind(".") :] if "." in given and given[given.rfind(".") + 1 :].isalnum() else ""
    return f"part-{at}{ending or _SUFFIXES.get(part.get_content_type(), '')}"
