"""What ``pg.audit`` and ``pg.session`` are: the log to read, and the guard that runs, each for people's own code.

Nothing in here decides or masks: reading goes by the policy as it does on the command line, and what of it reaches a
screen goes through the guard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from ..audit.lineage import Lineage
from ..audit.minimisation import Minimisation
from ..audit.query import Access, question
from ..audit.verify import prove
from ..frames import frame_of
from ..monitoring.inputs import input_columns
from ..monitoring.served import prediction_columns
from .events import log_reader
from .questions import answers, lineage_of, unused_columns
from .reading import Reading
from .reports import Evidence, evidence
from .sessions import policy_here, running_session

__all__ = ["AuditAccess", "SessionView", "accesses_frame", "session_view", "unused_frame"]


class AuditAccess:
    """The log of this deployment, to be read by whoever the policy lets.

    Every method raises LogUnavailable where there is no log, and LogError where it is damaged.
    """

    def __repr__(self) -> str:
        names = ", ".join(sorted(name for name in vars(type(self)) if not name.startswith("_")))
        return f"<the log of jupyter_privguard: {names}>"

    def events(self) -> Iterator[dict[str, Any]]:
        """The events that this account may read, by ``seq``, each as `privguard audit export` has it; not verified."""
        return Reading("events", policy_here()).events()

    def query(self, **asked: str | Sequence[str]) -> Any:
        """A DataFrame with a row an access, as `%privguard audit query`.

        ``asked`` is of ``person dataset column entity how purpose experiment tier outcome action token``, each a text
        or several, any of which may be meant, and ``since until during`` as ``"2026-11"`` or ``"last month"``.
        InputError for other names or words.
        """
        words = {name: [text] if isinstance(text, str) else list(text) for name, text in asked.items()}
        return accesses_frame(answers(question(words, datetime.now(UTC)), policy_here()))

    def predictions(self, deployment: str | None = None) -> Any:
        """A DataFrame with a row a prediction of a served model, of ``deployment`` or any; refused and failed ones too.

        ``subject`` is whose prediction it is, the token that `mask` gives the same id; ``prediction`` its own.
        ``answer.F`` is what the model said in field F, as tier public has it. No input is in the record.
        """
        found = (event for event in self.events() if event["action"] == "model.predict")
        return frame_of(prediction_columns(event for event in found if deployment in (None, event.get("deployment"))))

    def inputs(self, deployment: str | None = None) -> Any:
        """A DataFrame with a row a check of the inputs of a served model, of ``deployment`` or any.

        Some hundred people make a window, and a window three checks of a feature: ``nulls``, ``unusual`` values, and
        ``drift`` of its distribution, each against what the model was reviewed on. See `monitoring.inputs`.
        """
        found = (event for event in self.events() if event["action"] == "quality.check" and event.get("deployment"))
        return frame_of(input_columns([event for event in found if deployment in (None, event["deployment"])]))

    def lineage(self, name: str) -> Lineage:
        """Where the columns of the data set or variable ``name`` come from; InputError where the log has none."""
        return lineage_of(name, policy_here())

    def unused(self, experiment: str | None = None) -> Any:
        """A DataFrame with a row a column that was loaded in ``experiment``, or any, and never used."""
        return unused_frame(unused_columns(policy_here(), experiment))

    def verify(self, checkpoint: str | None = None) -> int:
        """The number of records, once the log is proven whole, and to extend the kept ``checkpoint`` if there is one.

        LogError names the first bad record; InputError where ``checkpoint`` is no signed note.
        """
        return prove(log_reader(), checkpoint=checkpoint).size

    def checkpoint(self) -> str:
        """The signed note over the whole log, which is proven first; to be kept elsewhere."""
        return prove(log_reader()).checkpoint

    def evidence(self, experiment: str, *, size: int, root: str, made: str) -> Evidence:
        """The sections of the report on ``experiment``, of the log as it was; see `evidence`."""
        return evidence(experiment, size=size, root=root, made=made)


@dataclass(frozen=True, slots=True)
class SessionView:
    """The guard that runs in this process, as it is at the moment."""

    id: str
    """Its name in the log's events."""
    principal: str
    """The account that its events name."""
    assurance: str
    """How far that is established: self, os, server or hub."""
    tier: str
    """What cells see that ask for no other."""
    purpose: str | None
    experiment: str | None
    policy_sha256: str
    notebook: str | None


def session_view() -> SessionView | None:
    """The guard of this process; None where none runs."""
    session = running_session()
    if session is None:
        return None
    return SessionView(
        id=session.id,
        principal=session.principal.id,
        assurance=session.principal.assurance,
        tier=session.tier.label,
        purpose=session.purpose,
        experiment=session.experiment,
        policy_sha256=session.policy.sha256,
        notebook=session.notebook,
    )


def accesses_frame(found: Sequence[Access]) -> Any:
    """A DataFrame with a row an access; lists of names are one text, times are times."""
    columns = {field.name: [_cell(getattr(access, field.name)) for access in found] for field in fields(Access)}
    columns["time"] = [datetime.fromisoformat(access.time) for access in found]
    return frame_of(columns)


def unused_frame(found: Sequence[Minimisation]) -> Any:
    """A DataFrame with a row a column that was loaded and not used."""
    rows = [(one, column) for one in found for column in one.unused]
    return frame_of(
        {
            "experiment": [one.experiment for one, _ in rows],
            "dataset": [one.dataset for one, _ in rows],
            "column": [column.label for _, column in rows],
            "entity": [column.entity for _, column in rows],
            "class": [column.data_class for _, column in rows],
            "kept": [column.is_kept for _, column in rows],
        }
    )


def _cell(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, tuple) else value
