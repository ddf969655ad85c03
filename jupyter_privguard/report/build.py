"""What sections read → notebook → one HTML file, which is checked before it is handed out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..errors import PrivguardError
from ..keys.keyring import LogKey
from ..model import Pattern
from .blocks import Block
from .context import Context
from .offline import fetches
from .page import make_notebook, script, to_html
from .raw import raw_cells, raw_sections
from .section import Section, sections
from .signing import sign_page

__all__ = ["check_csv", "check_page", "render", "signed_page"]


def render(
    context: Context, *, patterns: tuple[Pattern, ...] = (), done: Callable[[float], None] = lambda _: None
) -> str:
    """The report on ``context`` as one HTML page, not signed; the same bytes for the same context.

    ``patterns`` are the policy's own forms of values; ``done`` hears of the share of the work that is done.
    PrivguardError when the finished page would fetch something or still shows what looks like a person's data.
    """
    said: list[tuple[Section, Sequence[Block]]] = []
    for section in sections():
        said.append((section, section.build(context)))
        done(0.5 * len(said) / len(sections()))
    page = to_html(make_notebook(said, experiment=context.experiment.name, now=context.now))
    done(0.75)
    check_page(page, patterns)
    done(1)
    return page


def signed_page(
    context: Context,
    key: LogKey,
    *,
    patterns: tuple[Pattern, ...] = (),
    done: Callable[[float], None] = lambda _: None,
) -> str:
    """The page of `render` with its proof and its signature by the log's ``key``; arguments and errors as `render`."""
    cited = [event["seq"] for event in context.listed]
    return sign_page(render(context, patterns=patterns, done=done), context.log, cited, key)


def check_csv(name: str, text: str, patterns: tuple[Pattern, ...] = ()) -> None:
    """Raises PrivguardError if the CSV file ``name`` must not be handed out; names the entity, never the value."""
    found = raw_cells(text, patterns)
    if found:
        raise PrivguardError(
            f"privguard: {name} would show what looks like {found[0]}; nothing was written: rename the experiment, "
            "purpose, notebook, file or column that holds it."
        )


def check_page(page: str, patterns: tuple[Pattern, ...] = ()) -> None:
    """Raises PrivguardError if ``page`` must not be handed out; names the section, never the value.

    ``patterns`` are the policy's own forms of values.
    """
    active = fetches(page, scripts=(script(),))
    if active:
        raise PrivguardError(
            f"privguard: the report would make a browser fetch or run something ({active[0]}); nothing was written."
        )
    raw = raw_sections(page, patterns)
    if raw:
        section, entity = raw[0]
        raise PrivguardError(
            f"privguard: section `{section}` of the report shows what looks like {entity}; nothing was written: "
            "rename the experiment, purpose, notebook, file or column that holds it."
        )
