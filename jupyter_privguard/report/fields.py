"""The fields that events have, and what may stand in them: a query for anything else would never find an event."""

from __future__ import annotations

from collections.abc import Mapping

from ..audit.query import HOW, OUTCOMES
from ..model import TIER_LABELS, DataClass, Operator

__all__ = ["FIELDS", "MASKS", "SHOWN", "fields_of"]

_Values = tuple[str, ...] | tuple[bool, ...] | None
"""The values that a field may have; None for any."""

_CLASSES = tuple(str(one) for one in DataClass)
MASKS = tuple(str(one) for one in Operator)
_YES_NO = (True, False)


def _any(text: str) -> dict[str, _Values]:
    return dict.fromkeys(text.split())


_EVERY: dict[str, _Values] = {
    **_any("principal.id session policy_sha256 kernel notebook experiment purpose"),
    "principal.assurance": ("self", "os", "server", "hub"),
    "outcome": (*OUTCOMES, "mended", "changed"),
}
_CELL: dict[str, _Values] = {
    **_any("cell.execution_count cell.id cell.message reason rule approval run"),
    "tier": TIER_LABELS,
}
_SINKS: dict[str, _Values] = {
    **_any(
        "sinks.target sinks.database sinks.bytes sinks.count sinks.stored.where sinks.stored.rows sinks.stored.entities"
    ),
    "sinks.kind": ("file", "net", "process", "table"),
    "sinks.unseen": _YES_NO,
    "sinks.partly_read": _YES_NO,
    "sinks.direction": ("in", "out"),
}
_LOADED: dict[str, _Values] = {
    **_any("dataset.name dataset.source dataset.rows dataset.columns.label dataset.columns.entity"),
    **_any("dataset.columns.confidence dataset.columns.evidence"),
    "dataset.columns": None,
    "dataset.columns.class": _CLASSES,
    **{f"dataset.columns.action.{tier}": MASKS for tier in TIER_LABELS},
}
_KEY = _any("key_id before rule")
_APPROVAL: dict[str, _Values] = {
    **_any("approval for data_set columns reason minutes until by rule"),
    "tier": TIER_LABELS,
}
_MODEL: dict[str, _Values] = {
    "reviewed": ("passed", "blocked", "none"),
    **_any("approval for model version sha256 alias review review_sha256 reason"),
}
_RUN: dict[str, _Values] = {
    **_any("run_id run_name server tracking_experiment cells cells.run cells.execution_count refused refused.name"),
    "refused.what": ("file", "metric", "trace"),
}
_POLICY: dict[str, _Values] = {
    **_any("policy packs conflicts purposes purposes.name purposes.basis purposes.datasets purposes.expires"),
    **_any("settings settings.environment settings.k settings.retain_days settings.endpoints settings.anchors"),
    "settings.store": None,
    "settings.has_principals": _YES_NO,
    "settings.two_person": _YES_NO,
    "settings.http": _YES_NO,
    "settings.files": ("record", "refuse"),
    "settings.save": ("redact", "refuse", "record"),
}

