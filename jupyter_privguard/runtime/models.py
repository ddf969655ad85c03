"""Models as they are recorded, and requests to approve one; the folder, rights and rules are those of `approvals`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import InputError
from ..policy.approvals import approvers as approvers_of
from ..registry.asking import ModelAsked, Reviewed, check_name
from ..registry.digest import directory_digest
from ..registry.files import named
from ..registry.records import Registry, line_digest
from ..settings import Home
from .approvals import acting_account, records_of, who_answers
from .events import log_reader
from .log import has_log
from .model_log import model_exchange, models_in, note_answers
from .place import home
from .sessions import policy_here

__all__ = ["COMMAND", "ModelAsking", "known_models", "record_model", "request_model"]

COMMAND = "privguard model"
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
_MOST_METRICS = 100
_LONGEST_NAME = 200


class ModelAsking(NamedTuple):
    """A request that was made."""

    asked: ModelAsked
    approvers: dict[str, str]
    """Who may answer, and by which role."""
    needed: int
    folder: Path
    is_shared: bool

    @property
    def notes(self) -> list[str]:
        """What there is to say, a sentence each: on what it rests, and what happens now."""
        asked, found = self.asked, []
        if asked.reviewed is Reviewed.NONE:
            found.append(
                f"privguard: no review of version {asked.version} of {asked.model} is in the log, so an approval needs "
                f"a reason and is flagged; `jupyter_privguard.review(output, name={asked.model!r}, "
                f"version={asked.version!r})` makes one."
            )
        elif asked.reviewed is Reviewed.BLOCKED:
            found.append(
                f"privguard: the newest review of version {asked.version} of {asked.model} (event #{asked.review}) "
                "blocked it, so an approval needs a reason and is flagged; review what is served, with its masks, anew."
            )
        return [*found, self._what_now]

    @property
    def _what_now(self) -> str:
        return who_answers(
            self.approvers,
            self.needed,
            right="`approve: true`",
            command=f"{COMMAND} approve {self.asked.id}",
            folder=self.folder,
            is_shared=self.is_shared,
        )


def known_models() -> Registry:
    """The models that the log tells of, with what others have answered by now."""
    in_force, at = policy_here(), home()
    found = models_in(at)
    if not found.approvals:
        return found
    safe, append = records_of(in_force, at)
    return note_answers(in_force, at, append, safe, of=found.models)


def record_model(
    model: str,
    version: str,
    *,
    files: Path | None = None,
    metrics: Mapping[str, str] | None = None,
    run: str | None = None,
    sha256: str | None = None,
    source: str = "hand",
) -> dict[str, Any]:
    """Record a version: the digest of its ``files``, and what was measured, numbers as text; the stored event.

    What the log knows of the tracked ``run`` was measured too. ``sha256`` stands for files that somebody else has
    read. InputError where the log knows other files of this
    version, or a metric is no number.
    """
    in_force, at = policy_here(), home()
    check_name(model, "the name of a model")
    check_name(version, "a version")
    numbers = _numbers({**_tracked(at, run), **(metrics or {})})
    safe, append = records_of(in_force, at)
    if files is not None:
        sha256, source = directory_digest(files), "files"
    found = models_in(at).named(model)
    known = found.versions.get(version) if found is not None else None
    if sha256 is not None and known is not None and known.digests and sha256 not in known.digests:
        raise _others(model, version, next(iter(known.digests.values())))
    fields = {"model": safe(model), "version": safe(version), "sha256": sha256, "run": safe(run), "source": source}
    listed = [{"name": safe(name), "value": value} for name, value in numbers.items()]
    stored: dict[str, Any] = append("model.record", **fields, metrics=listed)
    return stored


def _tracked(at: Home, run: str | None) -> dict[str, str]:
    """The metrics of a run that was tracked here, as the log has them."""
    if run is None or not has_log(at):
        return {}
    from ..tracking.runs import runs_in

    found = next((one for one in runs_in(log_reader(at).events()) if one.run_id == run), None)
    metrics = found.metrics if found is not None else None
    return {name: value for name, value in (metrics or {}).items() if _NUMBER.fullmatch(value)}


def _numbers(metrics: Mapping[str, str]) -> dict[str, str]:
    if len(metrics) > _MOST_METRICS:
        raise InputError(f"privguard: a version has at most {_MOST_METRICS} metrics; name those that count.")
    for name, value in metrics.items():
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise InputError(f"privguard: the name of a metric is one line of at most {_LONGEST_NAME} characters.")
        if not _NUMBER.fullmatch(value):
            raise InputError(f"privguard: metric {name} is no number; give it as in {name}=0.91.")
    return dict(metrics)


def _others(model: str, version: str, seq: int) -> InputError:
    return InputError(
        f"privguard: these are other files than those of version {version} of {model} in the log (event #{seq}): their "
        "digests differ; give changed files a version of their own."
    )


# --- asking ---------------------------------------------------------------------------------------


def request_model(
    model: str,
    version: str,
    *,
    alias: str,
    reason: str,
    term: timedelta,
    files: Path | None = None,
    sha256: str | None = None,
    review: int | None = None,
) -> ModelAsking:
    """Ask others to approve a version for an alias; an event.

    It is bound to the digest of its ``files``, or to the ``sha256`` that somebody has read, or to what the log knows of
    this version; and to the ``review`` of that number, or the newest one of it. InputError where there is none of
    these, where files are others than those that the log knows, and for what no request may say; other errors as
    `request_approval`.
    """
    in_force, at = policy_here(), home()
    check_name(model, "the name of a model")
    check_name(version, "a version")
    check_name(alias, "an alias")
    safe, append = records_of(in_force, at)
    if any(safe(text) != text for text in (model, version, alias)):
        raise InputError(
            "privguard: the name of this model, version or alias looks like somebody's data, so the log cannot hold "
            "it; give it another name."
        )
    who = acting_account(in_force, command=COMMAND)
    exchange = model_exchange(in_force, at)
    exchange.check()
    registry = models_in(at)
    digest = _digest(registry, model, version, directory_digest(files) if files is not None else sha256)
    seq, line, reviewed = _review(registry, model, version, digest, review)
    now = datetime.now(UTC)
    asked = ModelAsked("", who.id, model, version, digest, alias, seq, line, reviewed, reason, term, now)
    try:
        asked = named(asked)
    except ValueError:
        raise InputError("privguard: a reason is one line of at most 500 characters, and not blank.") from None
    needed = 2 if in_force.needs_two_people else 1
    minutes = int(term.total_seconds()) // 60
    append("model.request", **asked.fields(), reason=safe(reason), minutes=minutes, needed=needed)
    exchange.ask(asked)
    others = approvers_of(in_force, tier=asked.tier, besides=who.id, right=asked.right)
    return ModelAsking(asked, others, needed, exchange.folder, exchange.is_shared)


def _digest(registry: Registry, model: str, version: str, given: str | None) -> str:
    found = registry.named(model)
    known = found.versions.get(version) if found is not None else None
    if given is not None:
        if known is not None and known.digests and given not in known.digests:
            raise _others(model, version, next(iter(known.digests.values())))
        return given
    if known is None or known.sha256 is None:
        raise InputError(
            f"privguard: the log knows no files of version {version} of {model}; name their folder with --path, or the "
            "registry that has it with --tracking."
        )
    return known.sha256


def _review(
    registry: Registry, model: str, version: str, digest: str, wanted: int | None
) -> tuple[int | None, str | None, Reviewed]:
    found = registry.named(model)
    known = found.versions.get(version) if found is not None else None
    served = [one.sha256 for one in known.deployments.values()] if known is not None else []
    reviews = registry.reviews_of(model, version, [digest, *served])
    if wanted is not None:
        if wanted not in registry.reviews:
            raise InputError(f"privguard: event #{wanted} is no review; `privguard audit query --action model.review`.")
        reviews = [registry.reviews[wanted]]
    if not reviews:
        return None, None, Reviewed.NONE
    newest = max(reviews, key=lambda event: int(event["seq"]))
    passed = newest.get("outcome") == "ok" and not newest.get("blocked")
    return int(newest["seq"]), line_digest(newest), Reviewed.PASSED if passed else Reviewed.BLOCKED
