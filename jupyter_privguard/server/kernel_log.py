"""What the kernels' log says of the cells that run now: whether the guard saw them, and what they may show.

Read in threads only. A kernel's log is written by the kernel's user, so it may lift what the server alone would
withhold, and never more than the policy gives at a tier.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from .. import runtime
from .._json import as_mapping, as_text
from ..errors import PrivguardError
from ..model import TIER_LABELS, Operator, Principal, Request, Tier, class_of
from ..policy.decide import decide
from ..policy.masks import operator_for
from ..policy.rules import Policy
from ..settings import Home

__all__ = ["KernelLog"]

_T = TypeVar("_T")

_KEPT_MESSAGES = 5000
_KEPT_CELLS = 20_000
_KEPT_FILES = 5000
_REVEALED_FOR = timedelta(seconds=60)
_LOOKS_REAL = frozenset({Operator.CLEAR, Operator.FPE, Operator.SURROGATE, Operator.SHIFT, Operator.ROUND})
"""What the guard may have written itself, although it has the form of a value."""


class _Asked(NamedTuple):
    """What a cell asked for, and what that rests on."""

    tier: str
    person: str
    purpose: str | None
    is_approved: bool

    def granted(self, policy: Policy, groups: tuple[str, ...]) -> Tier:
        """The tier of the cell's outputs. One that was refused shows no more than `public`, whatever its start asks."""
        tier = Tier.parse(self.tier)
        who = Principal(self.person, groups=groups)
        asked = Request(who, "run", tier, purpose=self.purpose, reason="as the log says", at=datetime.now(UTC))
        return tier if self.is_approved or decide(asked, policy).allowed else Tier.PUBLIC


@dataclass(slots=True)
class _Kernel:
    is_loaded: bool = False
    """Whether its guard was ever on."""
    newest: str | None = None
    """The message of the cell that began last."""
    unloaded_by: str | None = None
    """That of the cell in which the guard was taken out: those before it ended under it, none after it began."""
    lowered: set[str] = field(default_factory=set)
    """Entities of columns that somebody said to be nothing sensitive."""
    revealed: datetime | None = None
    """When a record was last looked up by grant."""
    cells: OrderedDict[str, _Asked] = field(default_factory=OrderedDict)
    """By message."""


