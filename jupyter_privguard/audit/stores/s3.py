"""A bucket with Object Lock, of AWS, IBM Cloud Object Storage or any other S3; the only place that knows boto3.

Objects are kept in COMPLIANCE mode: until their term nobody can delete or change them, not even the account's
owner. Credentials, region and endpoint (``AWS_ENDPOINT_URL``) are found as boto3 finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from ...errors import InputError, LogError, LogUnavailable
from .tls import Secured, agreed

__all__ = ["S3Bucket"]

_REFUSED = frozenset({"AccessDenied", "ObjectLocked", "InvalidRequest", "MethodNotAllowed"})
_MISSING = frozenset({"NoSuchKey", "404", "NotFound"})

# `Any` in this file is a client of boto3, which need not be there.


class S3Bucket:
    """The objects below a prefix of one bucket."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        """Wrap a client; use `open`, which looks whether the bucket can lock objects."""
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    @classmethod
    def open(cls, url: str, *, may_reach: Callable[[str, bool], bool]) -> S3Bucket:
        """The bucket and prefix of ``s3://bucket/prefix``; ``may_reach`` judges the host, and whether by plain http.

        InputError for another address, a host that may not be reached, a bucket without Object Lock, or where boto3
        is missing; LogUnavailable where the bucket cannot be used. Nothing is sent before the host was judged.
        """
        parts = urlsplit(url)
        if parts.scheme != "s3" or not parts.netloc:
            raise InputError("privguard: an archive is a bucket: name it as s3://BUCKET or s3://BUCKET/PREFIX.")
        client = _client()
        host = urlsplit(str(client.meta.endpoint_url))
        if not may_reach(host.hostname or "", host.scheme != "https"):
            how = "with `http: true`, or use https" if host.scheme != "https" else "in `network`"
            raise InputError(f"privguard: the policy does not let anybody reach {host.hostname}; allow it {how}.")
        prefix = parts.path.strip("/")
        made = cls(client, parts.netloc, f"{prefix}/" if prefix else "")
        made._check_lock()
        return made

    def secured(self) -> Secured:
        """How the way to the bucket is protected, by a handshake of its own: boto3 does not tell."""
        where = urlsplit(str(self._client.meta.endpoint_url))
        host, port = where.hostname or "", where.port or 443
        version, cipher = agreed(host, port) if where.scheme == "https" else (None, None)
        return Secured(f"{host}:{port}", "s3", version, cipher)

    def names(self) -> list[str]:
        """The names of all objects, without the prefix; also of those that a marker hides as if they were deleted."""
        with self._translated():
            pages = self._client.get_paginator("list_object_versions").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            keys = [str(found["Key"]) for page in pages for found in page.get("Versions", ())]
        return [key.removeprefix(self._prefix) for key in dict.fromkeys(keys)]

    def read(self, name: str) -> bytes:
        """The first version of an object: a later one lies over it and replaces nothing."""
        with self._translated(name):
            version = self._versions(name)[0]
            found = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name, VersionId=version)
            return bytes(found["Body"].read())

    def keep(self, name: str, data: bytes, until: datetime) -> None:
        """Write an object under COMPLIANCE retention; LogError where the bucket does not confirm the term."""
        key = self._prefix + name
        with self._translated(name):
            made = self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=data,
                ChecksumAlgorithm="SHA256",
                ObjectLockMode="COMPLIANCE",
                ObjectLockRetainUntilDate=until,
            )
            found = self._client.head_object(Bucket=self._bucket, Key=key, VersionId=made["VersionId"])
        kept_until = found.get("ObjectLockRetainUntilDate")
        if found.get("ObjectLockMode") != "COMPLIANCE" or not _is_as_late(kept_until, until):
            raise LogError(
                f"privguard: the bucket does not keep {name} for the term that it was given; use another one."
            )

    def prove_kept(self, name: str) -> None:
        """Return when deleting the newest version of the object was tried and refused; LogError where it was not."""
        with self._translated(name):
            version = self._versions(name)[-1]
        try:
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name, VersionId=version)
        except Exception as error:  # noqa: BLE001 - boto3 makes its exceptions at run time
            if _code(error) in _REFUSED:
                return
            raise self._unusable(error) from None
        raise LogError(
            f"privguard: {name} could be deleted from the archive, so nothing there is safe; use another bucket."
        )

    def _versions(self, name: str) -> list[str]:
        """The versions of an object, oldest first; InputError where there is none."""
        key = self._prefix + name
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=key)
        found = [one for page in pages for one in page.get("Versions", ()) if one["Key"] == key]
        if not found:
            raise InputError(f"privguard: the archive has no {name}; look whether the address is right.")
        found.reverse()  # of one moment the bucket lists the newest first
        return [str(one["VersionId"]) for one in sorted(found, key=lambda one: one["LastModified"])]

    def _check_lock(self) -> None:
        try:
            found = self._client.get_object_lock_configuration(Bucket=self._bucket)
        except Exception as error:  # noqa: BLE001 - boto3 makes its exceptions at run time
            if _code(error) == "ObjectLockConfigurationNotFoundError":
                raise self._without_lock() from None
            raise self._unusable(error) from None
        if found.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") != "Enabled":
            raise self._without_lock()

    def _without_lock(self) -> InputError:
        return InputError(
            f"privguard: the bucket {self._bucket} has no Object Lock, so objects could be deleted; use one that has."
        )

    @contextmanager
    def _translated(self, name: str = "") -> Iterator[None]:
        try:
            yield
        except InputError:
            raise
        except Exception as error:  # noqa: BLE001 - boto3 makes its exceptions at run time
            if name and _code(error) in _MISSING:
                raise InputError(f"privguard: the archive has no {name}; look whether the address is right.") from None
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> LogUnavailable:
        reason = _code(error) or type(error).__name__
        return LogUnavailable(
            f"privguard: the bucket {self._bucket} cannot be used ({reason}); check its name and your credentials."
        )


def _client() -> Any:
    try:
        boto3 = import_module("boto3")
    except ImportError:
        raise InputError(
            'privguard: a bucket is reached by boto3, which is missing; run `pip install "jupyter-privguard[s3]"`.'
        ) from None
    try:
        return boto3.client("s3")
    except Exception as error:  # noqa: BLE001 - boto3 makes its exceptions at run time
        raise InputError(
            f"privguard: boto3 cannot be set up ({type(error).__name__}); name a region in AWS_DEFAULT_REGION."
        ) from None


def _code(error: Exception) -> str:
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""


def _is_as_late(kept_until: object, until: datetime) -> bool:
    return isinstance(kept_until, datetime) and kept_until.timestamp() >= int(until.timestamp())
