"""The archive: all of the log, sealed, proven by itself; whatever is missing or changed in it is named."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jupyter_privguard.audit import archive as archive_module
from jupyter_privguard.audit.archive import archive, read_back
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.stores.tls import Secured
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.errors import InputError, KeyStoreError, LogError
from jupyter_privguard.keys.keyring import KeyRing

UNTIL = datetime(2033, 11, 26, tzinfo=UTC)
MakeEvent = Callable[..., dict[str, Any]]
Reader = Callable[[], LogReader]


class Memory:
    """A bucket that keeps what it is given, or only says so."""

    def __init__(self, *, keeps: bool = True) -> None:
        self.objects: dict[str, bytes] = {}
        self.until: dict[str, datetime] = {}
        self._keeps = keeps

    def names(self) -> list[str]:
        return list(self.objects)

    def read(self, name: str) -> bytes:
        return self.objects[name]

    def keep(self, name: str, data: bytes, until: datetime) -> None:
        assert name not in self.objects
        self.objects[name], self.until[name] = data, until

    def secured(self) -> Secured:
        return Secured("bucket.example:443", "s3", "TLSv1.3", "TLS_AES_256_GCM_SHA384")

    def prove_kept(self, name: str) -> None:
        if not self._keeps:
            raise LogError("privguard: it could be deleted.")


class _Zstd(SimpleNamespace):
    """What is used of zstandard, by zlib: the package is no part of the tests' environment."""

    ZstdError = ValueError

    class ZstdCompressor:
        def compress(self, data: bytes) -> bytes:
            import zlib

            return zlib.compress(data)

    class ZstdDecompressor:
        def stream_reader(self, source: Any) -> Any:
            import io
            import zlib

            try:
                return io.BytesIO(zlib.decompress(source.read()))
            except zlib.error:
                raise ValueError from None