class KernelLog:
    """Follows the log; thread-safe. Where it cannot be read, no cell counts as guarded."""

    def __init__(self, at: Home, groups_of: Callable[[str, str], tuple[str, ...]] | None = None) -> None:
        """``groups_of`` a kernel's person is what the server itself knows, without which nobody is in a group."""
        self._at = at
        self._groups_of = groups_of
        self._lock = threading.Lock()
        self._last = 0
        self._kernels: dict[str, _Kernel] = {}
        self._cells: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._files: OrderedDict[str, frozenset[str]] = OrderedDict()

    def withheld(self, entities: Iterable[str], *, kernel: str, message: str, policy: Policy) -> frozenset[str]:
        """Those of ``entities`` that the cell which ``message`` asked for may not show."""
        with self._lock:
            self._follow()
            state = self._kernels.get(kernel)
            cell = state.cells.get(message) if state is not None else None
            if state is None or cell is None or not state.is_loaded or message == state.unloaded_by:
                return _unguarded(entities, policy)
            if state.revealed is not None and datetime.now(UTC) - state.revealed < _REVEALED_FOR:
                return frozenset()
            groups = self._groups_of(kernel, cell.person) if self._groups_of is not None else ()
            return _guarded(entities, cell.granted(policy, groups), policy) - state.lowered

    def withheld_in_file(
        self, entities: Iterable[str], notebook: str, cell_id: str | None, number: int | None, *, policy: Policy
    ) -> frozenset[str]:
        """Those of ``entities`` that the saved outputs of a notebook's cell may not show."""
        with self._lock:
            self._follow()
            found = self._cell(notebook, cell_id, number)
            if found is None:
                return _unguarded(entities, policy)
            state = self._kernels.get(found[1])
            return _guarded(entities, Tier.PUBLIC, policy) - (state.lowered if state is not None else set())

    def clear_tiers(self) -> dict[str, frozenset[str]]:
        """The tiers that show all columns of a file in the clear, by the name of each file that a cell has read."""
        with self._lock:
            self._follow()
            return dict(self._files)

    def tier_of_message(self, kernel: str, message: str) -> str | None:
        """The tier of the cell that ``message`` asked for; None where the log does not know it."""
        with self._lock:
            self._follow()
            state = self._kernels.get(kernel)
            cell = state.cells.get(message) if state is not None else None
            return cell.tier if cell is not None else None

    def tier_of_cell(self, notebook: str, cell_id: str | None, number: int | None) -> str | None:
        """The tier at which a notebook's cell last ran; None where the log does not know it.

        ``number`` is its execution count, which counts where the log has no cell of this id.
        """
        with self._lock:
            self._follow()
            found = self._cell(notebook, cell_id, number)
            return found[0] if found is not None else None

    def _cell(self, notebook: str, cell_id: str | None, number: int | None) -> tuple[str, str] | None:
        """Tier and kernel of a notebook's cell."""
        found = self._cells.get(cell_id) if cell_id is not None else None
        return found or self._cells.get(f"{notebook}:{number}")

    def _follow(self) -> None:
        try:
            reader = runtime.log_reader(self._at)
            if reader.size < self._last:
                raise PrivguardError("privguard: the log was replaced.")
            for event in reader.events(after=self._last):
                self._take(event)
        except (PrivguardError, OSError):
            self._last = 0
            self._kernels.clear()

    def _take(self, event: Mapping[str, Any]) -> None:
        self._last = max(self._last, event.get("seq") or 0)
        kernel, action, cell = event.get("kernel"), event.get("action"), event.get("cell")
        if not isinstance(kernel, str):
            return
        state = self._kernels.setdefault(kernel, _Kernel())
        if action == "guard.load":
            self._kernels[kernel] = _Kernel(is_loaded=True)
        elif action == "guard.unload":
            state.unloaded_by = state.newest
        elif action == "reveal" and event.get("outcome") == "ok":
            state.revealed = _time(event.get("time"))
        elif action == "class.change" and event.get("direction") == "lower" and event.get("outcome") == "ok":
            state.lowered.add(str(event.get("before")))
        elif action == "data.load" and event.get("outcome") == "ok":
            _note_file(self._files, event.get("dataset"))
        elif action == "cell.start" and isinstance(cell, Mapping):
            tier = event.get("tier")
            tier = tier if isinstance(tier, str) and tier in TIER_LABELS else Tier.PUBLIC.label
            purpose = event.get("purpose")
            person = as_text(as_mapping(event.get("principal")).get("id"))
            purpose = purpose if isinstance(purpose, str) else None
            asked = _Asked(tier, person, purpose, bool(event.get("approval")))
            _remember(state.cells, cell.get("message"), asked, _KEPT_MESSAGES)
            state.newest = message if isinstance(message := cell.get("message"), str) else None
            place = cell.get("id") or f"{event.get('notebook')}:{cell.get('execution_count')}"
            _remember(self._cells, place, (tier, kernel), _KEPT_CELLS)


def _note_file(files: OrderedDict[str, frozenset[str]], dataset: object) -> None:
    about = as_mapping(dataset)
    source, columns = about.get("source"), about.get("columns")
    if not isinstance(source, str) or not isinstance(columns, list):
        return
    actions = [column.get("action") for column in columns if isinstance(column, Mapping)]
    clear = frozenset(
        tier for tier in TIER_LABELS if all(isinstance(one, Mapping) and one.get(tier) == "clear" for one in actions)
    )
    _remember(files, source.replace("\\", "/").rpartition("/")[2], clear, _KEPT_FILES)


def _remember(into: OrderedDict[str, _T], key: object, value: _T, most: int) -> None:
    if isinstance(key, str):
        into.pop(key, None)
        into[key] = value
        while len(into) > most:
            into.popitem(last=False)


def _unguarded(entities: Iterable[str], policy: Policy) -> frozenset[str]:
    return frozenset(e for e in entities if _operator(e, Tier.PUBLIC, policy) is not Operator.CLEAR)


def _guarded(entities: Iterable[str], tier: Tier, policy: Policy) -> frozenset[str]:
    return frozenset(e for e in entities if _operator(e, tier, policy) not in _LOOKS_REAL)


def _operator(entity: str, tier: Tier, policy: Policy) -> Operator:
    return operator_for(entity, class_of(entity, policy.classes), tier, policy)[0]


def _time(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
