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
    import nbformat

    found = [(section.id, [block.json() for block in blocks]) for section, blocks in parts]
    shared(found, into=found[-1][0])
    cells: list[Any] = []
    for (section, _), (_, blocks) in zip(parts, found, strict=True):
        about = {"privguard": {"section": section.id, "title": section.title}}
        heading = {"id": f"{section.id}-title", "metadata": about, "source": f"## {section.title}"}
        outputs = [{"output_type": "display_data", "data": {MIME: block}, "metadata": {}} for block in blocks]
        code: dict[str, Any] = {"id": section.id, "metadata": {}, "source": "", "execution_count": None}
        cells += [{"cell_type": "markdown", **heading}, {"cell_type": "code", **code, "outputs": outputs}]
    title = {"privguard": {"experiment": experiment, "made": moment(now)}}
    notebook = nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": title, "cells": cells})
    nbformat.validate(notebook)  # once; the makers of cells and outputs would do it at each
    return notebook


@cache
def script() -> str:
    """The one script of a page, as it stands between its tags."""
    return (_TEMPLATES / "privguard" / "report.js").read_text("utf-8")


def to_html(notebook: Any) -> str:
    """The page for a notebook that `make_notebook` made; the same bytes for the same notebook."""
    page, _ = _exporter().from_notebook_node(notebook)
    return str(page)


@cache
def _exporter() -> Any:
    """What makes all pages of this process, its template compiled; the class can exist once nbconvert is imported."""
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

        def _preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
            # There is nothing to prepare, and each step would copy and validate the notebook anew.
            return nb, resources

        def _create_environment(self) -> Any:
            environment = super()._create_environment()
            environment.autoescape = True  # nbconvert's own environment escapes nothing
            environment.finalize = _visible
            environment.globals["script"] = Markup(script())  # noqa: S704 - a file of this package
            environment.globals["script_hash"] = _csp_hash(script())
            return environment

    return ReportExporter(
        template_name="privguard", extra_template_basedirs=[str(_TEMPLATES)], exclude_anchor_links=True
    )


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
