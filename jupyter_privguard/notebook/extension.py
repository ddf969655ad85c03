"""``%load_ext`` and ``%unload_ext``: every hook that the guard sets, in one list, and its undoing."""

from __future__ import annotations

import atexit
import functools
import getpass
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import runtime
from .._later import Once
from ..errors import KeyStoreError, PrivguardError, cause_of
from ..frames.watch import watch_for
from ..guard.policies.record import policy_fields
from ..plots.watch import watch_for as watch_plots_for
from .culled import wrap_cull
from .display import wrap_format, wrap_info
from .gate import Gate, is_way_out
from .header import remove_header
from .hooks import Hook, event_lists, listed, own_method, replaced
from .magics import register_magics
from .own_frames import wrap_exc_info
from .recorder import Recorder
from .standing import Standing

if TYPE_CHECKING:
    from ..frames.watch import Told
    from ..guard.cells.cell import CellRun
    from ..guard.pictures.watcher import Pictures
    from ..guard.session import Session
    from .kernel_exits import KernelExits
    from .terminal_exits import TerminalExits

__all__ = ["Extension", "load", "unload"]

_ATTRIBUTE = "_privguard"


def load(shell: Any) -> None:
    """Guard ``shell``; a second call does nothing. Never leaves it half guarded."""
    if getattr(shell, _ATTRIBUTE, None) is not None:
        return
    extension = Extension(shell)
    setattr(shell, _ATTRIBUTE, extension)
    extension.start()


def unload(shell: Any) -> None:
    """Take every hook out again and record that the guard is off."""
    extension = getattr(shell, _ATTRIBUTE, None)
    if extension is not None:
        extension.stop("ok", "unload")
        delattr(shell, _ATTRIBUTE)
        print("privguard: off")


