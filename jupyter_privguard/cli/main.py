"""The command ``privguard``: finds sub-commands by file name and maps errors to exit codes.

stdout is data, stderr is talk. Exit codes: 0 did its work, 1 findings, 2 log or verification
broken, 3 usage, policy or input not usable.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import click

from ..errors import PrivguardError, cause_of, what_now
from .groups import Group
from .output import printable

__all__ = ["main", "privguard"]

_FOLDER = Path(__file__).parent / "commands"


class _Commands(Group):
    """Sub-commands are imported when they are called, so that ``--help`` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(p.stem.replace("_", "-") for p in _FOLDER.glob("[!_]*.py"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"..commands.{cmd_name.replace('-', '_')}", __name__)
        command: click.Command = module.command
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jupyter-privguard", prog_name="privguard")
def privguard() -> None:
    """Recognise sensitive columns, mask what is shown, and prove who saw what.

    Example: privguard classify customers.csv
    """
    from .. import runtime

    if sys.stdin is not None and sys.stdin.isatty():
        runtime.ask_passphrase_with(lambda: click.prompt("Passphrase of the keys", hide_input=True, err=True))


_NO_SUCH = "No such command '"


def _sentence(error: click.UsageError) -> str:
    """What click says of wrong use, and what now: the command that is called almost so, or where all of them stand."""
    said, context = error.format_message(), error.ctx
    path = context.command_path if context is not None else "privguard"
    if said.startswith(_NO_SUCH) and context is not None and isinstance(context.command, click.Group):
        import difflib  # mistakes are rare, and starting should be quick

        name = said.removeprefix(_NO_SUCH).partition("'")[0]
        near = difflib.get_close_matches(name, context.command.list_commands(context), n=1)
        said = f"{_NO_SUCH}{name}'"  # some versions of click list what they guess themselves
        if near:
            return f"{said}; did you mean `{path} {near[0]}`?"
    now = f"`{path} --help` says what there is."
    return f"{said} {now}" if said.endswith("?") else f"{said.removesuffix('.')}; {now}"


def main(args: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(_run(args))


def _run(args: list[str] | None) -> int:
    try:
        result = privguard.main(args=args, prog_name="privguard", standalone_mode=False)
    except PrivguardError as error:
        return _say(str(error), error.exit_code)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        return _say("privguard: stopped.", 3)
    except click.exceptions.NoArgsIsHelpError as error:
        code = _say("privguard: name a command.", 3)
        click.echo(f"\n{error.format_message()}", err=True)
        return code
    except click.UsageError as error:
        return _say(_sentence(error), 3)
    except click.ClickException as error:
        return _say(error.format_message(), 3)
    except SystemExit:  # click's answer to `privguard … | head`: the reader has had enough
        return 0
    except KeyboardInterrupt:
        return _say("privguard: interrupted.", 3)
    except Exception as error:  # noqa: BLE001 - a surface: a traceback could quote values
        now = "`privguard doctor` looks for the cause"
        if isinstance(error, OSError):
            now = what_now(error, now)
        return _say(f"privguard: something unexpected ended this command ({cause_of(error)}); {now}.", 3)
    return result if isinstance(result, int) else 0


def _say(message: str, code: int) -> int:
    text = message if message.startswith("privguard:") else f"privguard: {message}"
    click.echo(printable(text), err=True)  # no name in it adds a line or steers the terminal
    return code
