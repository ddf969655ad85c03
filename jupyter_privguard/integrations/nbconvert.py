"""``jupyter nbconvert --to privguard-report``: the compliance file of the experiment that a notebook is about.

Nothing of the notebook itself gets into the file: it is made from the verified log, as `privguard report` makes it.
Everybody who lists exporters imports this module, so it imports nothing heavy beside nbconvert.
"""

from __future__ import annotations

import hashlib
from typing import Any

from nbconvert.exporters import Exporter
from nbconvert.utils.exceptions import ConversionException
from traitlets import Unicode

from ..errors import InputError, PrivguardError

__all__ = ["ReportExporter"]


class ReportExporter(Exporter):  # type: ignore[misc]  # nbconvert has no types
    """The compliance file, signed; the export is an event."""

    export_from_notebook = None  # the panel has a button of its own; Lab's menu would offer it for every notebook
    file_extension = ".html"
    output_mimetype = "text/html"

    experiment = Unicode(help="The experiment; else the one that the notebook names, or that ran in it.").tag(
        config=True
    )

    def from_notebook_node(self, nb: Any, resources: Any = None, **_: Any) -> tuple[str, Any]:
        """The page and its resources. ConversionException, with one sentence, where there is no file to be made."""
        resources = self._init_resources(resources)
        name = str(resources["metadata"].get("name") or "")
        try:
            return self._page(nb, name), resources
        except PrivguardError as error:
            raise ConversionException(str(error)) from None

    def _page(self, nb: Any, name: str) -> str:
        from .. import runtime
        from ..report.executable import named_in

        policy, pinned, packs = runtime.policy(), None, list[str]()
        named = None if self.experiment else named_in(nb.get("metadata"))
        if named is not None:
            experiment, pin, packs = named
            pinned = runtime.Pin.told(**pin)
        else:
            experiment = self.experiment or _only_one(name)
        page = runtime.report_page(experiment, policy, pinned=pinned, packs=packs)
        ring, _ = runtime.keyring(runtime.home(), create=False)
        path = runtime.safe_text(f"{name}.html", policy, ring)
        sha256 = hashlib.sha256(page.encode()).hexdigest()
        runtime.record("report.export", policy, experiment=experiment, path=path, sha256=sha256)
        return page


def _only_one(name: str) -> str:
    """The experiment that ran in the notebook ``name``; InputError where there is none, or more than one."""
    from .. import runtime
    from ..report.experiments import experiments_in

    found = experiments_in(runtime.log_reader().events(), f"{name}.ipynb")
    if len(found) == 1:
        return found[0]
    what = "no experiment" if not found else "more than one experiment"
    raise InputError(
        f"privguard: {what} of the log ran in a notebook of this name; say which with --ReportExporter.experiment=NAME."
    )
