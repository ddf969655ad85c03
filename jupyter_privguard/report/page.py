"""Blocks to a notebook, and the notebook to one HTML page by nbconvert.

The page stands alone: one inlined style sheet, one script that the page names by its hash, nothing fetched. The
environment escapes everything; markup comes from the template alone, and from markdown after `_safe_html`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from .blocks import MIME, Block
from .long_lists import shared
from .section import Section
from .words import moment

__all__ = ["make_notebook", "script", "to_html"]

_TEMPLATES = Path(__file__).parent / "template"
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, marks that turn the direction of writing, line separators, halves of surrogate pairs."""


def make_notebook(parts: Sequence[tuple[Section, Sequence[Block]]], *, experiment: str, now: datetime) -> Any:
    """The notebook of the report: for each section a heading, and a cell with its blocks as outputs."""
    from nbformat import v4

    found = [(section.id, [block.json() for block in blocks]) for section, blocks in parts]
    shared(found, into=found[-1][0])
    cells: list[Any] = []
    for (section, _), (_, blocks) in zip(parts, found, strict=True):
        about = {"privguard": {"section": section.id, "title": section.title}}
        outputs = [v4.new_output("display_data", data={MIME: block}) for block in blocks]
        cells.append(v4.new_markdown_cell(f"## {section.title}", id=f"{section.id}-title", metadata=about))
        cells.append(v4.new_code_cell("", id=section.id, outputs=outputs))
    title = {"experiment": experiment, "made": moment(now)}
    return v4.new_notebook(cells=cells, metadata={"privguard": title})


@cache
def script() -> str:
    """The one script of a page, as it stands between its tags."""
    return (_TEMPLATES / "privguard" / "report.js").read_text("utf-8")


def to_html(notebook: Any) -> str:
    """The page for a notebook that `make_notebook` made; the same bytes for the same notebook."""
    exporter = _exporter()(
        template_name="privguard",
        extra_template_basedirs=[str(_TEMPLATES)],
        exclude_anchor_links=True,
    )
    page, _ = exporter.from_notebook_node(notebook)
    return str(page)


def _exporter() -> Any:
    """A class that can exist once nbconvert is imported."""
    from markupsafe import Markup
    from nbconvert import HTMLExporter, TemplateExporter

    class ReportExporter(HTMLExporter):  # type: ignore[misc]  # nbconvert has no types
        """HTML by the template of this package, with escaping on."""

        def default_filters(self) -> Iterator[tuple[str, Any]]:
            yield from super().default_filters()
            yield ("safe_html", _safe_html)

        def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> tuple[str, Any]:
            # HTML's own goes on to parse and rewrite the page, which triples the time and adds nothing here.
            rendered: tuple[str, Any] = TemplateExporter.from_notebook_node(
                self, nb, self._init_resources(resources), **options
            )
            return rendered

        def _create_environment(self) -> Any:
            environment = super()._create_environment()
            environment.autoescape = True  # nbconvert's own environment escapes nothing
            environment.finalize = _visible
            environment.globals["script"] = Markup(script())  # noqa: S704 - a file of this package
            environment.globals["script_hash"] = _csp_hash(script())
            return environment

    return ReportExporter


def _visible(value: Any) -> Any:
    """A text without letters that nobody sees and that change what is seen, or that browsers replace in their own way.

    Without them the check within the page reads what was signed.
    """
    is_text = isinstance(value, str) and not hasattr(value, "__html__")
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", value) if is_text else value


def _csp_hash(text: str) -> str:
    """The source expression by which a page allows this script and no other (CSP Level 3)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _safe_html(text: str) -> Any:
    """Markdown's HTML without anything that acts or fetches."""
    import bleach  # type: ignore[import-untyped]  # nbconvert brings it, without types
    from markupsafe import Markup

    tags = {"h2", "h3", "p", "em", "strong", "code", "pre", "ul", "ol", "li", "br"}
    return Markup(bleach.clean(text, tags=tags, attributes={}, protocols=set(), strip=True))  # noqa: S704 - just cleaned
