"""A slice of the log is proven by itself, and by nothing that was changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from jupyter_privguard.audit.checkpoint import Checkpoint, sign
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.merkle import leaf_hash
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.slices import check_extends, cut, open_slice
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.errors import InputError, LogError
from jupyter_privguard.keys.keyring import KeyRing

Reader = Callable[[], LogReader]


@pytest.fixture
def data(log: AuditLog, make_event: Callable[..., dict[str, Any]], reader: Reader, keyring: KeyRing) -> bytes:
    for number in range(11):
        log.append(make_event(note=f"पुणे {number}"))
    return slice_of(reader, keyring, 3, 7, 11)


def slice_of(reader: Reader, keyring: KeyRing, *numbers: int, kept: str | None = None) -> bytes:
    whole = verify(reader())
    return cut(
        [leaf_hash(line.encode()) for line in whole.lines],
        {number: whole.lines[number - 1] for number in numbers},
        checkpoint=whole.checkpoint,
        key=keyring,
        asked={"column": ["salary"]},
        by="asha",
        made="2026-11-26T07:00:00Z",
        kept=kept,
    )


def test_a_slice_is_proven_without_the_log(data: bytes, keyring: KeyRing) -> None:
    found = open_slice(data, vkey=keyring.vkey)

    assert [(event["seq"], event["note"]) for event in found.events] == [(3, "पुणे 2"), (7, "पुणे 6"), (11, "पुणे 10")]
    assert (found.checkpoint.origin, found.checkpoint.size) == (keyring.origin, 11)
    assert (found.by, dict(found.asked)) == ("asha", {"column": ["salary"]})
    assert open_slice(data) == found


def test_an_answer_of_nothing_is_signed_too(log: AuditLog, reader: Reader, keyring: KeyRing) -> None:
    assert open_slice(slice_of(reader, keyring), vkey=keyring.vkey).events == ()


def changed(data: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    found = json.loads(data)
    change(found)
    return json.dumps(found).encode()


def _other_note(found: dict[str, Any]) -> None:
    found["checkpoint"] = found["checkpoint"].replace("\n11\n", "\n12\n")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda s: s["records"][1].update(line=s["records"][1]["line"].replace('"ok"', '"no"')), "record 7 "),
        (lambda s: s["records"][1].update(path=s["records"][0]["path"]), "record 7 "),
        (lambda s: s["records"][1].update(path=None), "record 7 "),
        (lambda s: s["records"][1].update(path=["?"]), "record 7 "),
        (lambda s: s["records"].insert(0, {"line": "{}", "path": []}), "a record "),
        (lambda s: s["records"].insert(0, 5), "a record "),
        (lambda s: s["records"].pop(), "which records it has"),
        (lambda s: s["records"].reverse(), "which records it has"),
        (lambda s: s.update(by="ravi"), "its maker"),
        (lambda s: s.update(made="2020-01-01T00:00:00Z"), "its maker"),
        (lambda s: s["asked"].update(column=["email"]), "the question"),
        (lambda s: s["asked"].update(share=0.5), "the question"),
        (lambda s: s.update(signature=s["checkpoint"]), "the question"),
        (lambda s: s.update(signature=""), "the question"),
        (_other_note, "the checkpoint"),
        (lambda s: s.update(checkpoint="x"), "the checkpoint"),
        (lambda s: s.update(vkey="x"), "the checkpoint"),
    ],
)
def test_what_was_changed_is_named(data: bytes, change: Callable[[dict[str, Any]], object], sentence: str) -> None:
    with pytest.raises(LogError, match=r"^privguard: ") as caught:
        open_slice(changed(data, change), called="slice.json")

    assert sentence in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"{}", b'{"format": "privguard slice 1"}', b"[" * 100_000])
def test_what_is_no_slice_is_the_users_mistake(content: bytes) -> None:
    with pytest.raises(InputError, match="no slice"):
        open_slice(content)


@pytest.mark.parametrize("change", [{"records": {}}, {"asked": []}, {"vkey": 3}, {"more": 1}])
def test_a_part_of_another_form_is_the_users_mistake(data: bytes, change: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="no slice"):
        open_slice(changed(data, lambda found: found.update(change)))


def test_another_log_with_the_same_name_is_told_by_its_key(data: bytes, keyring: KeyRing) -> None:
    stranger = KeyRing(master=bytes(32), seed=bytes(range(1, 33)), origin=keyring.origin)

    with pytest.raises(LogError, match="another log"):
        open_slice(data, vkey=stranger.vkey)


def test_whoever_has_an_older_checkpoint_sees_that_the_log_has_grown_from_it(
    log: AuditLog, make_event: Callable[..., dict[str, Any]], reader: Reader, keyring: KeyRing
) -> None:
    notes = []
    for _ in range(9):
        notes.append(reader().checkpoint)
        log.append(make_event())

    for kept in notes:
        data = slice_of(reader, keyring, 4, kept=kept)
        check_extends(open_slice(data), kept)
        check_extends(open_slice(data), reader().checkpoint)
        for other in set(notes) - {kept}:
            with pytest.raises(InputError, match="no proof for that checkpoint"):
                check_extends(open_slice(data), other)


def test_a_checkpoint_of_another_past_or_log_is_no_proof(
    data: bytes, log: AuditLog, make_event: Callable[..., dict[str, Any]], reader: Reader, keyring: KeyRing
) -> None:
    found = open_slice(data)
    stranger = KeyRing(master=bytes(32), seed=bytes(range(1, 33)), origin=keyring.origin)

    with pytest.raises(LogError, match="another past"):
        check_extends(found, sign(Checkpoint(keyring.origin, 11, bytes(32)), keyring))
    with pytest.raises(LogError, match="not of the log"):
        check_extends(found, sign(Checkpoint(keyring.origin, 11, bytes(32)), stranger))
    with pytest.raises(InputError, match="not a signed checkpoint"):
        check_extends(found, "none")
    with pytest.raises(ValueError, match="proof"):
        slice_of(reader, keyring, 1, kept=sign(Checkpoint(keyring.origin, 5, bytes(32)), keyring))


@pytest.mark.parametrize("extends", [5, {}, {"checkpoint": "x", "proof": []}, {"checkpoint": None, "proof": [1]}])
def test_a_proof_of_growth_that_was_changed_is_named(data: bytes, extends: object) -> None:
    with pytest.raises(LogError, match="grown from an older checkpoint does not hold"):
        open_slice(changed(data, lambda found: found.update(extends=extends)))


def test_a_slice_is_only_cut_from_the_log_that_was_signed(data: bytes, keyring: KeyRing, reader: Reader) -> None:
    whole = verify(reader())
    leaves = [leaf_hash(line.encode()) for line in whole.lines[:-1]]

    with pytest.raises(ValueError, match="not the leaves"):
        cut(leaves, {}, checkpoint=whole.checkpoint, key=keyring, asked={}, by="", made="")
