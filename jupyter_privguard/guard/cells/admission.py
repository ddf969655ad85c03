"""Whether a cell may run: decided before its start is written, and once more when its code is known."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ...errors import Refused
from ...model import Request
from ...policy.decide import decide
from .cell import CellOptions
from .sources import data_sets_of, restricts
from .usage import data_sets_used

if TYPE_CHECKING:
    from ...model import Decision, Tier, Used
    from ..policies.approved import Leave
    from ..session import Session
    from .cell import CellRun
    from .experiments import ClosedExperiments

__all__ = ["Admission"]


class Admission:
    """Asks the policy for ``session``, with what ``leave`` knows of approvals."""

    def __init__(self, session: Session, closed: ClosedExperiments, leave: Leave) -> None:
        self._session = session
        self._closed = closed
        self._leave = leave

    def problem_of_experiment(self, name: str) -> str:
        """Why no cell can belong to the experiment ``name``; empty if one can."""
        if self._session.safe(name) != name:
            return "privguard: the experiment's name looks like somebody's data; give it another one."
        if name in self._closed.names():
            return f"privguard: experiment {name} is closed, its record final; name another one."
        return ""

    def decide_tier(self, tier: Tier) -> Decision:
        """Whether cells of the whole notebook may have ``tier``, by roles."""
        options = CellOptions(tier, self._session.purpose, self._session.experiment)
        return decide(self._request("run", options), self._session.policy)

    def decide_purpose(self, purpose: str) -> Decision:
        """Whether cells may name ``purpose`` today."""
        return decide(self._request("run", CellOptions(purpose=purpose)), self._session.policy)

    def decide(self, run: CellRun) -> None:
        """Refuse ``run`` if its tier, purpose or experiment is; else it knows what it rests on."""
        name = run.options.experiment
        if name is not None and (problem := self.problem_of_experiment(name)):
            run.refused, run.rule = f"{problem} %privguard experiment NAME sets it for the notebook, --off ends it.", ""
            return
        self._apply(run, self._request("run", run.options))

    def decide_use(self, run: CellRun, cell: ast.AST) -> None:
        """Refuse ``run`` if a data set that its code ``cell`` shows to be used is refused."""
        knowledge, policy, options = self._session.knowledge, self._session.policy, run.options
        if run.minimised is not None and not run.refused and (problem := run.minimised.problem()):
            run.refused, run.rule = problem, "minimise"
        if run.refused or not restricts(policy, options.purpose):
            return
        used = data_sets_used(
            cell,
            policy,
            purpose=options.purpose,
            namespace=knowledge.names.namespace,
            source_of=knowledge.source_of,
        )
        if used:
            self._apply(run, self._request("run", options, used))

    def problem_of_part(self, run: CellRun, code: ast.AST) -> str:
        """Why ``code``, which the running cell compiles, must not run; empty if it may."""
        part = replace(run)
        self.decide_use(part, code)
        if part.refused:
            run.denied, run.rule = part.refused, part.rule
        return part.refused

    def check_reading(self, source: str) -> None:
        """Refused where the running cell may not use what is read from ``source``; it is noted in the run."""
        session = self._session
        run = session.run_of(None)
        purpose = run.options.purpose if run is not None else session.purpose
        if not source or not restricts(session.policy, purpose):
            return
        used = data_sets_of(source, session.policy)
        self.check(run, decide(self._request("read", CellOptions(purpose=purpose), used), session.policy))

    def check(self, run: CellRun | None, answer: Decision) -> None:
        """Refused where ``answer`` is no; what the cell ``run`` wanted to do is then noted in it."""
        if answer.allowed:
            return
        sentence = self._session.safe(answer.reason) or ""
        if run is not None:
            run.denied, run.rule = sentence, answer.rule
        raise Refused(sentence, answer.rule)

    def _apply(self, run: CellRun, request: Request) -> None:
        answer = self._leave.decided(request, self._session.policy, self._session.record)
        run.rule, run.approvals = answer.rule, answer.approvals
        run.asked = request if answer.approvals else None
        run.refused = "" if answer.allowed else self._session.safe(answer.reason) or ""

    def _request(self, action: str, options: CellOptions, used: Sequence[Used] = ()) -> Request:
        return Request(
            principal=self._session.principal,
            action=action,
            tier=options.tier,
            purpose=options.purpose,
            experiment=options.experiment,
            reason=options.reason,
            datasets=tuple(used),
            at=datetime.now(UTC),
        )
