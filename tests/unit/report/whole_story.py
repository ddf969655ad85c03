"""An experiment in which everything happens that a section can tell of, under names that a test chooses."""

from __future__ import annotations

from typing import Any

from jupyter_privguard.model import Principal

OFFICER = Principal("officer", assurance="os")
RAVI = Principal("ravi", assurance="hub")


def tell_everything(story: Any, word: str = "plain", *, experiment: str = "exp-1") -> None:
    """Every kind of event, with ``word`` wherever somebody or something is named."""
    own = {"experiment": experiment}
    settings = {
        **{"environment": word, "k": 7, "has_principals": True, "two_person": False, "files": "record"},
        **{"save": "redact", "retain_days": 2555, "endpoints": [word], "http": False, "anchors": [word]},
        "store": {"host": word, "database": word, "sslmode": "verify-full"},
    }
    policy = {"policy": word, "packs": [word], "conflicts": [word], "settings": settings}
    purposes = [
        {"name": word, "basis": word, "datasets": [word], "expires": "2027-06-30"},
        {"name": f"{word} 2", "basis": None, "datasets": [], "expires": None},
    ]
    story.add("key.create", key_id=story.keyring.key_id)
    versions = {"python": "3.11.7", "jupyter_privguard": "0.1.0", "pandas": "3.1.1"}
    loaded = {"tier": "public", "version": "0.1.0", "host": "kernel", "versions": versions, "notebook": None}
    telemetry = {"off": ["MLFLOW_DISABLE_TELEMETRY"], "late": False}
    extra = {"plugins": {"detectors": [word]}, "telemetry": telemetry}
    story.add("guard.load", **loaded, **policy, purposes=purposes, **extra)
    story.load(word, experiment=experiment)
    column: dict[str, Any] = {
        "label": word,
        "entity": "EMAIL_ADDRESS",
        "class": "pii",
        "confidence": 55,
        "evidence": ["header"],
        "action": {"public": "partial"},
    }
    source = {
        "name": f"{word} 3",
        "source": word,
        "rows": None,
        "columns": [{**column, "action": {"public": "partial"}}],
    }
    story.add("data.load", dataset=source, **own)
    shown = {"label": word, "entity": "DIAGNOSIS", "class": "health", "action": "clear"}
    used = {
        "name": word,
        "source": word,
        "as": [word],
        "columns": [word],
        "rows": 3,
        "how": ["shown", "joined", "fitted"],
    }
    sinks: list[dict[str, Any]] = [
        *({"kind": kind, "target": word} for kind in ("file", "net", "table")),
        {"kind": "process", "target": word, "unseen": True},
        {"kind": "file", "target": "more", "count": 4},
    ]
    cell = {**own, "purpose": word, "notebook": word, "reason": word, "rule": word}
    story.cell(
        word,
        **cell,
        datasets=[used],
        sinks=sinks,
        masked={"EMAIL_ADDRESS": 2},
        shown=[{"dataset": word, "columns": [shown, {**shown, "action": "token"}], "rows": 3}],
    )
    story.cell(word, **{**cell, "purpose": None}, tier="compliance", principal=RAVI, approval=["9a8b7c6d"])
    story.cell(word, **cell, outcome="refused", refusal=word, tier="compliance")
    story.cell(word, **cell, outcome="lost")
    story.start(**own, purpose=word)
    asked = {"approval": "9a8b7c6d", "for": "ravi", "tier": "compliance", "data_set": word, "columns": [word]}
    story.add("approval.request", **asked, **own, reason=word, purpose=word)
    story.add("approval.grant", **asked, **own, until="2026-11-26T00:00:00Z", principal=OFFICER)
    story.add("approval.deny", **{**asked, "approval": "11223344"}, **own, reason=word, principal=OFFICER)
    story.add("approval.expire", **asked, **own, until="2026-11-26T00:00:00Z")
    story.add("reveal", handle="tok_7f3a0b1c", domain="PERSON_NAME", reason=word, principal=OFFICER)
    story.add("reveal", "refused", handle="tok_7f3a0b1c", reason=word, rule=word)
    story.add("data.unseal", dataset={"name": word, "source": word}, reason=word, key_id="ab12cd34")
    change = {"dataset": word, "column": word, "before": "CUSTOMER_ID", "after": "NONE", "direction": "lower"}
    story.add("class.change", **change, saved=False, said={"by": word, "since": "2026-10-01T08:00:00Z"}, **own)
    check = {"column": word, "kind": word, "success": False, "element_count": 9, "unexpected_count": 2}
    story.add(
        "quality.check",
        **own,
        **{"suite": word, "rows": 9, "success": False, "expectations": 2, "failed": 1},
        checks=[{**check, "unexpected_basis_points": 2222}],
    )
    story.add(
        "model.review", **own, model=word, sha256="ab" * 32, blocked=True, fields=[{"name": word, "blocked": True}]
    )
    story.add("model.predict", **own, model=word, rows=12)
    _tell_of_a_model(story, word)
    story.add("alert", about=word, error={"id": "00112233", "kind": word}, exit=word)
    story.add("alert", about=word, values=1000, domains={word: 1000})
    story.add("guard.changed", what=[word])
    story.add("key.rotate", key_id="0a0b0c0d", before="01020304", principal=OFFICER)
    story.add("key.unlock", "refused")
    story.add("key.destroy", "refused", rule=word)
    story.add("policy.change", before="ab" * 32, after="cd" * 32, **policy, purposes=None, policy_sha256="cd" * 32)
    story.add("archive", to=word, first=1, last=9, sha256="ab" * 32, retain_until="2033-11-25T21:00:00+00:00")
    story.add("archive", "refused", rule=word)
    story.add("log.read", what="export", whose="all", rule=word)
    story.add("report.export", **own, path=word, sha256="ab" * 32)
    story.add("guard.unload", reason="exit")
    story.cell(word, experiment="exp-2", purpose=word)
    tried = {"point": 1, "status": "evidenced", "reason": word, "seqs": [1, 2]}
    points = [tried, {**tried, "point": 2, "status": "partial", "seqs": []}, {**tried, "point": 7, "status": word}]
    story.add("checklist", points=points, tried=[])
    _tell_of_runs(story, word, own)


