"""The whole job once: data, a guarded notebook in a real kernel, a verified log, one HTML file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from .. import runtime
from .._files import write_atomically
from ..audit.verify import verify
from ..errors import InputError, LogUnavailable
from ..frames import read_table
from ..guard.columns.datasets import name_of_source
from ..model import Tier
from ..report.build import signed_page
from ..report.context import gather
from ..report.experiments import experiments
from ..report.export import export
from ..settings import Home
from .data import write_demo_data
from .kernel import execute
from .leaks import check_notebook

__all__ = ["DemoResult", "demo_home", "run_demo"]

_STORY = "01-churn-output.ipynb"
_YOUR_DATA = "00-your-data.ipynb"
_SEED = 7


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What one run of the demo did, and where its files are."""

    columns: int
    """Columns of the data; what the notebook made of it is not counted."""
    classified: Mapping[str, int]
    """Class to number of columns."""
    masked: Mapping[str, int]
    """Entity to number of values."""
    events: int
    report: Path
    notebook: Path
    data: Sequence[Path]
    home: Path


def demo_home(output: Path) -> Home:
    """PRIVGUARD_HOME where it is set, else a home of the demo's own below ``output``."""
    return Home.named() or Home(output.absolute() / "home")


def run_demo(
    output: Path,
    *,
    data: Path | None,
    rows: int,
    say: Callable[[str], object],
) -> DemoResult:
    """Run the churn story on ``rows`` generated customers, or the general notebook on ``data``.

    ``say`` gets a line of talk. Raises InputError for unusable data or folders, CellFailedError or
    LeakError when the notebook goes wrong, LogError when the log is damaged; no report and no
    notebook are written then.
    """
    policy = runtime.policy()
    if data is not None:
        read_table(str(data))  # said now, in one sentence, and not from inside the kernel
    home = demo_home(output)
    tables = [data.absolute()] if data is not None else _generated(output, rows)
    _folder(output)
    before = _size(home)
    name = _STORY if data is None else _YOUR_DATA
    notebook = _read(_notebook(name), tables[0] if data is not None else None)
    experiment = notebook.metadata["privguard"]["experiment"]
    if data is not None:  # another file is another experiment: its report tells of nothing else
        experiment = _renamed(notebook, experiment, _free_name(experiment, home))

    say(f"privguard: running {name} ({len(notebook.cells)} cells) in a guarded kernel…")
    execute(notebook, name=name, folder=output, home=home.root)

    log = verify(runtime.log_reader(home))
    events = [event for event in log.events if event["seq"] > before]
    ring, _ = runtime.keyring(home, create=False)
    check_notebook(notebook, tables, tiers=_tiers(events), policy=policy, keyring=ring)

    executed = output / name
    write_atomically(executed, _bytes(notebook))
    report = output / "compliance.html"
    page = signed_page(gather(experiment, log, notebook=executed, now=datetime.now(UTC)), ring)

    def note(sha256: str) -> None:
        runtime.record("report.export", policy, at=home, experiment=experiment, path=report.name, sha256=sha256)

    export(page, report, note)
    return _result(events, report=report, notebook=executed, data=tables, home=home.root)


def _generated(output: Path, rows: int) -> list[Path]:
    _folder(output / "data")
    write_demo_data(output / "data", seed=_SEED, rows=rows)
    return sorted((output / "data").glob("*.csv"))


def _folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = f"the folder cannot be made ({error.strerror}); name another one by -o"
        raise InputError(f"privguard: {path}: {why}.") from None


def _size(home: Home) -> int:
    """Records in the log before the run; 0 when there is none yet."""
    try:
        return runtime.log_reader(home).size
    except LogUnavailable:
        return 0


def _notebook(name: str) -> Path:
    """The copy inside the package, else the one of a source tree."""
    inside = Path(__file__).parent / "notebooks" / name
    return inside if inside.exists() else Path(__file__).parents[2] / "notebooks" / name


def _read(path: Path, table: Path | None) -> Any:
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if table is not None and "parameters" in cell.metadata.get("tags", ()):
            cell.source = f"FILE = {str(table)!r}"
    return notebook


def _free_name(base: str, home: Home) -> str:
    """``base``, or ``base-2`` and so on if the log tells of it already."""
    try:
        taken = {found.name for found in experiments(runtime.log_reader(home).events())}
    except LogUnavailable:
        return base
    names = chain([base], (f"{base}-{n}" for n in count(2)))
    return next(name for name in names if name not in taken)


def _renamed(notebook: Any, old: str, new: str) -> str:
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new)
    notebook.metadata["privguard"]["experiment"] = new
    return new


def _bytes(notebook: Any) -> bytes:
    import nbformat

    return f"{nbformat.writes(notebook)}\n".encode()


def _tiers(events: Sequence[Mapping[str, Any]]) -> dict[int, Tier]:
    return {
        event["cell"]["execution_count"]: Tier.parse(event["tier"])
        for event in events
        if event["action"] == "cell.run" and event["outcome"] != "refused"
    }


def _result(
    events: Sequence[Mapping[str, Any]], *, report: Path, notebook: Path, data: Sequence[Path], home: Path
) -> DemoResult:
    names = {name_of_source(str(table)) for table in data}
    columns = {
        (event["dataset"]["name"], column["label"]): column["class"]
        for event in events
        if event["action"] == "data.load" and event["dataset"]["name"] in names
        for column in event["dataset"]["columns"]
    }
    masked = Counter[str]()
    for event in events:
        if isinstance(told := event.get("masked"), Mapping):  # of a prediction it is how many fields
            masked.update(told)
    return DemoResult(
        columns=len(columns),
        classified=Counter(found for found in columns.values() if found != "none"),
        masked=masked,
        events=len(events),
        report=report,
        notebook=notebook,
        data=data,
        home=home,
    )
