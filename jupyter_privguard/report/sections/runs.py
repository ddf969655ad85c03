"""Runs of experiment tracking: what each used and came to, what was kept back, what was reproduced."""

from __future__ import annotations

from ...tracking.diff import Diff, reproductions
from ...tracking.runs import DataSet, Run, runs_in
from ..blocks import Block, Cell, Paragraph, badge, code, events, lines, plain, proof, who
from ..context import Context
from ..section import Section
from ..tables import table
from ..words import claim, clock, listed, names, query

__all__ = ["SECTION"]

_MOST = 12


def _build(context: Context) -> list[Block]:
    return [*_runs(context), *_reproduced(context), *_telemetry(context)]


def _found(context: Context) -> list[Run]:
    own = {event["seq"] for event in context.of("run.start", "run.end")}
    return [run for run in runs_in(context.log.events) if own & set(run.seqs)]


def _runs(context: Context) -> list[Block]:
    found = _found(context)
    if not found:
        return [Paragraph(plain("No run was logged to a tracking store in this experiment."))]
    headings = ["Began (UTC)", "Account", "Run", "Data", "Parameters", "Algorithm", "Metrics", "Kept back", "Events"]
    rest = query(context.experiment.name, "--action", "run.end", "--format", "json")

    def row(run: Run) -> list[Cell]:
        return [
            plain(clock(run.began)),
            who(run.person),
            _called(run),
            lines(_data(one) for one in run.datasets[:_MOST]) or plain("none"),
            _named(run.params),
            lines(code(one) for one in run.algorithms) or plain("not told"),
            _named(run.metrics),
            _kept_back(run),
            events(context.linked((*run.seqs, *run.cells))),
        ]

    return table("Runs", headings, found, row, rest=rest)


def _called(run: Run) -> Cell:
    return lines(
        [
            (*code(run.name or "without a name"), *plain(" "), *badge(run.outcome)),
            proof(run.run_id) if run.run_id else plain("it never began"),
            (*plain("at "), *code(run.server)),
            *([plain(f"{run.failed} times something could not be sent")] if run.failed else []),
        ]
    )


def _data(one: DataSet) -> Cell:
    columns = (*plain(": "), *names(one.columns)) if one.columns else ()
    return (*code(one.name), *columns, *plain(" – "), *(proof(one.digest) if one.digest else plain("no digest")))


def _named(values: object) -> Cell:
    if not isinstance(values, dict) or not values:
        return plain("none")
    told = [(*code(name), *plain(" = "), *code(value)) for name, value in list(values.items())[:_MOST]]
    more = [plain(f"and {len(values) - _MOST:,} more")] if len(values) > _MOST else []
    return lines([*told, *more])


def _kept_back(run: Run) -> Cell:
    told = [plain(f"masked: {listed(run.cleaned)}")] if run.cleaned else []
    if run.refused:
        told.append((*plain("not sent: "), *names(run.refused)))
    return lines(told) or plain("nothing")


def _reproduced(context: Context) -> list[Block]:
    found = reproductions(_found(context))
    if not found:
        return []

    def row(diff: Diff) -> list[Cell]:
        return [
            proof(diff.b.run_id),
            proof(diff.a.run_id),
            badge(diff.verdict),
            plain(diff.reason),
            events(context.linked((*diff.a.seqs, *diff.b.seqs))),
        ]

    rest = query(context.experiment.name, "--action", "run.end")
    return table("Runs that were done again", ["Run", "As", "Outcome", "Why", "Events"], found, row, rest=rest)


def _telemetry(context: Context) -> list[Block]:
    loads = [event for event in context.of("guard.load") if isinstance(event.get("telemetry"), dict)]
    if not loads:
        return []
    late = [event for event in loads if event["telemetry"].get("late")]
    switches = dict.fromkeys(str(name) for event in loads for name in event["telemetry"].get("off") or ())
    sentence = (
        "MLflow's telemetry (config.mlflow-telemetry.io) was off: the guard set "
        f"{' and '.join(switches)} before MLflow could be imported."
    )
    warning = "MLflow had been imported before the guard was loaded, and may have reported its use until then."
    early = [event for event in loads if event not in late]
    return [
        *([Paragraph(claim(sentence, early))] if early else []),
        *([Paragraph(claim(warning, late), "warning")] if late else []),
    ]


SECTION = Section(order=43, id="runs", title="Runs", build=_build)
