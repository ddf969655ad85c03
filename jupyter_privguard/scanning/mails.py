"""Messages of electronic mail (RFC 5322): their headers, and each part without its transfer encoding."""

from __future__ import annotations

import email.parser
import email.policy
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage, Message
from itertools import islice

from .pieces import Unreadable

__all__ = ["parts_of_mail"]

_MOST_PARTS = 1_000
_DAMAGED = (MessageError, ValueError, LookupError, TypeError, AttributeError)
_SUFFIXES = {"text/html": ".html", "text/plain": ".txt", "text/csv": ".csv", "application/json": ".json"}


def parts_of_mail(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Names of the parts and what they hold, the headers first; Unreadable where it is no message."""
    try:
        message = email.parser.BytesParser(policy=email.policy.default).parsebytes(data)
        yield "headers.txt", _headers(message)
        for at, part in enumerate(islice(message.walk(), _MOST_PARTS), 1):
            if not part.is_multipart():
                content = part.get_payload(decode=True)
                yield _name(part, at), content if isinstance(content, bytes) else b""
    except (*_DAMAGED, RecursionError):
        raise Unreadable("it cannot be read as a message, or not to its end") from None


def _headers(message: EmailMessage | Message) -> bytes:
    said = []
    for name in message:
        try:
            said.append(f"{name}: {message[name]}")
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
