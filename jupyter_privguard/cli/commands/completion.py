"""``privguard completion``: the script by which a shell completes commands, options and names."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that makes SHELL complete `privguard`: sub-commands, options, files and names.

    Names of experiments, data sets and columns are those of your own newest events. In the shell's start file:

    \b
      bash (4.4 and newer)  eval "$(privguard completion bash)"
      zsh                   eval "$(privguard completion zsh)"
      fish                  privguard completion fish | source

    Example: privguard completion bash
    """  # noqa: D301 - click knows the sign itself, by which lines stay as they are written
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    from ..main import privguard

    kinds = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
    click.echo(kinds[shell](privguard, {}, "privguard", "_PRIVGUARD_COMPLETE").source())