FIELDS: Mapping[str, Mapping[str, _Values]] = {
    "guard.load": {
        "tier": TIER_LABELS,
        "host": ("kernel", "ipython"),
        "telemetry.late": _YES_NO,
        **_any("version versions plugins reason telemetry.off"),
        **_POLICY,
    },
    "guard.unload": {"reason": ("unload", "exit")},
    "guard.changed": {"tier": TIER_LABELS, **_any("what reason")},
    "cell.start": _CELL,
    "cell.run": {
        **_CELL,
        **_SINKS,
        **_any("cell.source cell.source_hmac cell.expressions refusal duration_ms sinks datasets shown masked"),
        **_any(
            "datasets.name datasets.source datasets.as datasets.columns datasets.rows datasets.uses datasets.parents"
        ),
        **_any("minimise minimise.declared minimise.dropped minimise.unknown shown.dataset shown.rows"),
        "datasets.how": HOW[: HOW.index("exported") + 1],
    },
    "data.load": {**_LOADED, **_CELL, **_SINKS, "sinks": None, "masked": None},
    "data.seal": {
        **_any("dataset.name dataset.source key_id bytes sinks"),
        **_SINKS,
        "original": ("kept", "to be deleted", "in memory"),
    },
    "data.unseal": {**_any("dataset.name dataset.source key_id bytes reason rule sinks"), **_SINKS},
    "experiment.close": {},
    "reveal": _any("handle domain reason rule"),
    "log.read": {"whose": ("own", "all"), **_any("what rule")},
    "report.export": _any("path sha256 rule"),
    "quality.check": {
        "success": _YES_NO,
        **_any("suite rows expectations failed checks checks.column checks.kind"),
        **_any("model version sha256 deployment since bands bands.column bands.counts bands.expected checks.drift"),
        "checks.success": _YES_NO,
    },
    "policy.change": {**_any("at before after"), **_POLICY},
    "class.change": {
        "direction": ("raise", "lower"),
        "saved": _YES_NO,
        **_any("dataset column before after said.by said.since reason cell.execution_count"),
    },
    "key.create": _KEY,
    "key.unlock": _KEY,
    "key.rotate": _KEY,
    "key.destroy": _KEY,
    "bearer.issue": _any("bearer for until"),
    "bearer.revoke": _any("bearer for until"),
    "approval.request": _APPROVAL,
    "approval.grant": _APPROVAL,
    "approval.deny": _APPROVAL,
    "approval.expire": _APPROVAL,
    "model.review": {
        "tier": TIER_LABELS,
        "blocked": _YES_NO,
        **_any("model version sha256 fields.label fields.entity fields.class fields.verdict fields.action"),
        **_any("settings stored.where stored.rows stored.columns stored.entity stored.verdict reason rule"),
    },
    "model.predict": {
        "tier": TIER_LABELS,
        **_any("model version sha256 deployment features prediction subject at rows masked reason rule"),
        **_any("answer answer.field answer.value"),
    },
    "model.record": {
        "source": ("files", "registry", "hand"),
        **_any("model version sha256 run metrics.name metrics.value"),
    },
    "model.request": {**_MODEL, **_any("minutes needed")},
    "model.approve": {**_MODEL, **_any("by answered until needed key signature rule")},
    "model.deny": {**_MODEL, **_any("by answered rule")},
    "model.alias": {
        "kind": ("alias", "stage"),
        "seen": ("kernel", "registry"),
        **_any("model alias version before sha256 approval rule"),
    },
    "run.start": _RUN,
    "run.end": {
        **_RUN,
        **_any("datasets datasets.name datasets.source datasets.columns datasets.rows datasets.digest files failed"),
        **_any("params params.name params.value metrics metrics.name metrics.value tags tags.name tags.value"),
        **_any("algorithms algorithms.class algorithms.library algorithms.version cleaned left_out status"),
        "datasets.how": HOW[: HOW.index("exported") + 1],
    },
    "endpoint.use": _any("endpoint protocol tls cipher"),
    "scan": {**_any("paths files findings entities unread fixed accepted"), "fixing": _YES_NO},
    "checklist": {
        **_any("points points.point points.reason points.seqs tried"),
        "points.status": ("evidenced", "partial", "not evidenced"),
    },
    "archive": _any("to first last sha256 retain_until rule"),
    "alert": _any(
        "about values domains error.id error.kind exit missed cell.execution_count model version alias problem move"
    ),
}
"""The fields of each action, by dotted path, besides those that every event has."""

SHOWN: Mapping[str, _Values] = {"label": None, "entity": None, "class": _CLASSES, "action": MASKS}
"""The fields of a column that a cell showed."""


def fields_of(action: str) -> dict[str, _Values]:
    """All fields of an event with this action; KeyError for an action that the log does not have."""
    return {**_EVERY, **FIELDS[action]}
