"""An approval of a model as the log tells of it, and whether it stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from .asking import Reviewed, Signed, signed_by

__all__ = ["Grant", "ModelApproval", "Standing"]

Event = Mapping[str, Any]


class Standing(StrEnum):
    """What a request to approve a model amounts to."""

    OPEN = "open"
    APPROVED = "approved"
    UNSIGNED = "unsigned"
    """Answered, and not by valid signatures of enough others."""
    DENIED = "denied"
    ENDED = "ended"


class Grant(NamedTuple):
    """One answer that approves."""

    by: str
    at: str
    until: str
    seq: int
    signed: Signed
    key: str
    reason: str


@dataclass(slots=True)
class ModelApproval:
    """A request and its answers."""

    id: str
    asked_by: str
    model: str
    version: str
    sha256: str
    alias: str
    review: int | None
    review_sha256: str | None
    reviewed: Reviewed
    reason: str = ""
    needed: int = 1
    """How many others have to approve."""
    asked_seq: int | None = None
    """None in a log that does not tell of the request itself."""
    asked_at: str = ""
    grants: list[Grant] = field(default_factory=list)
    denials: list[tuple[str, int]] = field(default_factory=list)
    """By whom, and the event."""

    @classmethod
    def told_by(cls, event: Event) -> ModelApproval:
        """The request that ``event`` is about."""
        reviewed = str(event.get("reviewed"))
        review = event.get("review")
        return cls(
            id=str(event.get("approval")),
            asked_by=str(event.get("for")),
            model=str(event.get("model")),
            version=str(event.get("version")),
            sha256=str(event.get("sha256")),
            alias=str(event.get("alias")),
            review=review if isinstance(review, int) else None,
            review_sha256=str(event["review_sha256"]) if event.get("review_sha256") else None,
            reviewed=Reviewed(reviewed) if reviewed in tuple(Reviewed) else Reviewed.NONE,
        )

    def is_about(self, event: Event) -> bool:
        """Whether ``event`` is about the same files, version and alias; an answer to anything else is none to this."""
        other = self.told_by(event)
        same = ("id", "asked_by", "model", "version", "sha256", "alias", "review_sha256", "reviewed")
        return all(getattr(self, name) == getattr(other, name) for name in same)

    def note_asked(self, event: Event) -> None:
        """``event`` is the request itself."""
        self.asked_seq, self.asked_at = int(event["seq"]), str(event.get("time"))
        self.reason = str(event.get("reason") or "")
        self._note_needed(event)
        review = event.get("review")
        self.review = review if isinstance(review, int) else None

    def note_answer(self, event: Event, own_key: str | None) -> None:
        """``event`` is an answer; ``own_key`` is the key of the log in which it stands."""
        by, seq = str(event.get("by") or (event.get("principal") or {}).get("id")), int(event["seq"])
        if event["action"] == "model.deny":
            self.denials.append((by, seq))
            return
        if self.asked_seq is None:  # a log that does not have the request goes by whoever wrote the answer down
            self._note_needed(event)
        signed = signed_by(event, own_key=own_key) if self.is_about(event) else Signed.INVALID
        key, reason = str(event.get("key") or ""), str(event.get("reason") or "")
        self.grants.append(Grant(by, str(event.get("answered")), str(event.get("until")), seq, signed, key, reason))

    def _note_needed(self, event: Event) -> None:
        needed = event.get("needed")
        self.needed = needed if isinstance(needed, int) and needed > 0 else 1

    @property
    def seqs(self) -> tuple[int, ...]:
        """The events that tell of it."""
        asked = (self.asked_seq,) if self.asked_seq is not None else ()
        return (*asked, *(grant.seq for grant in self.grants), *(seq for _, seq in self.denials))

    def counting(self, now: datetime) -> list[Grant]:
        """The grants that count at ``now``: signed, by somebody else, each by another person with another key."""
        people: dict[str, Grant] = {}
        keys: set[str] = set()
        for grant in self.grants:
            is_good = grant.signed is Signed.VALID and grant.by != self.asked_by and _time(grant.until) > now
            if is_good and grant.by not in people and grant.key not in keys:
                people[grant.by] = grant
                keys.add(grant.key)
        return list(people.values())

    def standing(self, now: datetime) -> Standing:
        """What it amounts to at ``now``. A refusal is final."""
        if self.denials:
            return Standing.DENIED
        if len(self.counting(now)) >= self.needed:
            return Standing.APPROVED
        good = [one for one in self.grants if one.signed is Signed.VALID and one.by != self.asked_by]
        if len(good) < len(self.grants):
            return Standing.UNSIGNED
        if any(_time(grant.until) <= now for grant in good):
            return Standing.ENDED
        return Standing.OPEN


def _time(text: str) -> datetime:
    """A time of an event; one that is none is long over."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
