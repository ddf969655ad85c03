"""A bucket with Object Lock, as moto plays it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import boto3
import moto
import pytest

from jupyter_privguard.audit.stores import s3
from jupyter_privguard.audit.stores.s3 import S3Bucket
from jupyter_privguard.errors import InputError, LogError, LogUnavailable

UNTIL = datetime(2033, 11, 26, tzinfo=UTC)


def everywhere(host: str, by_http: bool) -> bool:
    return not by_http


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "x"),
        ("AWS_SECRET_ACCESS_KEY", "x"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    with moto.mock_aws():
        made = boto3.client("s3")
        made.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
        made.create_bucket(Bucket="open")
        yield made


def test_what_is_kept_is_read_again_and_cannot_be_deleted(client: Any) -> None:
    bucket = S3Bucket.open("s3://locked/privguard/", may_reach=everywhere)

    bucket.keep("a/1", b"one", UNTIL)
    bucket.prove_kept("a/1")

    assert (bucket.names(), bucket.read("a/1")) == (["a/1"], b"one")
    found = client.head_object(Bucket="locked", Key="privguard/a/1")
    assert found["ObjectLockMode"] == "COMPLIANCE" and found["ObjectLockRetainUntilDate"].year == 2033


def test_what_was_laid_over_it_or_hides_it_changes_nothing(client: Any) -> None:
    bucket = S3Bucket.open("s3://locked", may_reach=everywhere)
    bucket.keep("a/1", b"one", UNTIL)
    client.put_object(Bucket="locked", Key="a/1", Body=b"two")
    client.delete_object(Bucket="locked", Key="a/1")

    assert (bucket.names(), bucket.read("a/1")) == (["a/1"], b"one")


def test_an_object_that_could_be_deleted_is_said(client: Any) -> None:
    bucket = S3Bucket.open("s3://locked", may_reach=everywhere)
    client.put_object(Bucket="locked", Key="a", Body=b"x")

    with pytest.raises(LogError, match="could be deleted"):
        bucket.prove_kept("a")


@pytest.mark.parametrize("url", ["s3://open", "s3://open/x"])
def test_a_bucket_without_object_lock_is_not_taken(client: Any, url: str) -> None:
    with pytest.raises(InputError, match="no Object Lock"):
        S3Bucket.open(url, may_reach=everywhere)


def test_a_bucket_that_is_not_there_cannot_be_used(client: Any) -> None:
    with pytest.raises(LogUnavailable, match="cannot be used"):
        S3Bucket.open("s3://nowhere", may_reach=everywhere)
    with pytest.raises(InputError, match="the archive has no b"):
        S3Bucket.open("s3://locked", may_reach=everywhere).read("b")


@pytest.mark.parametrize("url", ["/archive", "https://locked", "s3:/locked", "s3://", ""])
def test_an_address_of_another_kind_is_said_before_anything_is_loaded(url: str) -> None:
    with pytest.raises(InputError, match="name it as s3://BUCKET"):
        S3Bucket.open(url, may_reach=everywhere)


@pytest.mark.parametrize(
    ("endpoint", "allowed", "sentence"),
    [
        ("https://s3.amazonaws.com", "s3.eu.example", "in `network`"),
        ("http://s3.amazonaws.com", "s3.amazonaws.com", "or use https"),
    ],
)
def test_nothing_is_sent_to_a_host_that_may_not_be_reached(
    monkeypatch: pytest.MonkeyPatch, endpoint: str, allowed: str, sentence: str
) -> None:
    monkeypatch.setattr(s3, "_client", lambda: SimpleNamespace(meta=SimpleNamespace(endpoint_url=endpoint)))

    with pytest.raises(InputError, match=sentence):
        S3Bucket.open("s3://locked", may_reach=lambda host, by_http: host == allowed and not by_http)


def test_a_bucket_that_forgets_the_term_is_not_trusted() -> None:
    class Forgetful:
        def put_object(self, **_: Any) -> dict[str, str]:
            return {"VersionId": "1"}

        def head_object(self, **_: Any) -> dict[str, Any]:
            return {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": datetime(2027, 1, 1, tzinfo=UTC)}

    with pytest.raises(LogError, match="does not keep a for the term"):
        S3Bucket(Forgetful(), "b", "").keep("a", b"", UNTIL)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "boto3", None)

    with pytest.raises(InputError, match="boto3, which is missing"):
        S3Bucket.open("s3://locked", may_reach=everywhere)
