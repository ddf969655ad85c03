"""What sections read: the events that bear on one experiment, sorted out once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from .._files import read_regular
from ..audit.minimisation import Minimisation, minimisation
from ..audit.reconcile import Gap
from ..audit.verify import VerifiedLog
from ..errors import InputError
from ..registry.flags import Flag, flags
from ..registry.records import Registry
from .acts import Act, acts
from .evidence import Framework
from .experiments import Event, Experiment, find_experiment
from .history import PersonColumn, person_columns
from .purposes import StatedPurpose, stated_purposes
from .shown import ShownColumn, shown_columns

__all__ = ["Context", "NotebookFile", "SecondRecord", "gather"]

_LARGEST_NOTEBOOK = 1 << 30
_OF_THE_SESSION = frozenset({"guard.load", "guard.unload", "guard.changed", "class.change"})
_OF_THE_SESSIONS_WORK = frozenset("alert quality.check model.review model.predict run.start run.end".split())
"""These belong to the experiment's sessions unless they name another experiment."""
_OF_THE_DEPLOYMENT = frozenset(
    "key.create key.unlock key.rotate key.destroy bearer.issue bearer.revoke policy.change "
    "archive endpoint.use scan checklist model.record model.request model.approve model.deny model.alias".split()
)


@dataclass(frozen=True, slots=True)
class NotebookFile:
    """The notebook file that was handed in beside the log; nothing of its content is kept."""

    name: str
    sha256: str
    cells: int


@dataclass(frozen=True, slots=True)
class SecondRecord:
    """The Jupyter server's own log, held against that of the kernels."""

    size: int = 0
    """Its events."""
    gaps: tuple[Gap, ...] = ()
    hidden: int = 0
    """Gaps that whoever makes the report may not read."""
    accounts: tuple[str, str] = ("", "")
    """Who wrote the kernels' log, and who the server's."""
    is_readable: bool = True
    """Whether whoever makes the report may read it at all."""


@dataclass(frozen=True)
class Context:
    """One experiment, the events that bear on it, and the proof they come with."""

    experiment: Experiment
    log: VerifiedLog
    now: datetime
    notebook: NotebookFile | None
    events: tuple[Event, ...]
    """The experiment's own events, those of its sessions and of the deployment, by ``seq``."""
    anchors: tuple[str, ...] = ()
    """Where somebody else keeps checkpoints of the log; it has been held against them."""
    second: SecondRecord | None = None
    """The server's log, which has been verified; None where no server has written one."""
    frameworks: tuple[Framework, ...] = ()
    """The packs of controls that the report speaks of."""

    @cached_property
    def acts(self) -> list[Act]:
        """Acts by special rights, of the experiment and of none: whoever names none is watched too."""
        name = self.experiment.name
        return acts(event for event in self.log.events if event.get("experiment") in (None, "", name))

    @cached_property
    def registry(self) -> Registry:
        """The models of the deployment, whoever's sessions tell of them."""
        return Registry.of(self.log.events, self.log.vkey)

    @cached_property
    def model_flags(self) -> list[Flag]:
        """What of models somebody should look at."""
        return flags(self.registry, self.now)

    @cached_property
    def weighed(self) -> list[Event]:
        """Every event of the experiment and its deployment, by ``seq``: what can be evidence."""
        seqs = {act.seq for act in self.acts} | {event["seq"] for event in self.events}
        return [event for event in self.log.events if event["seq"] in seqs]

    @cached_property
    def listed(self) -> list[Event]:
        """Every event that something in the report may link to, by ``seq``: also what is said of models elsewhere."""
        seqs = {event["seq"] for event in self.weighed}
        for model in self.registry.models.values():
            if not model.is_managed and not model.moves:
                continue
            for version in model.versions.values():
                seqs |= {event["seq"] for event in self.registry.newest_reviews(model, version)}
                seqs |= {one.review for one in version.approvals if one.review is not None and one.asked_seq}
                seqs |= {seq for one in version.deployments.values() for seq in (one.first[0], one.last[0])}
            seqs |= {event["seq"] for event in model.alerts}
        return [event for event in self.log.events if event["seq"] in seqs]

    def of(self, *actions: str) -> list[Event]:
        """The events with one of these actions, by ``seq``."""
        if len(actions) == 1:
            return list(self._by_action.get(actions[0], ()))
        return [event for event in self.events if event["action"] in actions]

    @cached_property
    def _by_action(self) -> dict[str, list[Event]]:
        found: dict[str, list[Event]] = {}
        for event in self.events:
            found.setdefault(event["action"], []).append(event)
        return found

    @cached_property
    def own(self) -> list[Event]:
        """The events that name the experiment."""
        return [event for event in self.events if event.get("experiment") == self.experiment.name]

    @cached_property
    def runs(self) -> list[Event]:
        """The cells of the experiment that ended, however they ended."""
        return self.of("cell.run")

    @cached_property
    def loads(self) -> list[Event]:
        """The loads of tables that were not refused."""
        return [event for event in self.of("data.load") if event["outcome"] != "refused" and event.get("dataset")]

    @cached_property
    def let_go(self) -> dict[str, list[Event]]:
        """By name the data sets that cells read, and of which no load tells what they hold; with those cells.

        So it is with a table that is gone when its cell ends, and of which no part was kept.
        """
        known = {event["dataset"]["name"] for event in self.loads}
        found: dict[str, list[Event]] = {}
        for event in self.runs:
            for dataset in event.get("datasets") or ():
                if "loaded" in (dataset.get("how") or ()) and dataset.get("name") not in known:
                    found.setdefault(str(dataset.get("name")), []).append(event)
        return found

    @cached_property
    def unfinished(self) -> list[Event]:
        """The cells that began and have no end in the log: running now, or not yet known to be lost."""
        ended = {event.get("run") for event in self.runs}
        return [event for event in self.of("cell.start") if event.get("run") not in ended]

    @cached_property
    def shown(self) -> list[ShownColumn]:
        """Which columns the cells showed, and under which mask."""
        return shown_columns(self.runs)

    @cached_property
    def accesses(self) -> list[PersonColumn]:
        """Who saw or used which column."""
        return person_columns(self.events)

    @cached_property
    def unused(self) -> list[Minimisation]:
        """Which columns were loaded and never used."""
        return minimisation(self.log.events, self.experiment.name)

    @cached_property
    def purposes(self) -> list[StatedPurpose]:
        """What the cells were run for."""
        return stated_purposes(self.runs, self.policies)

    @cached_property
    def policies(self) -> list[Event]:
        """What told of a policy: the loads of the guard and the changes, by ``seq``."""
        return [event for event in self.of("guard.load", "policy.change") if event.get("policy")]

    @cached_property
    def elsewhere(self) -> list[Event]:
        """Cells of the same sessions that name another experiment or none; the report does not tell of them."""
        sessions = {event["session"] for event in self.runs}
        ended = (event for event in self.log.events if event["action"] == "cell.run" and event["session"] in sessions)
        return [event for event in ended if event.get("experiment") != self.experiment.name]

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """What the server's log and the kernels' do not tell alike, in the kernels of this experiment."""
        kernels = {str(event["kernel"]) for event in self.own if event.get("kernel")}
        found = self.second.gaps if self.second is not None else ()
        return tuple(gap for gap in found if gap.kernel is None or gap.kernel in kernels)

    @cached_property
    def _listed_seqs(self) -> frozenset[int]:
        return frozenset(event["seq"] for event in self.listed)

    def linked(self, seqs: Iterable[int | None]) -> list[int]:
        """Those of ``seqs`` that the report lists, so that a link to them leads somewhere."""
        return [seq for seq in seqs if seq is not None and seq in self._listed_seqs]