def _tell_of_a_model(story: Any, word: str) -> None:
    """A version that was recorded, approved without a signature, given an alias and served."""
    sha256 = "cd" * 32
    version = {"model": word, "version": word, "sha256": sha256}
    story.add("model.record", **version, run=word, source="hand", metrics=[{"name": word, "value": "0.91"}])
    asked = {**version, "approval": "aa11bb22", "for": "asha", "alias": word, "review": None, "review_sha256": None}
    asked |= {"reviewed": "none"}
    story.add("model.request", **asked, reason=word, minutes=60, needed=1)
    answered = {"by": "officer", "answered": "2026-11-25T21:00:00Z", "reason": word}
    story.add("model.approve", **asked, **answered, until="2026-11-27T00:00:00Z", key=None, signature=None)
    story.add("model.approve", "refused", **asked, by="asha", answered="2026-11-25T21:00:00Z", reason=word, rule=word)
    story.add("model.deny", **{**asked, "approval": "cc33dd44"}, **answered)
    moved = {"alias": word, "kind": "alias", "before": None, "approval": None, "seen": "kernel"}
    move = story.add("model.alias", **version, **moved)
    story.add("model.predict", **version, deployment=word, rows=1)
    about = {"about": "a model without a signed approval", "problem": "no valid signature", "alias": word}
    story.add("alert", model=word, version=word, move=move["seq"], **about)


def _tell_of_runs(story: Any, word: str, own: dict[str, str]) -> None:
    """Two that were tracked, the second as the first."""
    run = {"run_id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "run_name": word, "server": word, "cells": [], "refused": []}
    story.add("run.start", "started", **own, **run)
    named = [{"name": word, "value": word}]
    data = {"name": word, "source": word, "columns": [word], "rows": 3, "digest": f"sha256:{'ab' * 32}"}
    algorithm = {"class": word, "library": word, "version": "1.2.3"}
    told = {"datasets": [data], "params": named, "metrics": named, "algorithms": [algorithm], "failed": 1}
    kept_back = {"cleaned": {"EMAIL_ADDRESS": 2}, "refused": [{"what": "file", "name": word, "entities": {}}]}
    story.add("run.end", **own, **run | told | kept_back)
    story.add("run.end", **own, **run | told | {"run_id": "aa" * 16})
