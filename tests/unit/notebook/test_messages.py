"""What is protocol in a message stays, whatever the policy's patterns match."""

from __future__ import annotations

import pytest

from jupyter_privguard.notebook.messages import clean_content


@pytest.mark.parametrize(
    ("kind", "content", "kept"),
    [
        ("execute_reply", {"status": "ok", "user_expressions": {"a": "b"}}, "status"),
        ("execute_reply", {"status": "error", "ename": "b", "evalue": "b"}, "status"),
        ("inspect_reply", {"status": "ok", "data": {"a": "b"}}, "status"),
        ("comm_msg", {"comm_id": "c", "data": {"a": "b"}}, "comm_id"),
        ("comm_close", {"comm_id": "c", "data": {"a": "b"}}, "comm_id"),
    ],
)
def test_a_pattern_that_matches_everything_breaks_no_protocol(kind: str, content: dict, kept: str) -> None:
    cleaned = clean_content(kind, content, lambda text: "*")

    assert cleaned.pop(kept) == content[kept]
    assert "b" not in str(cleaned)
