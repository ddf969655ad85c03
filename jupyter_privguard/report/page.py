"""Blocks to a notebook, and the notebook to one HTML page by nbconvert.

The page stands alone: one inlined style sheet, no script, nothing fetched. The environment escapes
everything; markup comes from the template alone, and from markdown after `_safe_html`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from .blocks import MIME, Block
from .section import Section
from .words import moment

__all__ = ["make_notebook", "to_html"]

_TEMPLATES = Path(__file__).parent / "template"


def make_notebook(parts: Sequence[tuple[Section, Sequence[Block]]], *, experiment: str, now: datetime) -> Any:
    """The notebook of the report: for each section a heading, and a cell with its blocks as outputs."""
    from nbformat import v4

    cells: list[Any] = []
    for section, blocks in parts:
        about = {"privguard": {"section": section.id, "title": section.title}}
        outputs = [v4.new_output("display_data", data={MIME: block.json()}) for block in blocks]
        cells.append(v4.new_markdown_cell(f"## {section.title}", id=f"{section.id}-title", metadata=about))
        cells.append(v4.new_code_cell("", id=section.id, outputs=outputs))
    title = {"experiment": experiment, "made": moment(now)}
    return v4.new_notebook(cells=cells, metadata={"privguard": title})


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
            return environment

    return ReportExporter


def _safe_html(text: str) -> Any:
    """Markdown's HTML without anything that acts or fetches."""
    import bleach  # type: ignore[import-untyped]  # nbconvert brings it, without types
    from markupsafe import Markup

    tags = {"h2", "h3", "p", "em", "strong", "code", "pre", "ul", "ol", "li", "br"}
    return Markup(bleach.clean(text, tags=tags, attributes={}, protocols=set(), strip=True))  # noqa: S704 - just cleaned
