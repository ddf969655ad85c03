"""A report tells which models that keep rows of persons a cell has written."""

from __future__ import annotations

from datetime import datetime

from jupyter_privguard.report.concerns import concerns
from jupyter_privguard.report.context import gather
from jupyter_privguard.report.sections.cells import SECTION
from jupyter_privguard.report.sections.model import SECTION as MODEL
from tests.unit.report.conftest import Story

KEPT = {"where": "KNeighborsClassifier._fit_X", "rows": 1200, "entities": ["CUSTOMER_ID"]}


def test_rows_that_left_with_a_model_are_told(story: Story, now: datetime) -> None:
    story.begin()
    story.cell(sinks=[{"kind": "file", "target": "m.pkl", "bytes": 9, "stored": [KEPT], "partly_read": True}])
    story.cell(sinks=[{"kind": "file", "target": "far.pkl", "bytes": 9, "stored": [{**KEPT, "entities": []}]}])
    context = gather("exp-1", story.verified(), notebook=None, now=now)

    said = str(list(SECTION.build(context)))
    (concern,) = [one for one in concerns(context) if "keep rows" in one.says]

    assert "KNeighborsClassifier._fit_X keeps 1,200 rows of training data with CUSTOMER_ID; not read to its end" in said
    assert "KNeighborsClassifier._fit_X keeps 1,200 rows of training data'" in said
    assert "in 1 cell." in concern.says and len(concern.seqs) == 1


def test_what_a_reviewed_model_keeps_stands_beside_its_fields(story: Story, now: datetime) -> None:
    stored = [{"where": "SVC.support_vectors_", "rows": 9, "columns": 2, "entity": "CUSTOMER_ID", "verdict": "block"}]
    story.add("model.review", experiment="exp-1", model="churn", blocked=True, tier="public", fields=[], stored=stored)

    said = str(list(MODEL.build(gather("exp-1", story.verified(), notebook=None, now=now))))

    assert "SVC.support_vectors_" in said and "CUSTOMER_ID" in said
