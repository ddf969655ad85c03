"""What a review finds: a verdict a field, and the masking under which all of them pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..frames import frame_of

__all__ = ["FieldVerdict", "Review", "Setting", "Stored", "Transform"]


@dataclass(frozen=True, slots=True)
class FieldVerdict:
    """One field of an output."""

    field: str
    """Its label or path, as far as it may be shown."""
    entity: str
    data_class: str
    is_blocked: bool
    reasons: tuple[str, ...]
    """Why it is blocked, or what was looked at: sentences without a value."""
    action: str
    """The mask under which it passes; ``clear`` where it may leave as it is."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a deployment that looks protective and is not."""

    path: str
    """Where it stands, as ``deployment.custom.output_masking``."""
    says: str


@dataclass(frozen=True, slots=True)
class Stored:
    """Something of its training data that a model keeps."""

    where: str
    """Class and attribute, as ``KNeighborsClassifier._fit_X``."""
    rows: int
    columns: int
    entity: str
    """What it holds, or the first of that."""
    is_blocked: bool
    says: str
    """Why, and what to do."""


@dataclass(frozen=True)
class Transform:
    """The masking that makes an output pass; call it with one of the same form."""

    actions: Mapping[str, str]
    """Field → mask; fields that may leave as they are have none."""
    masks: Callable[[Any], Any] = field(repr=False, compare=False)

    def __call__(self, output: Any) -> Any:
        """A new output of the same form, masked; the input is not changed. InputError for another form."""
        return self.masks(output)


@dataclass(frozen=True)
class Review:
    """Whether an output may leave as it is, and why."""

    fields: tuple[FieldVerdict, ...]
    settings: tuple[Setting, ...] = ()
    notes: tuple[str, ...] = ()
    """What could not be looked at, and what holds of the whole."""
    transform: Transform | None = None
    """None for what holds no output, as metadata of a deployment."""
    stored: tuple[Stored, ...] = ()
    """What a model keeps of its training data. No transform takes it out: the model has to be fitted anew."""

    @property
    def blocked(self) -> bool:
        """Whether anything must change before it leaves."""
        kept = any(one.is_blocked for one in self.stored)
        return kept or any(one.is_blocked for one in self.fields) or bool(self.settings)

    def to_frame(self) -> Any:
        """A DataFrame with the columns field, entity, class, verdict, action, reasons.

        Settings, and what is stored, are rows of it too.
        """
        rows = [
            (one.field, one.entity, one.data_class, _word(one.is_blocked), one.action, " ".join(one.reasons))
            for one in self.fields
        ]
        rows += [(one.path, "SETTING", "none", "block", "remove", one.says) for one in self.settings]
        rows += [
            (one.where, one.entity, "none", _word(one.is_blocked), "fit anew" if one.is_blocked else "clear", one.says)
            for one in self.stored
        ]
        names = ("field", "entity", "class", "verdict", "action", "reasons")
        return frame_of({name: [row[at] for row in rows] for at, name in enumerate(names)})

    def __repr__(self) -> str:
        bad = [one.field for one in self.fields if one.is_blocked] + [one.path for one in self.settings]
        bad += [one.where for one in self.stored if one.is_blocked]
        head = f"privguard: blocked, because of {', '.join(bad)}." if bad else "privguard: passes."
        lines = [f"  {one.field}: {' '.join(one.reasons)}" for one in self.fields if one.reasons]
        lines += [f"  {one.path}: {one.says}" for one in self.settings]
        lines += [f"  {one.where}: {one.says}" for one in self.stored]
        return "\n".join([head, *lines, *(f"  {note}" for note in self.notes)])


def _word(is_blocked: bool) -> str:
    return "block" if is_blocked else "pass"
