"""Models in a log as its writers tell of them: requests with real signatures, aliases, predictions."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from jupyter_privguard.keys.keyring import LogKey
from jupyter_privguard.registry.asking import ModelAsked, Reviewed, signature_of
from jupyter_privguard.registry.files import named
from jupyter_privguard.registry.records import Registry, line_digest

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
OWN = LogKey(seed=b"o" * 32, origin="own")
DANA = LogKey(seed=b"d" * 32, origin="dana")
ERIK = LogKey(seed=b"e" * 32, origin="erik")


def digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


class Log:
    """Events of an account called ana, without a log's storage."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def add(self, action: str, outcome: str = "ok", **fields: Any) -> dict[str, Any]:
        seq = len(self.events) + 1
        time = (AT + timedelta(seconds=seq)).isoformat().replace("+00:00", "Z")
        base = {"seq": seq, "time": time, "action": action, "outcome": outcome, "session": "s"}
        self.events.append({**base, "principal": {"id": "ana", "assurance": "os"}, **fields})
        return self.events[-1]

    def review(self, *, blocked: bool = False, version: str = "3") -> dict[str, Any]:
        return self.add("model.review", "refused" if blocked else "ok", model="churn", version=version, blocked=blocked)

    def asked(
        self,
        version: str = "3",
        alias: str = "champion",
        review: dict[str, Any] | None = None,
        needed: int = 1,
        **other: Any,
    ) -> ModelAsked:
        reviewed, seq, line = Reviewed.NONE, None, None
        if review is not None:
            reviewed = Reviewed.BLOCKED if review["blocked"] else Reviewed.PASSED
            seq, line = review["seq"], line_digest(review)
        sha256 = other.pop("sha256", digest(version))
        asked = ModelAsked(
            "", "ana", "churn", version, sha256, alias, seq, line, reviewed, "better", timedelta(days=30), AT
        )
        asked = named(asked)._replace(**other)
        self.add("model.request", **asked.fields(), reason="better", minutes=43200, needed=needed)
        return asked

    def approve(
        self,
        asked: ModelAsked,
        by: str = "dana",
        key: LogKey | None = DANA,
        until: timedelta = timedelta(days=30),
        **other: Any,
    ) -> dict[str, Any]:
        text = [(AT + wait).strftime("%Y-%m-%dT%H:%M:%SZ") for wait in (timedelta(), until)]
        fields = asked.fields() | {"by": by, "answered": text[0], "until": text[1], "reason": None}
        signed = {"key": key.vkey, "signature": signature_of(fields, key)} if key is not None else {}
        return self.add("model.approve", **(fields | signed | other))

    def move(
        self, version: str | None = "3", alias: str = "champion", outcome: str = "ok", **other: Any
    ) -> dict[str, Any]:
        sha256 = digest(version) if version is not None else None
        fields = {"model": "churn", "alias": alias, "kind": "alias", "version": version, "before": None}
        return self.add(
            "model.alias", outcome, **(fields | {"sha256": sha256, "approval": None, "seen": "kernel"} | other)
        )

    def predict(self, version: str = "3", sha256: str = "object", outcome: str = "ok") -> dict[str, Any]:
        about = {"model": "churn", "version": version, "deployment": "churn-prod", "sha256": digest(sha256)}
        return self.add("model.predict", outcome, **about)

    @property
    def registry(self) -> Registry:
        return Registry.of(self.events, OWN.vkey)
