"""Makes the compliance file that the panel downloads, and records that it was made."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .. import runtime

__all__ = ["export_report"]


def export_report(experiment: str, *, notebook: Path | None = None) -> dict[str, str]:
    """The compliance HTML of ``experiment`` as ``html``, with ``file_name`` and ``sha256``.

    The log is verified first. Raises LogError when it is damaged, InputError when it knows no such
    experiment, Refused when the policy does not let this account export; nothing is exported then.
    Blocks for seconds.
    """
    from ..report.export import file_name

    policy = runtime.policy()
    html = runtime.report_page(experiment, policy, notebook=notebook)
    sha256 = hashlib.sha256(html.encode()).hexdigest()
    name = file_name(experiment)
    runtime.record("report.export", policy, experiment=experiment, path=name, sha256=sha256)
    return {"experiment": experiment, "file_name": name, "sha256": sha256, "html": html}
