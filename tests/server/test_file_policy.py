"""Under `files: refuse` a classified file is for those whose tier shows it, whichever way it is asked for."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_server.services.contents.filemanager import FileContentsManager
from tornado.httpclient import HTTPClientError, HTTPResponse

from jupyter_privguard.settings import account_name

if TYPE_CHECKING:
    from conftest import FixtureLog

Fetch = Callable[..., Awaitable[HTTPResponse]]

WAYS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "interface": (("api", "contents", "people.csv"), {}),
    "address": (("files", "people.csv"), {}),
    "address with download": (("files", "people.csv"), {"params": {"download": "1"}}),
    "copy": (("api", "contents", ""), {"method": "POST", "body": json.dumps({"copy_from": "people.csv"})}),
    "rename": (
        ("api", "contents", "people.csv"),
        {"method": "PATCH", "body": json.dumps({"path": "harmless.csv"})},
    ),
    "terminal": (("api", "terminals"), {"method": "POST", "body": "{}"}),
}


async def code_of(fetch: Fetch, way: str) -> tuple[int, bytes]:
    parts, options = WAYS[way]
    try:
        response = await fetch(*parts, **options)
    except HTTPClientError as error:
        assert error.response is not None
        return error.code, error.response.body
    return response.code, response.body


@pytest.fixture
def set_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    def write(files: str, tiers: str) -> None:
        policy = tmp_path / "policy.yaml"
        policy.write_text(
            f"version: 1\nfiles: {files}\nprincipals: {{{account_name()}: {{roles: [some]}}}}\n"
            f"roles: {{some: {{tiers: [{tiers}]}}}}\n"
        )
        monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))

    return write


@pytest.mark.parametrize(
    "jp_server_config", [{}, {"contents_manager_class": FileContentsManager}], indirect=True, ids=["default", "sync"]
)
@pytest.mark.parametrize("way", WAYS)
async def test_a_classified_file_is_refused_to_a_person_without_the_tier(
    jp_fetch: Fetch,
    jp_root_dir: Path,
    fixture_log: FixtureLog,
    set_policy: Callable[[str, str], None],
    server_events: Callable[[], list[dict[str, Any]]],
    way: str,
) -> None:
    set_policy("refuse", "public, internal")
    fixture_log.load()
    fixture_log.data()
    (jp_root_dir / "people.csv").write_text("CANARY")
    (jp_root_dir / "other.csv").write_text("fine")

    code, body = await code_of(jp_fetch, way)

    assert code == 403
    assert b"CANARY" not in body
    assert not (jp_root_dir / "people-Copy1.csv").exists()
    assert (jp_root_dir / "people.csv").exists()
    assert (await jp_fetch("files", "other.csv")).body == b"fine"
    assert "refused" in [event["outcome"] for event in server_events()]


@pytest.mark.parametrize(("files", "tiers"), [("record", "public"), ("refuse", "public, compliance")])
@pytest.mark.parametrize("way", ["interface", "address", "rename", "terminal"])
async def test_others_get_it(
    jp_fetch: Fetch,
    jp_root_dir: Path,
    fixture_log: FixtureLog,
    set_policy: Callable[[str, str], None],
    files: str,
    tiers: str,
    way: str,
) -> None:
    set_policy(files, tiers)
    fixture_log.load()
    fixture_log.data()
    (jp_root_dir / "people.csv").write_text("CANARY")

    code, _ = await code_of(jp_fetch, way)

    assert code == 200
