"""The report as a notebook that makes it anew: each section a call that reads the log as it was then.

Its outputs are the sections of the finished page, which was checked, so that it can be read without being run.
Run where the log is, it gives the same numbers, or says that the log has another past.
"""

from __future__ import annotations

import re
from typing import Any

from .context import Context
from .packs import built_in
from .section import sections

__all__ = ["executable", "named_in", "sections_of"]

_SECTION = re.compile(r'<section id="([a-z0-9-]+)">(.*?)</section>', re.DOTALL)
_HEADING = re.compile(r"\s*<h2[^>]*>.*?</h2>", re.DOTALL)
_OPEN = """\
# The log as it was when this report was made; run where that log is, all cells give the same again.
from jupyter_privguard.runtime import evidence

log = evidence({experiment!r}, size={size}, root="{root}", made="{made}"{packs})
log"""


def executable(context: Context, page: str) -> str:
    """The notebook, as the text of its file, for the ``page`` that was rendered and checked of ``context``."""
    from nbformat import v4, writes

    name, found = context.experiment.name, sections_of(page)
    cells: list[Any] = [
        v4.new_markdown_cell(f"# Evidence for {_escaped(name)}", id="title"),
        v4.new_code_cell(_opening(context), id="log"),
    ]
    for section in sections():
        shown = v4.new_output("display_data", data={"text/html": found[section.id], "text/plain": section.title})
        about = {"privguard": {"section": section.id}}
        cells.append(v4.new_markdown_cell(f"## {section.title}", id=f"{section.id}-title"))
        cells.append(
            v4.new_code_cell(
                f'log.section("{section.id}")', id=f"section-{section.id}", outputs=[shown], metadata=about
            )
        )
    # With the name of a kernel, so that nobody who opens it is asked for one.
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "privguard": {"experiment": name, "packs": _packs(context), **_pin(context)}}
    text: str = writes(v4.new_notebook(cells=cells, metadata=metadata))
    return text


def sections_of(page: str) -> dict[str, str]:
    """Section id → what stands in it below its heading, of a page of this package."""
    return {
        name: f"<div>{_HEADING.sub('', content, count=1).strip()}</div>" for name, content in _SECTION.findall(page)
    }


def named_in(metadata: Any) -> tuple[str, dict[str, Any], list[str]] | None:
    """The experiment, the state of the log and the packs that ``metadata`` of a report's notebook name, else None."""
    own = metadata.get("privguard") if isinstance(metadata, dict) else None
    if not isinstance(own, dict) or not isinstance(own.get("experiment"), str):
        return None
    pin = {name: own.get(name) for name in ("size", "root", "made")}
    packs = own.get("packs", [])
    texts = [pin["root"], pin["made"], *packs] if isinstance(packs, list) else [None]
    if type(pin["size"]) is not int or not all(isinstance(text, str) for text in texts):
        return None
    return own["experiment"], pin, packs


def _opening(context: Context) -> str:
    packs = f", packs={named!r}" if (named := _packs(context)) else ""
    return _OPEN.format(experiment=context.experiment.name, packs=packs, **_pin(context))


def _packs(context: Context) -> list[str]:
    """The names and files of the controls, where some were chosen: with a later version all may be more."""
    return [] if context.frameworks == built_in() else [framework.pack for framework in context.frameworks]


def _pin(context: Context) -> dict[str, Any]:
    # As hashes are written: in base64 it would look like a secret, to our own scan too.
    return {"size": context.log.size, "root": context.log.root.hex(), "made": context.now.isoformat()}


def _escaped(text: str) -> str:
    """``text`` as itself in Markdown, whatever it holds."""
    return re.sub(r"([^\w\s])", lambda found: f"&#{ord(found[0])};", " ".join(text.split()))
