"""Groups of commands, whose help says of each in a whole sentence what it does."""

from __future__ import annotations

import click

__all__ = ["Group"]

_WHOLE = 1000
"""Characters of a first sentence, which click would cut to one line."""


class Group(click.Group):
    """As click's, but that the sentences of its list go on in the next line instead of ending in dots."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, as click asks for it."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, command.get_short_help_str(_WHOLE)) for name, command in found if command is not None]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
