"""What a policy says, as frozen values. No file is read and nothing is decided here."""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from ..model import ENTITIES, DataClass, Operator, Pattern, Tier, class_of

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "DEFAULT_SMALLEST_GROUP",
    "STRICTNESS",
    "DatasetRule",
    "DomainColumn",
    "Policy",
    "Purpose",
    "Role",
    "Rule",
]

DEFAULT_SMALLEST_GROUP = 5

STRICTNESS: Mapping[Operator, int] = {
    operator: place
    for place, operator in enumerate(
        (
            Operator.CLEAR,
            Operator.ROUND,
            Operator.SHIFT,
            Operator.GENERALISE,
            Operator.PARTIAL,
            Operator.FPE,
            Operator.ENCRYPT,
            Operator.SURROGATE,
            Operator.TOKEN,
            Operator.REDACT,
        )
    )
}
"""How much each operator hides; a larger number hides more.

``shift``: one known date of a person undoes it for all of that person's dates, and intervals and
the time of day are the true ones, so it hides less than a year alone. ``fpe``: all that ``encrypt``
keeps, and length, form and the smaller choice of texts show too. ``surrogate``: no key opens it,
but one that is realistic tells what kind of value it stands for and, of a phone, where from.
"""


class Role(NamedTuple):
    """What the people who have this role may ask for."""

    tiers: frozenset[Tier]
    reveal: bool = False
    reason_required: bool = True
    """Whether tier compliance asks for a reason; it does unless the policy says ``optional``."""
    classify: bool = False
    log: str = "own"
    """``own`` or ``all``: whose events may be read."""
    approve: bool = False
    """Whether requests of others for the role's own tiers may be answered; as ``reveal`` unless the policy says."""


class Rule(NamedTuple):
    """One operator a tier for some entities or for some classes; tiers it leaves out are not its business."""

    name: str
    operators: Mapping[Tier, Operator]
    entities: frozenset[str] = frozenset()
    classes: frozenset[DataClass] = frozenset()
    source: str | None = None
    """What asks for it: a law, a standard, a decision of the house."""


class DatasetRule(NamedTuple):
    """What holds for the data sets whose name or source matches a glob."""

    glob: str
    columns: Mapping[str, str]
    """Entities by column label."""
    environment: str | None = None
    """The one environment in which they may be used; None: any."""


class Purpose(NamedTuple):
    """What data may be used for."""

    basis: str | None = None
    """The lawful basis, such as ``legitimate-interest``."""
    datasets: tuple[str, ...] = ()
    """Globs of the data sets it is for, by name or source; empty: all."""
    expires: date | None = None
    """Its last day, UTC."""


