"""Pictures and charts on their way to a screen or a file: a `plots.PlotWatcher` for one session."""

from __future__ import annotations

import base64
import os
import re
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import Any

from ..._later import later
from ...frames import view
from ...model import Decision
from ...plots import PlotMasker, drawing_for, is_marked, is_spec, masked_for
from ..cells.cell import CellRun
from ..session import Session
from ..texts.known_columns import KnownColumns
from ..texts.listed_values import ListedValues
from .persons import PersonPictures, digest_of
from .withheld import WithheldPictures

__all__ = ["Pictures"]

_KEPT = 100
_WITH_PICTURES = frozenset(
    "display_data execute_result update_display_data comm_open comm_msg execute_reply inspect_reply".split()
)
_KEPT_TABLES = 20
_LARGEST = 8 * 2**20
"""Bytes of a masked picture that is kept to stand in for another one."""
_PARTS = ("data", "filename", "url")
"""Where a picture of IPython may keep what it shows."""
_EMBEDDED = later(r"(?<=;base64,)[A-Za-z0-9+/=\s]{64,}")
_SVG = later(r"<svg\b.*?</svg>", re.DOTALL)
_LINES = later(rb"""\sd="([^"]*)"|href="([^"]*)"|<text[^>]*>([^<]*)<""")
_WITHHELD = "privguard: this picture shows what may not be seen here and is withheld; show the figure itself."
_OF_PERSON = "privguard: pictures of persons, and pictures with values drawn into them, are withheld at tier {tier}."
_BLANK = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
"""A grey point, in base64: stands in place of a withheld picture within a text."""


