"""The signature of a finished page, and what anybody can check of the page without the log.

Two blocks end a page. The proof is JSON::

    format       privguard report 1
    vkey         the verifier key of the log
    checkpoint   the signed note over the log when the page was made
    cited        [[first, last], …]: the events with an entry in the page, by number from 1
    leaves       base64: the leaf hashes of these events, 32 bytes each, one after the other
    nodes        base64: the other hashes that lead from them to the checkpoint's root (`Tree.inclusions`)
    parts        [[name, bytes, base64 of SHA-256], …]: the page before the proof, cut into its sections
    texts        {section: base64 of SHA-256}: the text that a browser has in it, for the check within the page

The signature follows: 64 bytes in base64, by the log's Ed25519 key, over a heading and the SHA-256 of the proof
block. So a wrong signature tells of the two blocks, and under a right one a part that differs is the one that was
changed. After it nothing but the end of the document may stand.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ..audit.checkpoint import Checkpoint, open_note
from ..audit.merkle import leaf_hash
from ..audit.proofs import Tree, check_inclusions
from ..audit.verify import VerifiedLog
from ..errors import InputError, KeyStoreError, LogError
from ..keys.keyring import LogKey
from ..keys.signatures import SignatureError, VerifierKey, same_key, verify_signature
from .page_texts import section_texts

__all__ = ["PageProof", "check_signed", "sign_page"]

_FORMAT = "privguard report 1"
_HEADING = "jupyter_privguard/report/v1"
"""First line of what is signed: no log has this name, so that the signature serves nothing else."""
_PROOF = '<script type="application/json" id="proof">'
_SLOT = '</script>\n<script type="text/plain" id="signature">'
_END = "</script>\n</body>\n</html>\n"
_CUTS = re.compile(r'(?=<section id="([a-z0-9-]+)">)|(?=(</main>))')
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{86}==")
_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class PageProof:
    """What was proven of a page; made by `check_signed` alone."""

    checkpoint: Checkpoint
    """Of the log, when the page was made."""
    vkey: str
    """The verifier key of the log, whose signatures are on both."""
    cited: int
    """Events of the page that were proven to be in the log."""


def sign_page(page: str, log: VerifiedLog, cited: Iterable[int], key: LogKey) -> str:
    """``page``, which ends with ``</body></html>``, with its proof and its signature by the log's key.

    ``cited`` are the ``seq`` of the events that it lists, which are in ``log``.
    """
    body = page.removesuffix("\n").removesuffix("</html>").rstrip("\n").removesuffix("</body>")
    proof = _PROOF + _as_script(_proof(body, log, sorted(set(cited)), key.vkey))
    signature = base64.b64encode(key.sign(_signed_text(proof.encode()))).decode()
    return f"{body}{proof}{_SLOT}{signature}{_END}"


def check_signed(data: bytes, *, vkey: str | None = None, called: str = "this file") -> PageProof:
    """What is proven of the page ``data``: not one byte was changed since it was made from the log.

    With ``vkey``, the verifier key of the log that it must be from; else it is proven under the key that it names
    itself, and whose key that is remains to be compared. InputError for what is no report; LogError, which names the
    section, for one that was changed, or that is from another log.
    """
    at, proof, signature = _ends(data, called)
    found = _read(proof, called)
    own = str(found["vkey"])
    if vkey is not None and not same_key(vkey, own):
        VerifierKey.parse(vkey)  # for the message, where the given one is none
        raise LogError(f"privguard: {called} is from another log than this verifier key's; compare the keys.")
    try:
        verify_signature(own, _signed_text(proof), signature)
    except (SignatureError, KeyStoreError):
        raise _changed(called, "its proof or its signature, at the end of the file,") from None
    _check_parts(data[:at], found["parts"], called)
    return _proven(found, own, called)


def _proof(body: str, log: VerifiedLog, cited: Sequence[int], vkey: str) -> dict[str, Any]:
    leaves = [leaf_hash(line.encode()) for line in log.lines]
    indexes = [seq - 1 for seq in cited]
    return {
        "format": _FORMAT,
        "vkey": vkey,
        "checkpoint": log.checkpoint,
        "cited": [[first, last] for first, last in _ranges(cited)],
        "leaves": _base64(b"".join(leaves[index] for index in indexes)),
        "nodes": _base64(b"".join(Tree(leaves).inclusions(indexes))),
        "parts": [[name, len(part.encode()), _digest(part.encode())] for name, part in _parts(body)],
        "texts": {section: _digest(text.encode()) for section, text in section_texts(body).items()},
    }


def _parts(body: str) -> Iterator[tuple[str, str]]:
    """``body`` cut before each section and before the end of its main part: the names and the pieces, without gaps."""
    cuts = [(0, "the head of the page"), *((cut.start(), _name(cut)) for cut in _CUTS.finditer(body))]
    ends = [*(start for start, _ in cuts[1:]), len(body)]
    for (start, name), end in zip(cuts, ends, strict=True):
        yield name, body[start:end]


def _name(cut: re.Match[str]) -> str:
    return f"section `{cut[1]}`" if cut[1] else "the foot of the page"


def _ends(data: bytes, called: str) -> tuple[int, bytes, bytes]:
    """Where the proof block of ``data`` begins, the block, and the signature; each only as `sign_page` writes it."""
    start = data.rfind(_PROOF.encode())
    slot = data.rfind(_SLOT.encode())
    if start < 0 and slot < 0:
        raise InputError(
            f"privguard: {called} is no signed report; `privguard report EXPERIMENT --output FILE` makes one."
        )
    end = data[slot + len(_SLOT) :].decode("latin-1")
    signature, rest = end[:88], end[88:]
    if start < 0 or slot < start or rest != _END or not _SIGNATURE.fullmatch(signature):
        raise _changed(called, "its proof or its signature, at the end of the file,")
    raw = base64.b64decode(signature)
    if _base64(raw) != signature:  # the last letter has bits that mean nothing, and only one way to write them
        raise _changed(called, "its signature, at the end of the file,")
    return start, data[start:slot], raw


def _read(proof: bytes, called: str) -> dict[str, Any]:
    try:
        found = json.loads(proof[len(_PROOF) :])
        if found["format"] != _FORMAT:
            raise ValueError("another format")
        VerifierKey.parse(found["vkey"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, KeyStoreError):
        raise _changed(called, "its proof, at the end of the file,") from None
    return dict(found)


def _check_parts(data: bytes, parts: Any, called: str) -> None:
    """LogError that names the first of ``parts`` of which ``data`` has something else."""
    at, name = 0, ""
    for name, size, digest in parts:
        if _digest(data[at : at + size]) != digest:
            raise _changed(called, f"{name} (bytes {at:,} to {at + size:,})")
        at += size
    if at != len(data):
        raise _changed(called, f"what follows {name}")


def _proven(found: dict[str, Any], vkey: str, called: str) -> PageProof:
    try:
        signed = open_note(found["checkpoint"], vkey)
        leaves = _hashes(found["leaves"])
        if sum(last - first + 1 for first, last in found["cited"]) != len(leaves):
            raise ValueError("not one hash for each event")
        cited = [seq - 1 for first, last in found["cited"] for seq in range(first, last + 1)]
        if cited or leaves:
            check_inclusions(dict(zip(cited, leaves, strict=True)), signed.size, _hashes(found["nodes"]), signed.root)
    except (ValueError, TypeError, KeyError, SignatureError):
        raise LogError(
            f"privguard: the events that {called} lists are not in the log that was signed; it was not made by "
            "`privguard report`."
        ) from None
    return PageProof(signed, vkey, len(cited))


def _hashes(text: str) -> list[bytes]:
    raw = base64.b64decode(text, validate=True)
    return [raw[at : at + _HASH_BYTES] for at in range(0, len(raw), _HASH_BYTES)]


def _signed_text(proof: bytes) -> bytes:
    return f"{_HEADING}\n{_digest(proof)}\n".encode()


def _as_script(proof: dict[str, Any]) -> str:
    """JSON that ends no script element, whatever stands in it."""
    return json.dumps(proof, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c")


def _ranges(seqs: Sequence[int]) -> Iterator[tuple[int, int]]:
    for _, run in groupby(enumerate(seqs), key=lambda pair: pair[1] - pair[0]):
        found = [seq for _, seq in run]
        yield found[0], found[-1]


def _digest(data: bytes) -> str:
    return _base64(hashlib.sha256(data).digest())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _changed(called: str, what: str) -> LogError:
    return LogError(f"privguard: {called} was changed after it was made: {what} differs; ask for it again.")
