"""Somebody who has none of our code proves an exported log, and whoever puts an old home back is found out."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.command_line import Run

Lines = list[bytes]


def works(privguard: Run, times: int) -> None:
    """Leaves ``times`` records at least."""
    Path("people.csv").write_text("email\n" + "".join(f"zq{n}.canary@corp.example\n" for n in range(9)))
    for _ in range(times):
        assert privguard("mask", "people.csv", "-o", "masked.csv")[0] == 0
        Path("masked.csv").unlink()


def root_of(lines: Lines) -> bytes:
    """The hash of a tree over ``lines``, as RFC 6962 has it in section 2.1."""
    if not lines:
        return hashlib.sha256().digest()
    if len(lines) == 1:
        return hashlib.sha256(b"\0" + lines[0]).digest()
    left = 1
    while 2 * left < len(lines):
        left *= 2
    return hashlib.sha256(b"\1" + root_of(lines[:left]) + root_of(lines[left:])).digest()


def signed_by(note: str, vkey: str) -> tuple[int, bytes]:
    """Size and root that a signed checkpoint states; InvalidSignature where another key signed it, or another text."""
    name, _, key = vkey.strip().split("+", 2)
    text, _, signatures = note.partition("\n\n")
    signature = next(line for line in signatures.splitlines() if line.startswith(f"\u2014 {name} "))
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:])
    public.verify(base64.b64decode(signature.split(" ")[2])[4:], f"{text}\n".encode())
    origin, size, root = text.split("\n")[:3]
    assert origin == name
    return int(size), base64.b64decode(root)


def is_proven(lines: Lines, note: str, vkey: str) -> bool:
    return signed_by(note, vkey) == (len(lines), root_of(lines))


CHANGES: dict[str, Callable[[Lines], Lines]] = {
    "one letter": lambda lines: [*lines[:2], lines[2].replace(b"ok", b"Ok", 1), *lines[3:]],
    "a blank": lambda lines: [*lines[:-1], lines[-1] + b" "],
    "one fewer": lambda lines: lines[:3] + lines[4:],
    "no end": lambda lines: lines[:-1],
    "two in another order": lambda lines: [lines[1], lines[0], *lines[2:]],
    "one twice": lambda lines: [*lines, lines[-1]],
    "nothing": lambda lines: [],
}


@pytest.fixture
def exported(privguard: Run) -> tuple[Lines, str, str]:
    """Lines of the log, its checkpoint and its verifier key, as commands give them."""
    works(privguard, 6)
    lines = privguard("audit", "export", "--format", "jsonl")[1].encode().splitlines()
    assert len(lines) >= 7
    return lines, privguard("audit", "checkpoint")[1], privguard("audit", "vkey")[1]


def test_what_is_exported_is_proven_by_the_checkpoint_alone(exported: tuple[Lines, str, str]) -> None:
    assert is_proven(*exported)


@pytest.mark.parametrize("change", CHANGES)
def test_no_other_lines_are(exported: tuple[Lines, str, str], change: str) -> None:
    lines, note, vkey = exported
    changed = CHANGES[change](lines)

    assert changed != lines and not is_proven(changed, note, vkey)


def test_a_checkpoint_that_says_something_else_has_no_signature(exported: tuple[Lines, str, str]) -> None:
    lines, note, vkey = exported
    fewer = lines[:-1]
    root = base64.b64encode(root_of(fewer)).decode()
    forged = "\n".join([note.split("\n")[0], str(len(fewer)), root, *note.split("\n")[3:]])

    with pytest.raises(InvalidSignature):
        is_proven(fewer, forged, vkey)


def test_an_old_home_that_was_put_back_does_not_extend_the_kept_checkpoint(privguard: Run, home: Path) -> None:
    works(privguard, 2)
    shutil.copytree(home, "old")
    works(privguard, 3)
    Path("kept").write_text(privguard("audit", "checkpoint")[1])
    assert privguard("audit", "verify", "--checkpoint", "kept")[0] == 0
    shutil.rmtree(home)
    shutil.copytree("old", home)

    assert privguard("audit", "verify")[0] == 0, "it is whole, as far as it says itself"
    code, _, err = privguard("audit", "verify", "--checkpoint", "kept")
    assert code == 2 and "shorter than the kept checkpoint" in err

    works(privguard, 9)  # longer than it was, with another past
    code, _, err = privguard("audit", "verify", "--checkpoint", "kept")
    assert code == 2 and "does not extend the kept checkpoint" in err and "Traceback" not in err