def gather(
    experiment: str,
    log: VerifiedLog,
    *,
    notebook: Path | None,
    now: datetime,
    anchors: tuple[str, ...] = (),
    second: SecondRecord | None = None,
    frameworks: tuple[Framework, ...] | None = None,
) -> Context:
    """The context of ``experiment``; InputError if the log has none, or the file is no notebook.

    ``frameworks`` are the packs of controls; without them, all that are built in.
    """
    from .packs import built_in

    found = find_experiment(log.events, experiment)
    own = [event for event in log.events if event.get("experiment") == experiment]
    return Context(
        experiment=found,
        log=log,
        now=now,
        notebook=_notebook_file(notebook) if notebook else None,
        events=tuple(_bearing(log.events, own, experiment)),
        anchors=anchors,
        second=second,
        frameworks=built_in() if frameworks is None else frameworks,
    )


def _bearing(events: Iterable[Event], own: Sequence[Event], experiment: str) -> Iterable[Event]:
    sessions = {event["session"] for event in own if event["action"] != "report.export"}
    # Data may have been loaded before the notebook named its experiment; it counts if it was used.
    used = {
        (event["session"], dataset["name"])
        for event in own
        if event["action"] == "cell.run"
        for dataset in event.get("datasets") or ()
    }
    began = own[0]["seq"]
    for event in events:
        action, session = event["action"], event["session"]
        if (
            event.get("experiment") == experiment
            or action in _OF_THE_DEPLOYMENT
            or (action == "log.read" and event["seq"] > began)
            or (action in _OF_THE_SESSION and session in sessions)
            or (action in _OF_THE_SESSIONS_WORK and session in sessions and not event.get("experiment"))
            or (action == "data.load" and not event.get("experiment") and (session, event["dataset"]["name"]) in used)
        ):
            yield event


def _notebook_file(path: Path) -> NotebookFile:
    try:
        data = read_regular(path, _LARGEST_NOTEBOOK)
    except OSError as error:
        raise InputError(f"privguard: {path}: the notebook cannot be read ({error.strerror}).") from None
    try:
        cells = json.loads(data)["cells"]
        if not isinstance(cells, list):
            raise TypeError
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InputError(f"privguard: {path}: this is not a notebook of format 4; name an .ipynb file.") from None
    return NotebookFile(name=path.name, sha256=hashlib.sha256(data).hexdigest(), cells=len(cells))