class Extension:
    """The guard in one shell: running, or refusing every cell for a reason."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.session: Session | None = None
        self.refusal = ""
        """Why no cell runs; empty when the guard is on."""
        self.pictures: Callable[[], Pictures] | None = None
        """What is drawn and shown, while the guard is on; made when it is first asked for."""
        self._notices: list[str] = []
        self._undo: list[Callable[[], None]] = []
        self._exits: KernelExits | TerminalExits | None = None
        self._gate = Gate(self._admit)
        self._standing = Standing(shell)
        self._process = os.getpid()
        self._recorder: Recorder | None = None

    @property
    def exits(self) -> KernelExits | TerminalExits | None:
        """What outputs pass; None while the guard is off."""
        return self._exits if self.session is not None else None

    def start(self) -> None:
        """Set the hooks and say in a line whether the guard is on."""
        self._hook_transformers()
        self._hook_magics()
        try:
            self.session = self._open_session()
            # Said before the exits are hooked: the first guarded text compiles all patterns.
            for line in (self.headline(), *self._notices):
                print(line)
            self._hook_session(self.session)
        except PrivguardError as error:
            self._refuse(str(error))
        except Exception as error:  # noqa: BLE001 - a surface: without a guard no cell runs
            self._refuse(f"privguard: the guard could not start ({cause_of(error)}); `privguard doctor` says more.")

    def headline(self) -> str:
        """The one line that `%load_ext` prints."""
        session = self.session
        if session is None:
            return self.refusal
        return f"privguard: on · tier {session.tier.label} · policy {session.policy.source} · log {runtime.home().log}"

    def _open_session(self) -> Session:
        policy = runtime.policy()
        home = runtime.home()
        runtime.ask_passphrase_with(_ask_passphrase)
        keyring, self._notices = runtime.keyring(home)
        telemetry, restored = runtime.telemetry_off()
        self._undo.append(restored)
        kernel = _kernel_id(self.shell)
        session = runtime.open_session(home, policy, keyring, kernel=kernel)
        self._undo.append(session.close)
        at_exit = functools.partial(self.stop, "interrupted", "exit")
        atexit.register(at_exit)
        self._undo.append(lambda: atexit.unregister(at_exit))
        session.record(
            "guard.load",
            tier="public",
            **policy_fields(policy, session.safe),
            host="kernel" if kernel is not None else "ipython",
            version=runtime.version(),
            **runtime.software_here(),
            **telemetry,
        )
        return session

    def _hook_transformers(self) -> None:
        """The hooks that refuse: they work even when nothing else does."""
        shell = self.shell

        # A cell of plain IPython may have redirected its exits for a while.
        look = self._standing.look_between_cells if getattr(shell, "kernel", None) is None else self._standing.look

        def header(lines: list[str]) -> list[str]:
            look()
            return remove_header(lines)

        header.has_side_effects = True  # type: ignore[attr-defined]  # see remove_header
        # Last: an earlier step would take the blank line away.
        self._add(listed("header", lambda: shell.input_transformers_cleanup, header))
        self._add(listed("gate", lambda: shell.ast_transformers, self._gate))

    def _hook_magics(self) -> None:
        magics = self.shell.magics_manager.magics

        def put() -> bool:
            register_magics(self.shell, self)
            return True

        def undo() -> None:
            magics["line"].pop("privguard", None)
            magics["cell"].pop("secure", None)

        self._add(Hook("magics", lambda: "privguard" in magics["line"] and "secure" in magics["cell"], put, undo))

    def _add(self, hook: Hook) -> None:
        self._undo.append(self._standing.hooks.add(hook))

    def _hook_session(self, session: Session) -> None:
        shell, withhold = self.shell, session.withhold
        recorder = Recorder(shell, session, self._standing.look)
        self._add(_namespace(shell, session))
        self._free_culled_results()
        self._undo.append(watch_for(Once(functools.partial(_told_of_tables, session), session.locked)))
        pictures = self.pictures = Once(functools.partial(_pictures, session, recorder.current), session.locked)
        self._undo.append(watch_plots_for(pictures))
        self._undo.append(runtime.watch_runs(session, lambda: pictures().drawing_for_others()))
        self._undo.append(runtime.watch_aliases())
        formatted = functools.partial(
            wrap_format, session=session, current=recorder.current, pictures=pictures, withhold=withhold
        )
        self._add(replaced("display", lambda: [shell.display_formatter], "format", formatted))
        informed = functools.partial(wrap_info, session=session, current=recorder.current, withhold=withhold)
        self._add(replaced("inspection", lambda: [shell.inspector], "info", informed))
        self._add(replaced("tracebacks", lambda: [shell], "_get_exc_info", wrap_exc_info))
        if getattr(shell, "kernel", None) is not None:
            from .kernel_exits import KernelExits
            from .user_expressions import wrap_user_expressions

            asked = functools.partial(wrap_user_expressions, admit=recorder.admit_expressions)
            self._add(replaced("expressions", lambda: [shell], "user_expressions", asked))
            exits = KernelExits(
                shell,
                session,
                replied=recorder.replied,
                begins=self._standing.look,
                pictures=pictures,
                withhold=withhold,
            )
            self._add(replaced("exits", exits.sessions, "send", exits.wrap))
            self._undo.append(exits.restore)
            self._exits = exits
        else:
            from .terminal_exits import TerminalExits

            self._add(replaced("cells", lambda: [shell], "run_cell", recorder.wrap_run_cell))
            streams = TerminalExits(shell, session, recorder.current, withhold)
            self._add(Hook("exits", lambda: streams.in_place, streams.put, streams.restore))
            self._exits = streams
        self._add(own_method("events", lambda: shell.events, "trigger"))
        self._add(event_lists("events", lambda: shell.events))
        for name in ("pre_run_cell", "post_execute", "post_run_cell"):
            self._add(listed("events", functools.partial(_callbacks, shell, name), getattr(recorder, name)))
        if session.kernel is not None:
            self._undo.append(runtime.tell_fingerprints(session))
        self._standing.tell(session, self._exits.say)
        self._recorder = recorder

    def _free_culled_results(self) -> None:
        """It lets nothing out where a program takes it away, so it is not looked at again as the other hooks are."""
        shell = self.shell
        culled = functools.partial(wrap_cull, shell=shell)
        hook = replaced("results", lambda: [shell.displayhook], "cull_cache", culled)
        hook.set()
        self._undo.append(hook.undo)

    def _admit(self, cell: Any) -> str:
        if self._recorder is None:
            return "" if is_way_out(cell) else self.refusal
        return self._recorder.admit(cell)

    def _refuse(self, reason: str) -> None:
        self.refusal = reason
        self._recorder = None
        while len(self._undo) > _ALWAYS:
            self._undo.pop()()
        self.session = None
        print(reason)
        print("privguard: no cell runs until this is mended; %privguard status and %unload_ext work.")

    def stop(self, outcome: str, reason: str) -> None:
        """Close running cells with ``outcome``, record the end, undo every hook, last one first."""
        if os.getpid() != self._process:
            return  # a forked child: hooks and log are its parent's
        if self.session is not None:
            try:
                self.session.close_runs(outcome)
                self.session.record("guard.unload", reason=reason)
            except PrivguardError as error:
                print(f"{error} That the guard was switched off is not in the log.")
        while self._undo:
            self._undo.pop()()
        self.session = None


_ALWAYS = 3
"""Undo entries of the hooks that refuse: two transformers and the magics."""


# What follows is needed with the first DataFrame library, plot or output, not when the guard is loaded.


def _told_of_tables(session: Session) -> Told:
    from ..guard.tables.watch import TableWatcher

    return TableWatcher(session), session.takings.taker, session.uses.tracker


def _pictures(session: Session, current: Callable[[], CellRun | None]) -> Pictures:
    from ..guard.pictures.watcher import Pictures

    return Pictures(session, current)


def _namespace(shell: Any, session: Session) -> Hook:
    watched: list[Any] = []

    def put() -> bool:
        watched[:] = [shell.user_ns]
        session.watch_namespace(shell.user_ns)
        return True

    return Hook("namespace", lambda: watched[0] is shell.user_ns, put, watched.clear)


def _callbacks(shell: Any, event: str) -> list[Any]:
    """What is called at ``event``, wherever the program has put that by now."""
    found: list[Any] = shell.events.callbacks.setdefault(event, [])
    return found


def _ask_passphrase() -> str:
    try:
        return getpass.getpass("Passphrase of the keys: ")
    except (EOFError, RuntimeError):  # no terminal, or a kernel that starts before anybody could answer
        raise KeyStoreError(
            "privguard: a passphrase protects the keys and nobody can be asked here; name the file that holds it "
            "in PRIVGUARD_PASSPHRASE_FILE, or run `%load_ext jupyter_privguard` in a cell."
        ) from None


def _kernel_id(shell: Any) -> str | None:
    """The id a Jupyter server knows this kernel by: the connection file is named after it."""
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return None
    from ipykernel.connect import get_connection_file

    try:
        name = get_connection_file()
    except Exception:  # noqa: BLE001 - an embedded kernel has no connection file
        return "embedded"
    return str(name).replace("\\", "/").rpartition("/")[2].removeprefix("kernel-").removesuffix(".json")
