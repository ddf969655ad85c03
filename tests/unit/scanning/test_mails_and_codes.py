"""What stands behind many others, above and around the parts of a message is read too, or said not to be."""

from __future__ import annotations

import base64
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from jupyter_privguard.scanning import mails
from jupyter_privguard.scanning.findings import Finding
from tests.unit.scanning.made_files import MAIL

Look = Callable[..., list[Finding]]


def test_what_stands_around_and_above_the_parts_of_a_message_is_read(found: Look) -> None:
    inner, mail = EmailMessage(), EmailMessage()
    inner["From"], inner["Subject"] = MAIL, "forwarded"
    inner.set_content("nothing")
    mail["Subject"] = "parcels"
    mail.set_content("nothing")
    mail.add_attachment(inner)
    mail.add_attachment(b"a,b", maintype="text", subtype="csv", filename=f"of {MAIL}.csv", cid="<part.1@corp.example>")
    mail.preamble, mail.epilogue = f"by {MAIL}", f"to {MAIL}"
    mail.set_boundary("=====4111111111111111==")

    told = [(one.place.member, one.entity) for one in found("a.eml", mail.as_bytes())]

    assert sorted(told) == [
        ("part-1-around.txt", "EMAIL_ADDRESS"),
        ("part-1-around.txt", "EMAIL_ADDRESS"),
        ("part-4-headers.txt", "EMAIL_ADDRESS"),
        ("part-5-headers.txt", "EMAIL_ADDRESS"),
    ]


def test_parts_of_a_message_that_are_too_many_are_said_to_be_left_out(
    found: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "_MOST_PARTS", 3)
    mail = EmailMessage()
    mail.set_content(f"to {MAIL}")
    for _ in range(4):
        mail.add_attachment(f"to {MAIL}".encode(), maintype="text", subtype="plain")
    problems: list[str] = []

    told = found("a.eml", mail.as_bytes(), problems)

    assert {one.place.member for one in told} == {"part-2.txt", "part-3.txt"}
    assert len(problems) == 1 and "only 3 of its parts were read" in problems[0]


def test_a_message_within_messages_without_end_is_not_read_for_long(found: Look) -> None:
    deep = "Content-Type: multipart/mixed; boundary=x\n\n--x\n" * 20_000 + MAIL
    problems: list[str] = []

    assert found("a.eml", f"From: a\n{deep}".encode(), problems) == []
    assert problems == ["it has more than 100 parts that hold parts"]


def test_codes_behind_many_others_are_read(found: Look) -> None:
    others = [base64.b64encode(bytes([200, 201]) + f"nothing {number:08d}".encode()) for number in range(3000)]
    hidden = base64.b64encode(f"to {MAIL}, from me".encode())

    assert [one.entity for one in found("a.txt", b"\n".join([*others, hidden]))] == ["EMAIL_ADDRESS"]
