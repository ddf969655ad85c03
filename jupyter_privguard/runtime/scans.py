"""`privguard scan`: files looked at under this deployment's policy and key, and the event that it leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..errors import LogError, StateError
from ..frames import FrameView
from ..guard.columns.assess import Classification
from ..guard.columns.datasets import name_of_source
from ..keys.keyring import KeyRing
from ..policy.rules import Policy
from ..scanning.baseline import NOTHING, accepted_in, baseline_text
from ..scanning.findings import Finding, Scanned, counted
from ..scanning.judging import Digest, Judge
from ..scanning.sarif import sarif
from ..scanning.scanner import scan
from ..scanning.walking import files_under
from ..settings import Home
from .events import record
from .keys import existing_keyring, key_provider
from .place import home, policy, version
from .tables import assess

__all__ = ["Scan", "scan_files"]

_DOMAIN = "scan finding"
_LETTERS = 32


class Scan(NamedTuple):
    """What a scan found, file by file."""

    files: tuple[Scanned, ...]
    """Those with a finding, a problem or something that was taken out, and those that are not read."""
    looked_at: int
    key_id: str | None
    """Of the key of the fingerprints; None where there is none, and they tell places."""
    is_recorded: bool
    passed_over: int = 0
    """Pictures, sounds, fonts and programs, in archives too, without a text that could be read."""
    unrecorded: str = ""
    """Why the log could not take it, in a sentence; empty where it could, or where there are no keys."""

    @property
    def findings(self) -> list[Finding]:
        """All of them, in order of the files."""
        return [one for file in self.files for one in file.findings]

    @property
    def unread(self) -> int:
        """Files that could not be looked at, or not wholly."""
        return sum(file.is_unread for file in self.files)

    @property
    def damaged(self) -> int:
        """Those of them that are of a form which is read."""
        return sum(bool(file.problems) for file in self.files)

    @property
    def fixed(self) -> int:
        """Values that were taken out."""
        return sum(file.fixed for file in self.files)

    def baseline(self) -> str:
        """The text of a baseline that accepts what was found."""
        return baseline_text(self.findings, self.key_id)

    def sarif(self) -> dict[str, Any]:
        """As SARIF 2.1.0."""
        return sarif(self.files, version())


def scan_files(
    paths: Sequence[str],
    *,
    fix: bool,
    everything: bool,
    jobs: int,
    least: int,
    baseline: str | None,
    done: Callable[[float], None],
    accepts: bool = False,
) -> Scan:
    """Look through the files that ``paths`` name or hold; ``done`` hears the share that is done.

    With ``accepts`` the findings tell what a baseline of them needs.
    The log gets a ``scan`` event where there are keys; without them nothing is written, and fingerprints tell places.
    What was found does not hang on the log: where that cannot be written, `Scan.unrecorded` says why.
    InputError for a baseline that is not usable, KeyStoreError for keys that are not.
    """
    in_force, place = policy(), home()
    ring = existing_keyring(place, tighten=False) if key_provider(place).exists() else None
    accepted = accepted_in(baseline, ring.key_id if ring else None) if baseline is not None else NOTHING
    problems: list[Scanned] = []
    files = list(
        files_under(
            tuple(paths),
            everything=everything,
            problem=lambda path, reason: problems.append(Scanned(path, problems=(reason,))),
        )
    )
    judge = Judge(
        in_force,
        None if ring is None else _digest(ring),
        least,
        assess=_assess,
        by_value=accepts or baseline is not None,
    )
    scanned = scan(files, judge, fix=fix, jobs=jobs, done=done, accepted=accepted)
    told = tuple(one for one in [*problems, *scanned] if one.findings or one.is_unread or one.fixed)
    passed = sum(one.passed_over for one in scanned)
    found = Scan(told, len(files), ring.key_id if ring else None, ring is not None, passed)
    if ring is None:
        return found
    try:
        _record(found, len(paths), in_force, place, fix=fix, accepted=len(accepted))
    except (LogError, StateError) as error:
        return found._replace(is_recorded=False, unrecorded=str(error))
    return found


def _digest(ring: KeyRing) -> Digest:
    return lambda texts: [
        one.hex()[:_LETTERS] for one in ring.digest(_DOMAIN, [text.encode("utf-8", "surrogatepass") for text in texts])
    ]


def _assess(seen: FrameView, in_force: Policy, path: str | None) -> Classification:
    """As `privguard classify`: with what people said of the columns of a file."""
    return assess(seen, policy=in_force, dataset=None if path is None else name_of_source(path), source=path)


def _record(found: Scan, paths: int, in_force: Policy, place: Home, *, fix: bool, accepted: int) -> None:
    record(
        "scan",
        in_force,
        at=place,
        paths=paths,
        files=found.looked_at,
        findings=len(found.findings),
        entities=dict(sorted(counted(found.findings).items())),
        unread=found.unread,
        fixing=fix,
        fixed=found.fixed,
        accepted=accepted,
    )
