from __future__ import annotations

from collections.abc import Callable

import pytest

from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.scanning.contents import findings_in
from jupyter_privguard.scanning.findings import Finding
from jupyter_privguard.scanning.judging import Judge


@pytest.fixture(scope="session")
def judge() -> Judge:
    return Judge(built_in(), None, 60)


@pytest.fixture(scope="session")
def found(judge: Judge) -> Callable[..., list[Finding]]:
    def look(name: str, data: bytes, problems: list[str] | None = None) -> list[Finding]:
        return findings_in(name, data, judge, problems if problems is not None else [])

    return look