class Pictures:
    """Masks what is drawn. Threads may call it at the same time."""

    def __init__(self, session: Session, current: Callable[[], CellRun | None]) -> None:
        self._session = session
        self._current = current
        self._columns = KnownColumns(session.knowledge.names)
        self._persons = PersonPictures(session.knowledge)
        self.withheld_ones = WithheldPictures()
        """For whoever may look one up."""
        self._statistics: deque[Any] = deque(maxlen=_KEPT_TABLES)
        self._exchanged: OrderedDict[bytes, bytes] = OrderedDict()
        """By the digest of a picture the one to show instead; empty where there is none."""

    # --- plots.PlotWatcher ----------------------------------------------------------------------

    def masker(self) -> PlotMasker:
        """What the running cell may show."""
        return _Masker(self._session, self._columns, self._current())

    def charted(self, table: Any) -> None:
        """A chart is made of ``table``: one of statistics is kept for as long as the chart may be shown."""
        with self._session.locked():
            if view(table) is not None and self._session.knowledge.facts(table).exact is not None:
                self._statistics.append(table)

    def is_of_person(self, source: Any) -> bool:
        """Whether ``source`` (a path, bytes, points) is a picture that the running cell may not see."""
        with self._session.locked():
            self._look(self._current())
            is_left_out = isinstance(source, bytes) and self._exchanged.get(digest_of(source)) == b""
            return is_left_out or self._persons.has(source)

    def _look(self, run: CellRun | None) -> None:
        session = self._session
        session.knowledge.learn()
        self._persons.look(session.tier_of(run), session.policy)

    def writing(self, target: str, has_findings: Callable[[], bool]) -> None:
        """Refused where the policy refuses files and the picture shows what the cell's tier may not see."""
        session = self._session
        if session.policy.refuses_files and has_findings():
            sentence = (
                "privguard: the policy refuses to let a picture with values in its texts be written to a file; "
                "leave them out of titles, labels and data, or show it here, where they are masked."
            )
            with session.locked():
                run = session.run_of(None)
                session.admission.check(run, Decision(allowed=False, rule="files", reason=sentence))

    def written(self, target: str) -> None:
        """A picture was written to ``target``."""
        with self._session.locked():
            if (run := self._session.run_of(None)) is not None:
                run.sink("file", target, place=os.path.realpath(target))

    def became_text(self, text: str, masked: Callable[[PlotMasker], str]) -> None:
        """A chart became ``text``."""
        session, run = self._session, self._current()
        instead = masked(_Masker(session, self._columns, run))
        if instead != text:
            session.remembered.chart(text, lambda sight: instead if sight.tier is session.tier_of(run) else _WITHHELD)

    def became_picture(self, picture: bytes, masked: bytes) -> None:
        """A figure became ``picture``."""
        with self._session.locked():
            self._exchanged[_key(picture)] = masked if len(masked) <= _LARGEST else b""
            while len(self._exchanged) > _KEPT:
                self._exchanged.popitem(last=False)

    # --- the surface ----------------------------------------------------------------------------

    def withheld(self, obj: Any) -> str:
        """What stands in place of ``obj``, a picture of IPython or PIL that may not be seen; empty if it may."""
        parts = [getattr(obj, name, None) for name in _PARTS] if _is_display(obj) else [obj]
        if not is_marked(obj) and not _is_display(obj) and not _is_pil(obj):
            return ""
        if not is_marked(obj) and not any(part is not None and self.is_of_person(part) for part in parts):
            return ""
        sentence = _OF_PERSON.format(tier=self._session.tier_of(self._current()).label)
        handle = self.withheld_ones.keep(obj.data if _is_display(obj) else obj, self._session.keyring)
        return sentence if handle is None else f"{sentence} This one is {handle}."

    def drawing(self) -> Any:
        """A context: what is drawn in it is for a screen."""
        return drawing_for(self.masker())

    def drawing_for_others(self) -> Any:
        """A context: what is drawn in it is for people who may see no more than tier public."""
        return drawing_for(_Masker(self._session, self._columns, None))

    def exchanged(self, kind: str, content: dict[str, Any], run: CellRun | None) -> dict[str, Any]:
        """A message's ``content`` with charts masked and with other pictures where these may not be seen."""
        if kind not in _WITH_PICTURES:
            return content
        masker = _Masker(self._session, self._columns, run)
        new = {key: self._tree(value, key, masker) for key, value in content.items()}
        return content if all(new[key] is content[key] for key in content) else new

    def _tree(self, node: Any, key: str, masker: _Masker) -> Any:
        if isinstance(node, str):
            if key.startswith("image/"):
                return self._picture(node, masker.run)
            return self._embedded(node, masker.run)
        if isinstance(node, dict):
            if key.startswith("application/vnd."):
                return masked_for(key, node, masker)
            if is_spec(node):
                return masked_for("vnd.vega", node, masker)
            new = {name: self._tree(value, str(name), masker) for name, value in node.items()}
            withheld = [name for name in new if new[name] == "" != node[name]]
            if withheld:
                return {name: new[name] for name in new if name not in withheld} | {"text/plain": _WITHHELD}
            return node if all(new[name] is node[name] for name in node) else new
        if isinstance(node, list):
            items = [self._tree(item, "", masker) for item in node]
            return node if all(a is b for a, b in zip(items, node, strict=True)) else items
        return node

    def _picture(self, data: str, run: CellRun | None) -> str:
        """The text of a picture's MIME type: base64, or SVG itself."""
        return self._drawn(data) if data.lstrip().startswith("<") else self._encoded(data, run)

    def _drawn(self, text: str) -> str:
        """SVG within ``text``, which another library may have written anew."""
        if "<svg" not in text or not self._exchanged:
            return text

        def shown(found: re.Match[str]) -> str:
            instead = self._exchanged.get(_key(found[0].encode()))
            return found[0] if instead is None else instead[instead.find(b"<svg") :].decode().strip()

        return _SVG.sub(shown, text)

    def _embedded(self, text: str, run: CellRun | None) -> str:
        text = self._drawn(text)
        if ";base64," not in text:
            return text
        shown = _EMBEDDED.sub(lambda found: self._encoded(found[0], run) or _BLANK, text)
        return text if shown == text else shown

    def _encoded(self, data: str, run: CellRun | None) -> str:
        """Base64 of what may be shown; empty if there is nothing."""
        try:
            raw = base64.b64decode(data)
        except ValueError:  # no base64 after all
            return data
        instead = self._instead(raw, run)
        return data if instead is raw else base64.b64encode(instead).decode()

    def _instead(self, raw: bytes, run: CellRun | None) -> bytes:
        with self._session.locked():
            self._look(run)
            if self._persons.has(raw):
                return b""
        return self._exchanged.get(digest_of(raw), raw) if self._exchanged else raw

    def buffers(self, buffers: Sequence[Any], run: CellRun | None) -> list[Any]:
        """Binary buffers of a message of ``run``, with other pictures where these may not be seen."""
        out = []
        for buffer in buffers:
            raw = bytes(buffer)
            instead = self._instead(raw, run)
            out.append(buffer if instead is raw else instead)
        return out


def _key(picture: bytes) -> bytes:
    """What a picture is known by: SVG by its lines, whatever is written around them."""
    if b"<svg" not in picture[:2000]:
        return digest_of(picture)
    return digest_of(b"".join(b"".join(part) for part in _LINES.findall(picture)).translate(None, b" \t\r\n"))


def _is_display(obj: Any) -> bool:
    return type(obj).__name__ == "Image" and type(obj).__module__.startswith("IPython.")


def _is_pil(obj: Any) -> bool:
    return any(base.__module__ == "PIL.Image" for base in type(obj).__mro__)


class _Masker:
    """What a run may show."""

    def __init__(self, session: Session, columns: KnownColumns, run: CellRun | None) -> None:
        self._session = session
        self._columns = columns
        self.run = run

    def text(self, text: str) -> str:
        return self._session.clean(text, self.run)

    def column(self, label: str, values: Sequence[Any]) -> list[Any]:
        session = self._session
        with session.locked():
            session.follow_keys()
            session.knowledge.learn()
            tier = session.tier_of(self.run)
            listed = ListedValues(session.policy, session.keyring, session.knowledge, self._columns, tier, self.text)
            masked = listed.column(label, values)
            if self.run is not None:
                self.run.masked.update(listed.masked)
            return masked
