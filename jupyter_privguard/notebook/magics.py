"""``%privguard …`` and the help of ``%%secure``."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.display import display

from .. import runtime
from ..errors import PrivguardError, cause_of, what_now
from ..frames import view
from ..model import ENTITIES
from .header import HELP
from .named_tables import no_such_table
from .progress import Progress

if TYPE_CHECKING:
    from .extension import Extension

__all__ = ["COMMANDS", "register_magics"]

_LONGEST = 200
_QUIET_S = 1
"""Seconds that a report may take before it says how far it is."""


def register_magics(shell: Any, extension: Extension) -> Callable[[], None]:
    """Register the magics for ``extension``; the function that takes them out again."""

    def privguard(line: str) -> Any:
        try:
            return _dispatch(extension, line)
        except PrivguardError as error:
            raise UsageError(str(error)) from None
        except OSError as error:  # as where no more files may be open, and none can be imported
            now = what_now(error, "see to it and try again")
            raise UsageError(f"privguard: {cause_of(error)}; {now}.") from None

    privguard.__doc__ = _help()

    def secure(line: str, cell: str | None = None) -> None:
        raise UsageError("privguard: %%secure must be the first line of its cell. This cell did not run.")

    secure.__doc__ = HELP
    shell.register_magic_function(privguard, "line", "privguard")
    shell.register_magic_function(secure, "cell", "secure")

    def undo() -> None:
        shell.magics_manager.magics["line"].pop("privguard", None)
        shell.magics_manager.magics["cell"].pop("secure", None)

    return undo


def _dispatch(extension: Extension, line: str) -> Any:
    try:
        words = shlex.split(line)
    except ValueError:
        raise UsageError("privguard: a quote is not closed.") from None
    name, rest = (words[0], words[1:]) if words else ("dashboard", [])
    if name not in COMMANDS:
        import difflib

        near = difflib.get_close_matches(name, COMMANDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}."
        raise UsageError(f"privguard: there is no such sub-command; {hint}")
    return COMMANDS[name](extension, rest)


def _session(extension: Extension) -> Any:
    if extension.session is None:
        raise UsageError(extension.refusal)
    return extension.session


def _dashboard(extension: Extension, words: list[str]) -> None:
    """Where you stand, and what to type next: this is what %privguard shows on its own."""
    from .dashboard import dashboard

    _no_words("dashboard", words)
    dashboard(extension)


def _status(extension: Extension, words: list[str]) -> None:
    """Whether the guard is on, under which policy, what it has met."""
    _no_words("status", words)
    print(extension.headline())
    session = extension.session
    if session is None:
        return
    if session.policy_problem:
        print(session.policy_problem)
    print(f"  purpose     {session.purpose or '-'}")
    print(f"  experiment  {session.experiment or '-'}")
    print(f"  you         {session.principal.id}, assurance {session.principal.assurance}")
    with session.locked():
        tables = [
            (name, seen.rows, list(session.knowledge.classification(obj, seen)))
            for name, obj, seen in session.knowledge.tables()
        ]
    for name, rows, verdicts in tables:
        sensitive = sum(v.is_sensitive for v in verdicts)
        print(f"  {name:<11} {rows} rows, {len(verdicts)} columns, {sensitive} sensitive")


def _classify(extension: Extension, words: list[str]) -> None:
    """The classes of the columns of a table; of all tables without a NAME."""
    session = _session(extension)
    if len(words) > 1:
        raise UsageError("privguard: classify takes the name of one variable.")
    if words:
        obj = extension.shell.user_ns.get(words[0])
        seen = view(obj)
        if seen is None:
            raise no_such_table(session, words[0])
        with session.locked():
            found = session.knowledge.classification(obj, seen)
        display(found)
        return
    with session.locked():
        tables = [(name, session.knowledge.classification(obj, seen)) for name, obj, seen in session.knowledge.tables()]
    if not tables:
        print("privguard: no table has been met yet.")
    for name, found in tables:
        print(name)
        display(found)


def _set(extension: Extension, words: list[str]) -> None:
    """Say what a column holds: NAME.COLUMN ENTITY [--save], or NAME.COLUMN --off; alone, what was said."""
    from . import set_command

    session = _session(extension)
    print(set_command.run(session, extension.shell.user_ns, words))


def _purpose(extension: Extension, words: list[str]) -> None:
    """Show or set the purpose of all following cells; --off ends it."""
    _setting(extension, "purpose", words)


def _experiment(extension: Extension, words: list[str]) -> None:
    """Show or set the experiment of all following cells; --off ends it."""
    _setting(extension, "experiment", words)


def _audit(extension: Extension, words: list[str]) -> Any:
    """Ask the log, as a DataFrame: [query] --column C --person P --during 'last month' …; lineage NAME; unused."""
    from .audit import audit

    return audit(extension, words)


def _profile(extension: Extension, words: list[str]) -> None:
    """Explore a table safely: nulls, banded ranges, distributions, frequent values that many rows share."""
    from .profile import profile

    profile(extension, words)


def _change(extension: Extension, words: list[str]) -> None:
    """Set tier, purpose or experiment and say why: WHAT VALUE|--off --reason R."""
    from .change import change

    change(extension, words)


def _approval(extension: Extension, words: list[str]) -> None:
    """Requests and their answers: list, or request --tier T --dataset D [--columns A,B] --reason R [--for 8h]."""
    from .approval import approval

    approval(extension, words)


def _reveal(extension: Extension, words: list[str]) -> None:
    """Show the one value behind a handle for half a minute: TOKEN --reason R."""
    from .reveal import reveal

    reveal(extension, words)


def _rescue(extension: Extension, words: list[str]) -> None:
    """Save a table or another object sealed, even where cells are refused: NAME PATH."""
    from .rescue import rescue

    rescue(extension, words)


def _selftest(extension: Extension, words: list[str]) -> None:
    """Try every way out of a kernel like this one, with made-up people; --baseline shows an unguarded one beside."""
    from .selftest import selftest

    selftest(extension, words)


def _tier(extension: Extension, words: list[str]) -> None:
    """What you may see, and what cells see that ask for no tier: public|internal sets it, --off ends it."""
    from .policy_commands import tier_text

    print(tier_text(_session(extension), words))


def _policy(extension: Extension, words: list[str]) -> None:
    """Which policy is in force, by whom, and what it lets you do."""
    from .policy_commands import policy_text

    if words and words[0] in ("init", "check", "explain", "schema"):
        rest = {"check": " FILE", "explain": " FILE --column C"}.get(words[0], "")
        raise UsageError(f"privguard: this is done in a terminal, with `privguard policy {words[0]}{rest}`.")
    _no_words("policy", words)
    print(policy_text(_session(extension)))


def _setting(extension: Extension, what: str, words: list[str]) -> None:
    session = _session(extension)
    if words:
        text = " ".join(words).strip()
        if not text or len(text) > _LONGEST or not text.isprintable():
            raise UsageError(f"privguard: {what} is one line of at most {_LONGEST} characters, and not blank.")
        if text.startswith("--") and text != "--off":
            raise UsageError(f"privguard: {what} takes a name, or --off.")
        if what == "experiment" and text != "--off" and (problem := session.admission.problem_of_experiment(text)):
            raise UsageError(problem)
        if what == "purpose" and text != "--off":
            session.admission.check(session.run_of(None), session.admission.decide_purpose(text))
        setattr(session, what, None if text == "--off" else text)
    print(f"privguard: {what} {getattr(session, what) or '-'}")


def _report(extension: Extension, words: list[str]) -> None:
    """Write the compliance file of an experiment; of the current one without a name."""
    from ..report.export import check_target, export, file_name

    session = _session(extension)
    if len(words) > 1:
        raise UsageError("privguard: report takes the name of one experiment.")
    experiment = words[0] if words else session.experiment
    if experiment is None:
        raise UsageError("privguard: which experiment? Name it, or set it with %privguard experiment NAME.")
    path = Path(file_name(experiment))
    check_target(path)
    progress = Progress("report", after_s=_QUIET_S)
    try:
        page = runtime.report(experiment, session.policy, done=progress.say).page()
    finally:
        progress.end()
    export(
        page, path, lambda sha256: session.record("report.export", experiment=experiment, path=str(path), sha256=sha256)
    )
    print(f"privguard: wrote {path}")


def _doctor(extension: Extension, words: list[str]) -> None:
    """Check policy, keys, log, kernel, panel and server."""
    from ..diagnose import checks

    _no_words("doctor", words)
    for check in checks():
        print(check, flush=True)  # some take seconds: each is told as soon as it is known


def _help_command(extension: Extension, words: list[str]) -> None:
    """This text; help entities lists what a column may hold."""
    if words == ["entities"]:
        names = [*ENTITIES, *(extension.session.policy.classes if extension.session is not None else ())]
        print("\n".join(textwrap.wrap(", ".join(names), 100)))
        return
    _no_words("help", words)
    print(_help())


def _no_words(name: str, words: list[str]) -> None:
    if words:
        raise UsageError(f"privguard: {name} takes no further words.")


def _help() -> str:
    lines = ["%privguard SUB-COMMAND", ""]
    lines += [f"  {name:<12} {command.__doc__}" for name, command in COMMANDS.items()]
    return "\n".join([*lines, "", "Example: %privguard classify df"])


COMMANDS: dict[str, Callable[[Extension, list[str]], Any]] = {
    "dashboard": _dashboard,
    "status": _status,
    "classify": _classify,
    "profile": _profile,
    "set": _set,
    "tier": _tier,
    "policy": _policy,
    "purpose": _purpose,
    "experiment": _experiment,
    "change": _change,
    "audit": _audit,
    "report": _report,
    "approval": _approval,
    "reveal": _reveal,
    "rescue": _rescue,
    "selftest": _selftest,
    "doctor": _doctor,
    "help": _help_command,
}