class DomainColumn(NamedTuple):
    """One column of the data sets whose name or source matches a glob."""

    glob: str
    column: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy in force: a file's, the built-in one, or several of which the strictest counts.

    The fields speak for the first of its layers; ``also`` holds the policies that tighten it.
    """

    source: str
    """Path of the file, or ``built-in``."""
    sha256: str
    """Hex digest of the file's bytes; of several policies, of their digests, one a line."""
    environment: str | None = None
    """What the data is used for here; of several layers `place` tells what counts."""
    principals: Mapping[str, tuple[str, ...]] | None = None
    """Role names by principal; None when the policy does not speak of principals."""
    roles: Mapping[str, Role] = field(default_factory=dict)
    datasets: tuple[DatasetRule, ...] = ()
    rules: tuple[Rule, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    domains: Mapping[str, tuple[DomainColumn, ...]] = field(default_factory=dict)
    """By name the columns that share one key, so that their equal values have equal handles."""
    hierarchies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By column label or entity the coarser text of a value."""
    surrogates: str = "made-up"
    """``made-up`` by key, or ``random`` and kept in a sealed table."""
    purposes: Mapping[str, Purpose] | None = None
    """By name; None when the policy does not speak of purposes: then any text is one."""
    smallest_group: int = DEFAULT_SMALLEST_GROUP
    """``k``: the fewest rows whose aggregates stay exact."""
    two_person: bool = False
    """Whether an approval takes two people beside the one who asks."""
    approvals_folder: str | None = None
    """Where requests and answers are exchanged between accounts."""
    models: str | None = None
    """``refuse`` to let an alias of a model move to what nobody else has approved, or ``flag`` it; None: by `place`."""
    files: str = "record"
    """``record`` what the code writes to files, or ``refuse`` what is sensitive in it."""
    save: str = "redact"
    """What a saved notebook keeps of outputs that are sensitive: ``redact``, ``refuse`` the saving, or ``record``."""
    store: str | None = None
    """The address of a team's store that gets the log too."""
    retain_days: int | None = None
    """How long the log is kept, in days."""
    endpoints: tuple[str, ...] | None = None
    """Hosts that may be reached, as globs; None when the policy does not speak of them."""
    allows_http: bool = False
    """Whether they may be reached by plain http."""
    anchor: str | None = None
    """A file of somebody else's that keeps checkpoints of the log."""
    is_pack: bool = False
    """Whether it only says how values are masked, and grants nothing."""
    author_is_self: bool = True
    """Whether the session's own user could have written the grants."""
    file: str | None = None
    """Of a policy that was tightened, its own source."""
    also: tuple[Policy, ...] = ()

    @property
    def k(self) -> int:
        """The fewest rows whose aggregates stay exact: of several layers the largest counts."""
        return max(layer.smallest_group for layer in self.layers if not layer.is_pack or layer is self)

    @property
    def place(self) -> str | None:
        """The environment that counts: that of the first layer which names one."""
        return next((layer.environment for layer in self.layers if layer.environment is not None), None)

    @property
    def needs_two_people(self) -> bool:
        """Whether any layer wants two people to approve."""
        return any(layer.two_person for layer in self.layers)

    @property
    def refuses_unapproved_models(self) -> bool:
        """Whether an alias of a model may move to approved versions only: as any layer says, and in ``prod``.

        The first layer can say otherwise for ``prod``, and no other one.
        """
        return any(layer.models == "refuse" for layer in self.layers) or (self.place == "prod" and self.models is None)

    @property
    def refuses_files(self) -> bool:
        """Whether any layer refuses to let sensitive columns be written to files."""
        return any(layer.files == "refuse" for layer in self.layers)

    @property
    def on_save(self) -> str:
        """What is done with sensitive outputs of a notebook that is saved: of several layers the strictest counts."""
        said = [layer.save for layer in self.layers if not layer.is_pack or layer is self]
        return next(how for how in ("refuse", "redact", "record") if how in said)

    @property
    def team_store(self) -> str | None:
        """The team's store that gets the log: that of the first layer which names one."""
        return next((layer.store for layer in self.layers if layer.store is not None), None)

    @property
    def longest_retain_days(self) -> int | None:
        """How long the log is kept, in days: of several layers the longest term counts; None where none has one."""
        return max((layer.retain_days for layer in self.layers if layer.retain_days is not None), default=None)

    @property
    def anchors(self) -> tuple[str, ...]:
        """The files of every layer that keep checkpoints of the log."""
        return tuple(dict.fromkeys(layer.anchor for layer in self.layers if layer.anchor is not None))

    def may_reach(self, host: str, *, by_http: bool = False) -> bool:
        """Whether ``host`` may be reached: the first layer must name it, and each other that names any."""
        first, *others = self.layers
        named = [first, *(layer for layer in others if layer.endpoints is not None)]
        return all(
            any(fnmatch.fnmatchcase(host.lower(), glob.lower()) for glob in layer.endpoints or ())
            and (layer.allows_http or not by_http)
            for layer in named
        )

    @property
    def own_source(self) -> str:
        """Where this layer alone comes from."""
        return self.file or self.source

    @property
    def layers(self) -> tuple[Policy, ...]:
        """Every policy that has a say, the administrator's first."""
        return (self, *self.also)

    @property
    def all_patterns(self) -> tuple[Pattern, ...]:
        """The patterns of every layer, the administrator's first."""
        classes = self.classes
        return tuple(
            pattern._replace(data_class=class_of(pattern.entity, classes), raises_only=place > 0)
            for place, layer in enumerate(self.layers)
            for pattern in layer.patterns
        )

    @property
    def classes(self) -> dict[str, DataClass]:
        """The class of each entity that patterns add; of two layers that differ the first counts."""
        return {
            pattern.entity: pattern.data_class
            for layer in reversed(self.layers)
            for pattern in layer.patterns
            if pattern.entity not in ENTITIES
        }

    @property
    def draws_surrogates(self) -> bool:
        """Whether any layer wants surrogates that are drawn, not computed."""
        return any(layer.surrogates == "random" for layer in self.layers)

    def tightened(self, by: Policy) -> Policy:
        """The policy in which ``by`` has a say too: what one refuses is refused, what one hides is hidden.

        A layer that says the same as one that is there already is none of its own.
        """
        digests = "\n".join((self.sha256, by.sha256))
        own = [layer._alone for layer in self.layers]
        also = (*self.also, *(layer for layer in by.layers if layer._alone not in own))
        return replace(
            self,
            source=" + ".join((self.own_source, *(layer.own_source for layer in also))),
            file=self.own_source,
            sha256=hashlib.sha256(digests.encode()).hexdigest(),
            also=also,
        )

    @property
    def _alone(self) -> Policy:
        """What this layer says, by itself."""
        return replace(self, source=self.own_source, file=None, sha256="", also=())