@pytest.fixture(autouse=True)
def zstandard(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        import zstandard  # type: ignore[import-not-found]  # noqa: F401
    except ImportError:
        monkeypatch.setitem(sys.modules, "zstandard", _Zstd())  # type: ignore[arg-type]


@pytest.fixture
def bucket(
    log: AuditLog, make_event: MakeEvent, reader: Reader, keyring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> Memory:
    """An archive of 10 records in 3 segments, and of 2 later ones."""
    monkeypatch.setattr(archive_module, "SEGMENT", 4)
    found = Memory()
    append(log, make_event, 10)
    put(found, reader, keyring)
    append(log, make_event, 2)
    put(found, reader, keyring)
    return found


def append(log: AuditLog, make_event: MakeEvent, count: int) -> None:
    for _ in range(count):
        log.append(make_event(note="MARKED"))


def put(bucket: Memory, reader: Reader, keyring: KeyRing) -> list[tuple[int, int]]:
    made = archive(verify(reader()), bucket, keyring, until=UNTIL, made="2026-11-26T07:00:00Z")
    return [(segment.first, segment.last) for segment in made]


def manifests(bucket: Memory) -> list[str]:
    return sorted(name for name in bucket.objects if name.endswith(".manifest.json"))


def test_the_archive_is_proven_from_itself(bucket: Memory, reader: Reader, keyring: KeyRing) -> None:
    found = read_back(bucket, keyring)

    assert found is not None
    assert (found.size, found.root) == (12, verify(reader()).root)
    assert len(bucket.objects) == 8 and set(bucket.until.values()) == {UNTIL}


def test_nothing_in_it_can_be_read_without_the_keys(bucket: Memory, keyring: KeyRing) -> None:
    assert all(b"MARKED" not in data for data in bucket.objects.values())
    other = KeyRing(master=bytes(32), seed=bytes(range(32, 64)), origin=keyring.origin)

    with pytest.raises(KeyStoreError):
        read_back(bucket, other)


def test_only_what_is_new_is_written(
    bucket: Memory, log: AuditLog, make_event: MakeEvent, reader: Reader, keyring: KeyRing
) -> None:
    assert put(bucket, reader, keyring) == []
    append(log, make_event, 5)

    assert put(bucket, reader, keyring) == [(13, 16), (17, 17)]
    found = read_back(bucket, keyring)
    assert found is not None and found.size == 17


def test_a_segment_that_was_left_without_its_manifest_does_not_count(
    bucket: Memory, reader: Reader, keyring: KeyRing
) -> None:
    name = manifests(bucket)[-1]
    del bucket.objects[name]
    bucket.objects.pop(name.replace(".manifest.json", ".jsonl.zst.sealed"))

    assert put(bucket, reader, keyring) == [(11, 12)]


def test_work_is_told_as_it_goes_on(
    bucket: Memory, log: AuditLog, make_event: MakeEvent, reader: Reader, keyring: KeyRing
) -> None:
    append(log, make_event, 8)
    heard: list[float] = []

    archive(verify(reader()), bucket, keyring, until=UNTIL, made="", done=heard.append)
    read_back(bucket, keyring, done=heard.append)

    assert heard == [0.5, 1.0, *(number / 6 for number in range(1, 7))]


def test_an_empty_archive_is_no_proof(keyring: KeyRing) -> None:
    assert read_back(Memory(), keyring) is None


def test_a_bucket_that_lets_delete_is_not_taken(
    log: AuditLog, make_event: MakeEvent, reader: Reader, keyring: KeyRing
) -> None:
    append(log, make_event, 1)

    with pytest.raises(LogError, match="could be deleted"):
        put(Memory(keeps=False), reader, keyring)


@pytest.mark.parametrize("number", range(4))
def test_a_segment_that_is_missing_is_named(bucket: Memory, keyring: KeyRing, number: int) -> None:
    del bucket.objects[manifests(bucket)[number]]

    if number == 3:  # the newest: what is left is whole, and shorter than a kept checkpoint
        found = read_back(bucket, keyring)
        assert found is not None and found.size == 10
        return
    with pytest.raises(LogError, match="is missing"):
        read_back(bucket, keyring)


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("at", [0, 60, -1])
def test_a_sealed_object_that_was_changed_is_named(bucket: Memory, keyring: KeyRing, number: int, at: int) -> None:
    name = manifests(bucket)[number].replace(".manifest.json", ".jsonl.zst.sealed")
    data = bytearray(bucket.objects[name])
    data[at] ^= 1
    bucket.objects[name] = bytes(data)

    with pytest.raises(LogError, match=r"records \d+ to \d+ are not as they were written"):
        read_back(bucket, keyring)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"last":4', b'"last":5'),
        (b'"first":1', b'"first":2'),
        (b"2033", b"2027"),
        (b"{", b"["),
        (b"sha256", b"sha255"),
    ],
)
def test_a_manifest_that_was_changed_is_refused(
    bucket: Memory, reader: Reader, keyring: KeyRing, old: bytes, new: bytes
) -> None:
    name = manifests(bucket)[0]
    assert old in bucket.objects[name]
    bucket.objects[name] = bucket.objects[name].replace(old, new, 1)

    for use in (lambda: read_back(bucket, keyring), lambda: put(bucket, reader, keyring)):
        with pytest.raises(LogError, match="a manifest in the archive"):
            use()


def test_a_log_of_another_past_is_not_put_behind(
    bucket: Memory, folder: Path, keyring: KeyRing, make_event: MakeEvent, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    with AuditLog.open(tmp_path / "other", keyring) as other:
        append(other, make_event, 20)

    for length in (1, 20):
        with AuditLog.open(tmp_path / "other", keyring):
            whole = verify(LogReader.open(tmp_path / "other", keyring.vkey))
        short = type(whole)(length, whole.root, whole.checkpoint, whole.vkey, whole.lines[:length])
        with pytest.raises(LogError, match="does not extend"):
            archive(short, bucket, keyring, until=UNTIL, made="")


def test_a_missing_library_is_named(
    log: AuditLog, make_event: MakeEvent, reader: Reader, keyring: KeyRing, monkeypatch
) -> None:
    append(log, make_event, 1)
    monkeypatch.setitem(sys.modules, "zstandard", None)

    with pytest.raises(InputError, match="zstandard, which is missing"):
        put(Memory(), reader, keyring)
