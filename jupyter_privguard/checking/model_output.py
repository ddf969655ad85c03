"""Point 1: no plain identifier in model output."""

from __future__ import annotations

from typing import Any

from .. import runtime
from ..errors import PrivguardError
from .deployment import Deployment, Event, ids, left_by, seqs
from .points import Found, Status, clause

__all__ = ["model_output"]

_NAME = "checklist, made-up people"
_PEOPLE = 12


def model_output(at: Deployment) -> list[Found]:
    """Has made-up predictions reviewed and masked, and looks at the reviews that the record tells of."""
    return [*_tried(at), *_recorded(at)]


def _tried(at: Deployment) -> list[Found]:
    people = ids(_PEOPLE)
    output: list[dict[str, Any]] = [
        {"customer_id": one, "email": f"{one.lower()}@post.example", "churn": number % 2}
        for number, one in enumerate(people)
    ]
    before = runtime.log_reader().size
    try:
        found = runtime.review_object(output, None, tier="public", name=_NAME)
        if not found.blocked or found.transform is None:
            return [Found(Status.NOT, "made-up predictions with plain ids passed the review, by this policy")]
        masked = found.transform(output)
        again = runtime.review_object(masked, None, tier="public", name=_NAME)
    except PrivguardError as error:
        return [Found(Status.NOT, f"made-up predictions could not be reviewed ({clause(error)})")]
    finally:
        at.tried.extend(left_by(before, "model.review"))
    text = str(masked).casefold()
    if any(one.casefold() in text for one in people):
        return [Found(Status.NOT, "an id of a made-up person stood in plain in masked predictions")]
    if again.blocked:
        return [Found(Status.NOT, "masked predictions of made-up people were blocked again")]
    says = f"predictions for {_PEOPLE} made-up people were blocked raw and passed masked"
    return [Found(Status.EVIDENCED, says, tuple(at.tried[-2:]))]


def _recorded(at: Deployment) -> list[Found]:
    newest: dict[str, Event] = {}
    for event in at.of("model.review"):
        if event.get("tier") != "compliance":
            newest[str(event.get("model"))] = event
    if not newest:
        return [Found(Status.NOT, "no output was reviewed")]
    blocked = [event for event in newest.values() if event.get("blocked") or event.get("outcome") != "ok"]
    if blocked:
        models = "the output of a model was" if len(blocked) == 1 else f"the outputs of {len(blocked)} models were"
        return [Found(Status.NOT, f"{models} blocked, and passed no later review", seqs(blocked))]
    return [Found(Status.EVIDENCED, f"the newest review passed of {_models(len(newest))}", seqs(newest.values()))]


def _models(count: int) -> str:
    return "the one model" if count == 1 else f"each of {count} models"
