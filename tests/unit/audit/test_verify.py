"""Verification finds what was done to a log, and names the first bad record."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from jupyter_privguard.audit import verify as verify_module
from jupyter_privguard.audit.checkpoint import Checkpoint, sign
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.merkle import CompactRange, leaf_hash
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.verify import prove, verify
from jupyter_privguard.errors import InputError, LogError, LogUnavailable
from jupyter_privguard.keys.keyring import KeyRing

MakeEvent = Callable[..., dict[str, Any]]
Reader = Callable[[], LogReader]

LOOSE = "".join(
    f"create table loose_{name} as select * from {name}; drop table {name}; alter table loose_{name} rename to {name};"
    for name in ("records", "head", "runs")
)
NO_TRIGGERS = "drop trigger records_are_not_changed; drop trigger records_are_not_removed;"
COPY = "select {seq}, line, leaf_hash, root from records where seq = {of}"


@pytest.fixture
def whole(folder: Path, keyring: KeyRing, make_event: MakeEvent) -> Path:
    """A log of 12 records, closed."""
    with AuditLog.open(folder, keyring) as log:
        for number in range(1, 13):
            log.append(make_event(purpose=f"MARK-{number:04d}"))
    return folder / "privguard.db"


def tamper(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


def rewritten(path: Path, *, change: int, roots: bool) -> None:
    """Record ``change`` edited with its leaf hash, and, if wanted, all roots after it."""
    tamper(path, NO_TRIGGERS)
    connection = sqlite3.connect(path)
    tree = CompactRange()
    for seq, line in connection.execute("select seq, line from records order by seq").fetchall():
        text = line.replace("MARK-", "MASK-") if seq == change else line
        leaf = leaf_hash(text.encode())
        tree.append(leaf)
        connection.execute("update records set line = ?, leaf_hash = ? where seq = ?", (text, leaf, seq))
        if roots:
            connection.execute("update records set root = ? where seq = ?", (tree.root(), seq))
    connection.commit()
    connection.close()


def sentence(caught: pytest.ExceptionInfo[LogError]) -> str:
    message = str(caught.value)
    assert message.startswith("privguard: ")
    assert "\n" not in message
    assert "MARK" not in message
    return message


def test_a_whole_log_is_proven(whole: Path, reader: Reader, keyring: KeyRing) -> None:
    log = verify(reader())

    assert (log.size, len(log.events), log.vkey) == (12, 12, keyring.vkey)
    assert [event["seq"] for event in log.events] == list(range(1, 13))


def test_an_auditor_with_code_of_his_own_comes_to_the_same_result(
    whole: Path, reader: Reader, keyring: KeyRing
) -> None:
    def hashed(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return hashlib.sha256(b"\0" + leaves[0]).digest()
        half = 1 << ((len(leaves) - 1).bit_length() - 1)
        return hashlib.sha256(b"\1" + hashed(leaves[:half]) + hashed(leaves[half:])).digest()

    lines = [line.encode() for line in reader().lines()]
    name, _, encoded = keyring.vkey.split("+", 2)
    text, signature = reader().checkpoint.split("\n\n")
    payload = base64.b64decode(signature.removeprefix(f"\u2014 {name} "))

    Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded)[1:]).verify(payload[4:], f"{text}\n".encode())
    assert text.split("\n")[:2] == [name, "12"]
    assert base64.b64decode(text.split("\n")[2]) == hashed(lines) == verify(reader()).root
    assert all(line == json.dumps(json.loads(line), sort_keys=True, separators=(",", ":")).encode() for line in lines)


@pytest.mark.parametrize(
    ("script", "found"),
    [
        pytest.param(
            "update records set line = replace(line, '0005', '9999')", "record 5 of 12 was changed", id="edit"
        ),
        pytest.param(
            "update records set line = replace(line, 'o', 'O') where seq > 6", "record 7 of 12 was", id="many"
        ),
        pytest.param("update records set line = line || ' ' where seq = 1", "record 1 of 12 was changed", id="space"),
        pytest.param("update records set line = 'x' where seq = 5", "record 5 of 12 was changed", id="garbage"),
        pytest.param(
            "update records set leaf_hash = zeroblob(32) where seq = 9", "record 9 of 12 was changed", id="leaf"
        ),
        pytest.param("update records set root = zeroblob(32) where seq = 12", "record 12 of 12 was changed", id="root"),
        pytest.param(
            "update records set root = zeroblob(32) where seq = 7", "record 7 of 12 was changed", id="middle root"
        ),
        pytest.param("delete from records where seq = 5", "record 5 of 12 is missing", id="delete"),
        pytest.param("delete from records where seq = 1", "record 1 of 12 is missing", id="delete first"),
        pytest.param("delete from records where seq > 8", "record 9 of 12 is missing", id="truncate"),
        pytest.param("delete from records", "record 1 of 12 is missing", id="delete all"),
        pytest.param(
            "delete from records where seq = 5; update records set seq = seq - 1 where seq > 5",
            "record 5 of 12 is missing",
            id="delete and renumber",
        ),
        pytest.param(f"insert into records {COPY.format(seq=13, of=11)}", "record 13 was added: it repeats", id="copy"),
        pytest.param(
            "insert into records select 13, replace(line, '\"seq\":12', '\"seq\":13'), leaf_hash, root from records"
            " where seq = 12",
            "record 13 was",
            id="forged at the end",
        ),
        pytest.param("update records set seq = seq + 100 where seq = 3", "record 3 of 12 was moved", id="move"),
        pytest.param(
            "update records set seq = 100 where seq = 3; update records set seq = 3 where seq = 4;"
            "update records set seq = 4 where seq = 100",
            "record 3 of 12 was moved",
            id="swap rows",
        ),
        pytest.param(
            "create table t as select * from records; "
            "update records set line = (select line from t where t.seq = 7 - records.seq),"
            " leaf_hash = (select leaf_hash from t where t.seq = 7 - records.seq) where seq in (3, 4)",
            "record 3 of 12 was moved",
            id="swap contents",
        ),
        pytest.param(
            "update records set line = (select line from records where seq = 4) where seq = 8",
            "record 8 of 12 was replaced by a copy of record 4",
            id="replace by copy",
        ),
    ],
)
@pytest.mark.parametrize("before", [NO_TRIGGERS, LOOSE], ids=["no triggers", "no constraints"])
def test_tampering_is_named(whole: Path, reader: Reader, before: str, script: str, found: str) -> None:
    tamper(whole, before + script)

    with pytest.raises(LogError) as caught:
        verify(reader())

    assert found in sentence(caught)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("script", "found"),
    [
        (f"insert into records {COPY.format(seq=5, of=5)}", "record 6 of 12 was moved: a copy of record 5"),
        (f"insert into records {COPY.format(seq='5.5', of=9)}", "record 6 of 12 was moved"),
        (f"insert into records {COPY.format(seq='null', of=9)}", "record 1 of 12 was moved"),
        ("insert into records values (6, 'none', null, null)", "something that is no record was added in front of it"),
        ("insert into records values ('text', x'ff', 1, 2.5)", "record 13"),
        ("update records set seq = cast(seq as blob)", "record 1 of 12"),
        ("update records set seq = 3.5 where seq = 4", "record 4 of 12"),
        ("update records set line = null where seq = 2", "record 2 of 12 was changed"),
        ("update records set line = x'ff' where seq = 2", "record 2 of 12 was changed"),
        ("update records set line = 7, leaf_hash = 'x', root = 2.5 where seq = 2", "record 2 of 12 was changed"),
        (f"update records set line = '{'[' * 90_000}' where seq = 2", "record 2 of 12 was changed"),
        (f"update records set line = '{{\"seq\":{'9' * 9_000}}}' where seq = 2", "record 2 of 12 was changed"),
        ("update records set leaf_hash = null, root = null", "record 1 of 12 was changed"),
        ("alter table records drop column root", "missing (records.root)"),
        ("alter table records rename column line to text", "missing (records.line)"),
        ("drop table records", "tables"),
        ("drop table head", "tables"),
        ("drop table head; drop table records; drop table runs", "tables"),
        ("alter table records rename to kept; create view records as select * from kept", "tables"),
        ("delete from head", "head of the log"),
        ("insert into head select * from head", "head of the log"),
        ("update head set checkpoint = null", "signed head"),
        ("update head set checkpoint = x'ff'", "signed head"),
        ("update head set checkpoint = 'none'", "signed head"),
        ("update head set checkpoint = replace(checkpoint, '12', '11')", "signed head"),
        ("update head set size = 'many'", "head of the log was changed"),
        ("update head set root = zeroblob(32)", "head of the log was changed"),
        ("update head set frontier = null", "head of the log was changed"),
    ],
)
def test_a_store_that_was_rebuilt_gives_a_sentence_and_no_traceback(
    whole: Path, reader: Reader, script: str, found: str
) -> None:
    tamper(whole, LOOSE + script)

    with pytest.raises(LogError) as caught:
        verify(reader())

    assert found in sentence(caught)
    assert not isinstance(caught.value, LogUnavailable)


def test_a_rewritten_leaf_hash_hides_nothing(whole: Path, reader: Reader) -> None:
    rewritten(whole, change=5, roots=False)

    with pytest.raises(LogError, match="record 5 of 12 was changed"):
        verify(reader())


@pytest.mark.parametrize(
    ("change", "where"), [(5, "one of the records 1 to 8 of 12"), (10, "one of the records 9 to 12 of 12")]
)
def test_rewritten_roots_do_not_fit_the_signature(whole: Path, reader: Reader, change: int, where: str) -> None:
    rewritten(whole, change=change, roots=True)

    with pytest.raises(LogError, match=where):
        verify(reader())


def test_a_rewritten_frontier_hides_nothing_either(whole: Path, reader: Reader) -> None:
    rewritten(whole, change=5, roots=True)
    tamper(whole, "update head set frontier = x'00', root = zeroblob(32)")

    with pytest.raises(LogError, match="at least one of the 12 records was changed"):
        verify(reader())


def test_a_head_signed_by_another_key_is_refused(whole: Path, reader: Reader, keyring: KeyRing) -> None:
    stranger = KeyRing(master=bytes(range(32)), seed=bytes(range(1, 33)), origin=keyring.origin)
    note = sign(Checkpoint(keyring.origin, 12, verify(reader()).root), stranger)
    connection = sqlite3.connect(whole)
    connection.execute("update head set checkpoint = ?", (note,))
    connection.commit()
    connection.close()

    with pytest.raises(LogError, match="not signed by this log's key"):
        verify(reader())


def test_records_and_head_cut_back_together_are_noticed_against_a_kept_checkpoint(
    whole: Path, folder: Path, keyring: KeyRing, make_event: MakeEvent, reader: Reader
) -> None:
    shutil.copytree(folder, folder.parent / "old")
    with AuditLog.open(folder, keyring) as log:
        log.append(make_event())
    kept = reader().checkpoint
    shutil.rmtree(folder)
    shutil.copytree(folder.parent / "old", folder)

    assert verify(reader()).size == 12
    with pytest.raises(LogError, match="shorter than the kept checkpoint: 12 records now, 13 then"):
        verify(reader(), checkpoint=kept)


def test_another_past_is_noticed_against_a_kept_checkpoint(
    whole: Path, folder: Path, keyring: KeyRing, make_event: MakeEvent, reader: Reader
) -> None:
    kept = reader().checkpoint
    shutil.rmtree(folder)
    folder.mkdir()
    with AuditLog.open(folder, keyring) as log:
        for _ in range(20):
            log.append(make_event())

    with pytest.raises(LogError, match="does not extend the kept checkpoint"):
        verify(reader(), checkpoint=kept)


def test_a_log_that_grew_extends_each_checkpoint_of_its_past(
    log: AuditLog, make_event: MakeEvent, reader: Reader
) -> None:
    kept = [reader().checkpoint]
    for _ in range(9):
        log.append(make_event())
        kept.append(reader().checkpoint)

    for note in kept:
        assert verify(reader(), checkpoint=note).size == 9


def test_what_a_kept_checkpoint_covers_need_not_be_read_again(
    whole: Path, folder: Path, keyring: KeyRing, make_event: MakeEvent, reader: Reader
) -> None:
    kept = reader().checkpoint
    with AuditLog.open(folder, keyring) as log:
        for _ in range(7):
            log.append(make_event())

    proof = prove(reader(), checkpoint=kept, is_trusted=True)

    assert (proof.size, proof.root, proof.checkpoint) == (19, verify(reader()).root, reader().checkpoint)
    tamper(whole, f"{NO_TRIGGERS} update records set line = replace(line, 'asha', 'ravi') where seq = 15")
    with pytest.raises(LogError, match="record 15 of 19 was changed"):
        prove(reader(), checkpoint=kept, is_trusted=True)


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("update records set leaf_hash = zeroblob(32) where seq = 5", "record 5 of 12 was changed"),
        ("delete from records where seq = 5", "record 5 of 12 is missing"),
    ],
)
def test_the_hashes_of_what_it_covers_must_still_lead_to_it(
    whole: Path, reader: Reader, script: str, found: str
) -> None:
    kept = reader().checkpoint
    tamper(whole, NO_TRIGGERS + script)

    with pytest.raises(LogError, match=found):
        prove(reader(), checkpoint=kept, is_trusted=True)


@pytest.mark.parametrize("trusted", [False, True])
def test_records_by_the_thousand_are_proven_block_by_block(
    folder: Path,
    keyring: KeyRing,
    make_event: MakeEvent,
    reader: Reader,
    monkeypatch: pytest.MonkeyPatch,
    trusted: bool,
) -> None:
    monkeypatch.setattr(verify_module, "_BLOCK", 3)
    notes = []
    with AuditLog.open(folder, keyring) as log:
        for _ in range(11):
            notes.append(reader().checkpoint)
            log.append(make_event())

    for note in notes:
        assert prove(reader(), checkpoint=note, is_trusted=trusted).size == 11
    assert verify(reader()).lines == tuple(reader().lines())


def test_a_checkpoint_that_is_none_is_the_users_mistake_and_a_foreign_one_is_not(
    whole: Path, reader: Reader, keyring: KeyRing
) -> None:
    stranger = KeyRing(master=bytes(range(32)), seed=bytes(range(1, 33)), origin="privguard/feedbeef")

    for text in ("", "none", reader().checkpoint[:-2], "\n\n\n"):
        with pytest.raises(InputError, match="not a signed checkpoint"):
            verify(reader(), checkpoint=text)
    for foreign in (sign(Checkpoint(stranger.origin, 0, bytes(32)), stranger), reader().checkpoint.replace("12", "11")):
        with pytest.raises(LogError, match="does not belong to this log"):
            verify(reader(), checkpoint=foreign)


@pytest.mark.parametrize("at", [0, 20, 100, 5000, -5000, -100])
@pytest.mark.parametrize("length", [1, 64, 5000])
def test_no_damaged_byte_passes_and_none_gives_a_traceback(whole: Path, reader: Reader, at: int, length: int) -> None:
    lines = list(reader().lines())
    data = bytearray(whole.read_bytes())
    at %= len(data)
    data[at : at + length] = bytes(byte ^ 0x55 for byte in data[at : at + length])
    whole.write_bytes(bytes(data))

    try:
        verify(reader())
    except LogError as error:
        assert str(error).startswith("privguard: ")
    else:
        assert list(reader().lines()) == lines


@pytest.mark.parametrize("old", [b"leaf_hash blob", b"checkpoint text", b"recordsrecords"])
@pytest.mark.parametrize("byte", [b"\x8a", b"\x00", b"'", b"z"])
def test_a_damaged_schema_gives_a_sentence(
    whole: Path, reader: Reader, keyring: KeyRing, old: bytes, byte: bytes
) -> None:
    data = whole.read_bytes()
    assert old in data
    lines = list(reader().lines())
    whole.write_bytes(data.replace(old, old[:5] + byte + old[6:]))

    for use in (lambda: verify(reader()), lambda: AuditLog.open(whole.parent, keyring).close()):
        try:
            use()
        except LogError as error:
            assert str(error).startswith("privguard: ")
        else:
            assert list(reader().lines()) == lines
