"""What ``privguard model`` prints of models: rows of tables, and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..registry.approvals import ModelApproval
    from ..registry.records import Model, Registry, Version
    from ..runtime.model_answers import ModelRequest

__all__ = ["history_rows", "list_rows", "model_json", "open_rows", "show_tables"]

_SHORT = 12


def list_rows(registry: Registry) -> list[list[str]]:
    """A row for each version."""
    from ..registry.flags import flags

    now = datetime.now(UTC)
    found = flags(registry, now)
    rows = []
    for model in registry.models.values():
        for version in model.in_order:
            problems = [one.problem for one in found if (one.model, one.version) == (model.name, version.name)]
            rows.append(
                [
                    model.name,
                    version.name,
                    (version.sha256 or "unknown")[:_SHORT],
                    _reviewed(registry, model, version),
                    ", ".join(_standing_for(version, now)) or "none",
                    ", ".join(one.alias for one in model.aliases.values() if one.version == version.name) or "-",
                    ", ".join(dict.fromkeys(one.name for one in version.deployments.values())) or "-",
                    ", ".join(dict.fromkeys(problems)) or "-",
                ]
            )
    return rows


def _standing_for(version: Version, now: datetime) -> list[str]:
    return list(dict.fromkeys(one.alias for one in version.approvals if one.standing(now) == "approved"))


def _reviewed(registry: Registry, model: Model, version: Version) -> str:
    reviews = registry.newest_reviews(model, version)
    if not reviews:
        return "none"
    newest = reviews[-1]
    return f"{'blocked' if newest.get('blocked') else newest.get('outcome')} #{newest['seq']}"


def open_rows(waiting: Iterable[ModelRequest], *, as_json: bool = False) -> Any:
    """A row for each request that waits."""
    if as_json:
        return [
            {
                **one.shown.fields(),
                "reason": one.shown.reason,
                "missing": one.missing,
                "is_own": one.is_own,
                "may_answer": one.may_answer,
            }
            for one in waiting
        ]
    return [
        [
            one.shown.id,
            one.shown.by,
            one.shown.model,
            one.shown.version,
            one.shown.alias,
            one.shown.reviewed.value,
            "asked" if one.is_own else "may answer",
            one.shown.reason,
        ]
        for one in waiting
    ]


_Table = tuple[str, tuple[str, ...], list[list[str]]]


def show_tables(registry: Registry, model: Model) -> list[_Table]:
    """Titles, headings and rows of what there is to know of one model."""
    from ..registry.flags import flags

    now = datetime.now(UTC)
    versions = model.in_order
    return [
        (
            "Versions",
            ("version", "digest", "review"),
            [[one.name, one.sha256 or "unknown", _reviewed(registry, model, one)] for one in versions],
        ),
        (
            "Approvals",
            ("request", "version", "alias", "asked by", "state", "review", "answers"),
            [_approval_row(approval, now) for one in versions for approval in one.approvals],
        ),
        (
            "Benchmarks",
            ("version", "metric", "value", "event"),
            [
                [one.name, metric.name, metric.value, f"#{metric.seq}"]
                for one in versions
                for metric in one.benchmarks.values()
            ],
        ),
        (
            "Aliases",
            ("alias", "version", "digest", "since (UTC)", "by", "seen in", "event"),
            [
                [
                    one.alias,
                    str(one.version),
                    (one.sha256 or "unknown")[:_SHORT],
                    _clock(one.time),
                    one.by,
                    one.seen,
                    f"#{one.seq}",
                ]
                for one in model.aliases.values()
            ],
        ),
        (
            "Deployments",
            ("deployment", "version", "digest", "predictions", "refused", "first (UTC)", "last (UTC)"),
            [
                [
                    *(place.name, one.name, place.sha256[:_SHORT], str(place.predictions), str(place.refused)),
                    *(_clock(place.first[1]), _clock(place.last[1])),
                ]
                for one in versions
                for place in one.deployments.values()
            ],
        ),
        (
            "To look at",
            ("what", "events"),
            [
                [one.says, " ".join(f"#{seq}" for seq in one.seqs)]
                for one in flags(registry, now)
                if one.model == model.name
            ],
        ),
    ]


def _approval_row(one: ModelApproval, now: datetime) -> list[str]:
    answers = [f"{grant.by} until {grant.until} (signature {grant.signed.value})" for grant in one.grants]
    answers += [f"{by} denied" for by, _ in one.denials]
    review = one.reviewed.value if one.review is None else f"{one.reviewed.value} #{one.review}"
    return [one.id, one.version, one.alias, one.asked_by, one.standing(now).value, review, "; ".join(answers) or "none"]


def history_rows(model: Model) -> list[list[str]]:
    """A row for each thing that happened, in order; of predictions the first and the last of a deployment."""
    found: list[tuple[int, str, str, str, str, str]] = []
    for version in model.versions.values():
        for metric in version.benchmarks.values():
            found.append((metric.seq, "", "measured", version.name, "", f"{metric.name} {metric.value}"))
        for approval in version.approvals:
            found += _approved(approval)
        for place in version.deployments.values():
            served = (
                f"{place.name}: {place.predictions} predictions, {place.refused} refused, to event #{place.last[0]}"
            )
            found.append((*place.first, "served", version.name, "", served))
    for move in model.moves:
        target = f"{move.alias} from {move.before or 'nothing'}, by approval {move.approval or 'none'} ({move.outcome})"
        found.append((move.seq, move.time, f"{move.kind} moved", move.version or "", move.by, target))
    for alert in model.alerts:
        problem = f"{alert.get('alias') or 'served'}: {alert.get('problem')}"
        found.append((int(alert["seq"]), str(alert.get("time")), "alert", str(alert.get("version")), "", problem))
    return [[f"#{seq}", _clock(time), *rest] for seq, time, *rest in sorted(found)]


def _approved(one: ModelApproval) -> list[tuple[int, str, str, str, str, str]]:
    found = []
    if one.asked_seq is not None:
        found.append((one.asked_seq, one.asked_at, "asked", one.version, one.asked_by, f"{one.alias}: {one.id}"))
    for grant in one.grants:
        said = f"{one.alias} until {grant.until}, signature {grant.signed.value}"
        found.append((grant.seq, grant.at, "approved", one.version, grant.by, said))
    return found + [(seq, "", "denied", one.version, by, one.alias) for by, seq in one.denials]


def _clock(time: str) -> str:
    return time.replace("T", " ").partition(".")[0].removesuffix("Z")


def model_json(registry: Registry, model: Model) -> dict[str, Any]:
    """Everything that is known of one model."""
    from ..registry.flags import flags

    now = datetime.now(UTC)
    return {
        "model": model.name,
        "versions": [
            {
                "version": one.name,
                "sha256": one.sha256,
                "review": _reviewed(registry, model, one),
                "benchmarks": {metric.name: metric.value for metric in one.benchmarks.values()},
                "approvals": [_approval_json(approval, now) for approval in one.approvals],
                "deployments": [
                    {
                        **{"deployment": place.name, "sha256": place.sha256, "predictions": place.predictions},
                        **{"refused": place.refused, "first": place.first[1], "last": place.last[1]},
                        "seqs": [place.first[0], place.last[0]],
                    }
                    for place in one.deployments.values()
                ],
            }
            for one in model.in_order
        ],
        "aliases": [one._asdict() for one in model.aliases.values()],
        "flags": [{**one._asdict(), "seqs": list(one.seqs)} for one in flags(registry, now) if one.model == model.name],
    }


def _approval_json(one: ModelApproval, now: datetime) -> dict[str, Any]:
    return {
        **{"approval": one.id, "alias": one.alias, "sha256": one.sha256, "asked_by": one.asked_by},
        **{"state": one.standing(now).value, "reviewed": one.reviewed.value, "review": one.review},
        "grants": [{**grant._asdict(), "signed": grant.signed.value} for grant in one.grants],
        "denied_by": [by for by, _ in one.denials],
        "seqs": list(one.seqs),
    }
