"""``%load_ext`` and ``%unload_ext``: every hook that the guard sets, in one list, and its undoing."""

from __future__ import annotations

import atexit
import functools
import getpass
import os
from collections.abc import Callable
from typing import Any

from .. import runtime
from ..errors import KeyStoreError, PrivguardError
from ..frames.watch import watch
from ..guard.pictures.watcher import Pictures
from ..guard.policies.record import policy_fields
from ..guard.session import Session
from ..guard.tables.watch import TableWatcher
from ..plots import watch as watch_plots
from .display import wrap_format, wrap_info
from .gate import Gate, is_way_out
from .header import remove_header
from .kernel_exits import KernelExits
from .magics import register_magics
from .recorder import Recorder
from .terminal_exits import TerminalExits
from .user_expressions import wrap_user_expressions

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
        self._notices: list[str] = []
        self._undo: list[Callable[[], None]] = []
        self._exits: KernelExits | TerminalExits | None = None
        self._gate = Gate(self._admit)
        self._process = os.getpid()
        self._recorder: Recorder | None = None

    @property
    def exits(self) -> KernelExits | TerminalExits | None:
        """What outputs pass; None while the guard is off."""
        return self._exits if self.session is not None else None

    def start(self) -> None:
        """Set the hooks and say in a line whether the guard is on."""
        self._hook_transformers()
        self._undo.append(register_magics(self.shell, self))
        try:
            self.session = self._open_session()
            # Said before the exits are hooked: the first guarded text compiles all patterns.
            for line in (self.headline(), *self._notices):
                print(line)
            self._hook_session(self.session)
        except PrivguardError as error:
            self._refuse(str(error))
        except Exception as error:  # noqa: BLE001 - a surface: without a guard no cell runs
            self._refuse(
                f"privguard: the guard could not start ({type(error).__name__}); `privguard doctor` says more."
            )

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
        )
        return session

    def _hook_transformers(self) -> None:
        """The hooks that refuse: they work even when nothing else does."""
        cleanup = self.shell.input_transformers_cleanup
        cleanup.append(remove_header)  # last: an earlier step would take the blank line away
        self._undo.append(lambda: _remove(cleanup, remove_header))
        self.shell.ast_transformers.append(self._gate)
        self._undo.append(lambda: _remove(self.shell.ast_transformers, self._gate))

    def _hook_session(self, session: Session) -> None:
        recorder = Recorder(self.shell, session, self._check_hooks)
        session.watch_namespace(self.shell.user_ns)
        self._undo.append(watch(TableWatcher(session), session.takings.taker))
        formatter = self.shell.display_formatter
        pictures = Pictures(session, recorder.current)
        self._undo.append(watch_plots(pictures))
        formatter.format = wrap_format(formatter.format, session, recorder.current, pictures)
        self._undo.append(lambda: formatter.__dict__.pop("format", None))
        inspector = self.shell.inspector
        inspector.info = wrap_info(inspector.info, session, recorder.current)
        self._undo.append(lambda: inspector.__dict__.pop("info", None))
        kernel = getattr(self.shell, "kernel", None)
        if kernel is not None:
            self.shell.user_expressions = wrap_user_expressions(self.shell.user_expressions, recorder.admit_expressions)
            self._undo.append(lambda: self.shell.__dict__.pop("user_expressions", None))
            self._exits = KernelExits(kernel.session, session, recorder.replied, pictures)
        else:
            self._exits = TerminalExits(self.shell, session, recorder.current)
        self._undo.append(self._exits.restore)
        for name in ("pre_run_cell", "post_execute", "post_run_cell"):
            callback = getattr(recorder, name)
            self.shell.events.register(name, callback)
            self._undo.append(functools.partial(_unregister, self.shell.events, name, callback))
        self._recorder = recorder

    def _admit(self, cell: Any) -> str:
        if self._recorder is None:
            return "" if is_way_out(cell) else self.refusal
        return self._recorder.admit(cell)

    def _check_hooks(self) -> None:
        """Put back what the program took out, and record that it did."""
        missing = []
        if self._gate not in self.shell.ast_transformers:
            self.shell.ast_transformers.append(self._gate)
            missing.append("gate")
        if self._exits is not None and not self._exits.in_place:
            missing.append("exits")
        if missing and self.session is not None:
            self.session.record("guard.changed", outcome="mended" if missing == ["gate"] else "changed", what=missing)

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


def _remove(items: list[Any], item: Any) -> None:
    if item in items:
        items.remove(item)


def _unregister(events: Any, name: str, callback: Any) -> None:
    if callback in events.callbacks[name]:
        events.unregister(name, callback)


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
