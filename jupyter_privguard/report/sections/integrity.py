"""Why the log can be believed, how far, and how anybody can check it."""

from __future__ import annotations

import base64

from ..blocks import Block, Facts, Fold, Listing, Paragraph, code, plain, proof
from ..context import Context
from ..section import Section
from ..words import count, moment

__all__ = ["ROOT_SCRIPT", "SECTION"]

_ANCHORED = (
    "Anchored: signed checkpoints of this log are kept in {places}, and the log was held against all of them. As far "
    "as whoever holds the signing key cannot change what is kept there, neither a record taken away nor another log in "
    "the place of this one goes unnoticed."
)
_ANCHOR = (
    "Not anchored: no checkpoint is kept elsewhere. The proof shows that no record was changed, removed, added or "
    "moved after the checkpoint below was signed. Who holds the signing key could still have written another log "
    "and signed that. Keep the checkpoint where that person cannot reach it, and from then on this is noticed too."
)
_PROMISE = (
    "What this can promise: in the kernel alone the guard prevents accidents, records, and makes tampering "
    "noticeable against any checkpoint kept elsewhere; a person with Python in the same account can reach memory, "
    "keys and files. With the server under another account the record is evidence against the kernel's user; on a "
    "laptop both are the same person's."
)
ROOT_SCRIPT = """\
import base64, hashlib, sys

def root(hashes):  # RFC 6962, section 2.1
    if len(hashes) == 1:
        return hashes[0]
    left = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\\x01" + root(hashes[:left]) + root(hashes[left:])).digest()

lines = sys.stdin.buffer.read().split(b"\\n")[:{size}]
print(base64.b64encode(root([hashlib.sha256(b"\\x00" + line).digest() for line in lines])).decode())
"""
"""Prints the root of the first ``size`` exported lines; Python's standard library only."""

_BY_HAND = """\
1  Export the log, one record a line: the lines without their newline are the leaves of an RFC 6962 tree.
     privguard audit export --format jsonl > log.jsonl
2  Compute the root over the first {size} lines with any RFC 6962 tool, or with the script below.
     python root.py < log.jsonl
   It must print {root}
   which is the third line of the checkpoint.
3  The last line of the checkpoint is an Ed25519 signature over all text above the empty line, with its
   final newline: base64, 4 bytes of key id, then 64 bytes of signature. The public key is the last
   32 bytes of the base64 text in the verifier key (C2SP signed-note, tlog-checkpoint)."""


def _build(context: Context) -> list[Block]:
    log = context.log
    root = base64.b64encode(log.root).decode()
    origin = log.checkpoint.split("\n", 1)[0]
    return [
        Paragraph(
            plain(
                f"All {count(log.size, 'record')} of the log were hashed again into a Merkle tree (RFC 6962), and the "
                f"root was compared with the signed checkpoint, on {moment(context.now)}. They agree."
            )
        ),
        _anchoring(context),
        Facts(
            [
                ("Origin of the log", code(origin)),
                ("Records", plain(log.size)),
                ("Root (SHA-256)", proof(root)),
                ("Verifier key", proof(log.vkey)),
            ]
        ),
        Listing("Signed checkpoint", log.checkpoint),
        Paragraph(
            plain(
                "This file itself is signed by the same key. At its end stand the checkpoint, a hash of every event "
                "that it lists with the proof that it is in the log, a hash of each section, and the signature over "
                "them: one changed byte shows, and where."
            )
        ),
        Listing("Check this file, on any machine", "privguard report verify FILE.html --vkey KEY"),
        Listing(
            "Check the log with the command line: save the checkpoint above as checkpoint.txt, then",
            "privguard audit vkey\nprivguard audit verify --checkpoint checkpoint.txt",
        ),
        Fold(
            "Check the log by hand, without this software",
            [
                Listing("The steps", _BY_HAND.format(size=log.size, root=root)),
                Listing("root.py", ROOT_SCRIPT.format(size=log.size)),
            ],
        ),
        Paragraph(plain(_PROMISE), "note"),
    ]


def _anchoring(context: Context) -> Paragraph:
    if not context.anchors:
        return Paragraph(plain(_ANCHOR), "warning")
    return Paragraph(plain(_ANCHORED.format(places=", ".join(context.anchors))), "note")


SECTION = Section(order=50, id="integrity", title="Integrity of the log", build=_build)
