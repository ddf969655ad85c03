"""A slice of the log that verifies on its own: some records, and the proof that each is in the signed tree.

One JSON file::

    format       privguard slice 1
    vkey         the verifier key of the log
    checkpoint   the signed note over the whole log when the slice was made
    asked, by, made   the question, the account that asked, the time
    extends      null, or a checkpoint that was kept before, and the proof that the log has grown from it
    records      [{line, path}]: canonical JSON as it was hashed; base64 hashes of its inclusion proof
    signature    a signed note over the SHA-256 of all of the above

The proof shows that these records are in the log as they were written. That the slice leaves out none
that answers the question is what its signature says: the log's owner says so, and no more can be proven
without the whole log.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import InputError, KeyStoreError, LogError
from ..keys.keyring import LogKey
from ..keys.signatures import SignatureError, same_key
from .checkpoint import Checkpoint, document_text, open_note, open_text, sign_text
from .merkle import leaf_hash
from .proofs import Tree, check_consistency, check_inclusion

__all__ = ["FORMAT", "Slice", "check_extends", "cut", "open_slice"]

FORMAT = "privguard slice 1"
_HEADING = "jupyter_privguard/slice/v1"
"""First line of what is signed: no log has this name, so that the signature serves nothing else."""
_FIELDS = frozenset("format vkey checkpoint asked by made extends records signature".split())


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice whose every record was proven; made by `open_slice` alone."""

    events: tuple[dict[str, Any], ...]
    checkpoint: Checkpoint
    """Of the log, when the slice was made."""
    vkey: str
    """Whose signatures are on it."""
    asked: Mapping[str, Any]
    by: str
    made: str
    extends: Checkpoint | None
    """One that was kept before, and that the log is proven to have grown from."""


def cut(
    leaves: Iterable[bytes],
    lines: Mapping[int, str],
    *,
    checkpoint: str,
    key: LogKey,
    asked: Mapping[str, Any],
    by: str,
    made: str,
    kept: str | None = None,
) -> bytes:
    """The slice with these ``lines`` (number from 1 to line) of a log that has been verified.

    ``leaves`` are the leaf hashes of the whole log and ``checkpoint`` its signed note; ``kept`` is one that was
    signed before and that this log extends, for whoever has that. ValueError when they do not belong together.
    """
    tree, signed = Tree(leaves), open_note(checkpoint, key.vkey)
    if (signed.size, signed.root) != (tree.size, tree.root()):
        raise ValueError("these are not the leaves of this checkpoint")
    records = [
        {"line": line, "path": [base64.b64encode(one).decode() for one in tree.inclusion(number - 1)]}
        for number, line in sorted(lines.items())
    ]
    made_of = {
        "format": FORMAT,
        "vkey": key.vkey,
        "checkpoint": checkpoint,
        "asked": dict(asked),
        "by": by,
        "made": made,
        "extends": None if kept is None else _grown(tree, kept, key.vkey),
        "records": records,
    }
    signature = sign_text(document_text(made_of, heading=_HEADING), key)
    return json.dumps(made_of | {"signature": signature}, ensure_ascii=False, indent=1).encode() + b"\n"


def open_slice(data: bytes, *, vkey: str | None = None, called: str = "this file") -> Slice:
    """The slice in ``data``, proven. With ``vkey``, the verifier key of the log that it must be from.

    InputError for what is no slice; LogError for one that was changed, which names the record where one was, or
    that is another log's. Without ``vkey`` it is proven under the key that it names itself: whose key that is
    remains to be compared.
    """
    found = _parsed(data, called)
    own = found["vkey"]
    if vkey is not None and not same_key(vkey, own):
        raise LogError(f"privguard: {called} is from another log than this verifier key's; compare the keys.")
    try:
        signed = open_note(found["checkpoint"], own)
    except (ValueError, SignatureError, KeyStoreError):
        raise LogError(f"privguard: the checkpoint in {called} is not signed by its key; ask for it again.") from None
    older = None if found["extends"] is None else _extended(found["extends"], signed, own, called)
    events = tuple(_proven(record, signed, called) for record in found["records"])
    try:
        open_text(found["signature"], own, expected=document_text(found, heading=_HEADING))
    except (ValueError, TypeError, SignatureError):
        raise LogError(
            f"privguard: {called} was changed after it was signed: the question, its maker or which records it has; "
            "ask for it again."
        ) from None
    return Slice(events, signed, own, found["asked"], found["by"], found["made"], older)


def check_extends(found: Slice, kept: str, *, called: str = "this file") -> None:
    """Return when the log that ``found`` is from is proven to extend the checkpoint ``kept``.

    InputError where ``kept`` is none or the slice has no proof for it, LogError where it is another log's or of
    another past.
    """
    try:
        older = open_note(kept, found.vkey)
    except ValueError:
        raise InputError("privguard: the kept checkpoint is not a signed checkpoint; name a kept one.") from None
    except SignatureError:
        raise LogError(f"privguard: the kept checkpoint is not of the log that {called} is from.") from None
    proven = {one.size: one.root for one in (found.checkpoint, found.extends) if one is not None}
    if older.size not in proven:
        raise InputError(
            f"privguard: {called} has no proof for that checkpoint; ask for one made with `--signed --checkpoint FILE`."
        )
    if proven[older.size] != older.root:
        raise LogError(f"privguard: the log that {called} is from has another past than the kept checkpoint.")


def _grown(tree: Tree, kept: str, vkey: str) -> dict[str, Any]:
    older = open_note(kept, vkey)
    proof = tree.consistency(older.size)
    check_consistency(older.size, older.root, tree.size, tree.root(), proof)
    return {"checkpoint": kept, "proof": [base64.b64encode(one).decode() for one in proof]}


def _extended(extends: object, signed: Checkpoint, vkey: str, called: str) -> Checkpoint:
    """The older checkpoint in a slice; LogError when the log is not proven to have grown from it."""
    try:
        if not isinstance(extends, dict):
            raise TypeError("no proof")
        older = open_note(extends["checkpoint"], vkey)
        proof = [base64.b64decode(one, validate=True) for one in extends["proof"]]
        check_consistency(older.size, older.root, signed.size, signed.root, proof)
    except (ValueError, TypeError, KeyError, AttributeError, SignatureError):
        raise LogError(
            f"privguard: the proof in {called} that the log has grown from an older checkpoint does not hold; "
            "it was changed."
        ) from None
    return older


def _proven(record: object, signed: Checkpoint, called: str) -> dict[str, Any]:
    """The event of one record; LogError when it is not in the signed tree."""
    event, number = None, 0
    try:
        if not isinstance(record, dict):
            raise TypeError("no record")
        line = record["line"]
        event = json.loads(line)
        number = event["seq"]
        path = [base64.b64decode(one, validate=True) for one in record["path"]]
        check_inclusion(leaf_hash(line.encode()), number - 1, signed.size, path, signed.root)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        of = f"record {number}" if type(number) is int and number > 0 else "a record"
        raise LogError(f"privguard: {of} in {called} is not in the log that was signed; it was changed.") from None
    return dict(event)


def _parsed(data: bytes, called: str) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT or found.keys() != _FIELDS:
        raise InputError(
            f"privguard: {called} is no slice of a log; `privguard audit query --signed -o FILE` makes one."
        )
    texts = all(isinstance(found[name], str) for name in ("vkey", "checkpoint", "by", "made", "signature"))
    if not texts or not isinstance(found["records"], list) or not isinstance(found["asked"], dict):
        raise InputError(f"privguard: {called} is no slice of a log: a part of it has another form; ask for it again.")
    return found
