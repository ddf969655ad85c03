"""Put before the server's kernel manager: it records when kernels begin, begin anew and end."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

from .plane import Plane

__all__ = ["GuardedKernels"]


class GuardedKernels:
    """Put before a kernel manager class, whether its methods are coroutines or not."""

    privguard: Plane

    # `Any`: the class behind this one is whichever the server is configured to use.
    def start_kernel(self: Any, *args: Any, **kwargs: Any) -> Any:
        """Start a kernel, which is told who runs it and where the server listens, and record it."""
        if not args and kwargs.get("kernel_id") is None and hasattr(self, "new_kernel_id"):
            kwargs["kernel_id"] = self.new_kernel_id(**kwargs)
        if kwargs.get("kernel_id") not in (None, *self.list_kernel_ids()):
            self.privguard.kernel_begins(kwargs["kernel_id"])
        started = super().start_kernel(*args, **kwargs)  # type: ignore[misc]
        return _then(started, lambda kernel: self._privguard_note("kernel.start", kernel))

    def restart_kernel(self: Any, kernel_id: str, *args: Any, **kwargs: Any) -> Any:
        """Record that the kernel's process ends, once it has, and that another begins."""
        self.privguard.kernel_begins(kernel_id)
        restarted = super().restart_kernel(kernel_id, *args, **kwargs)  # type: ignore[misc]
        return _then(restarted, lambda _: self._privguard_note("kernel.restart", kernel_id))

    def shutdown_kernel(self: Any, kernel_id: str, *args: Any, **kwargs: Any) -> Any:
        """Record the kernel's end."""
        ended = super().shutdown_kernel(kernel_id, *args, **kwargs)  # type: ignore[misc]
        return _then(ended, lambda _: self._privguard_note("kernel.stop", kernel_id))

    def shutdown_all(self: Any, *args: Any, **kwargs: Any) -> Any:
        """Record the end of each kernel: the server ends, or somebody has asked for it."""
        running = list(self.list_kernel_ids())

        def note(_: Any) -> None:
            for kernel in running:
                self._privguard_note("kernel.stop", kernel)

        return _then(super().shutdown_all(*args, **kwargs), note)  # type: ignore[misc]

    def start_watching_activity(self: Any, kernel_id: str) -> Any:
        """Called once a kernel is ready: from now on its sudden deaths are recorded too."""
        watched = super().start_watching_activity(kernel_id)  # type: ignore[misc]
        known: set[str] = self.__dict__.setdefault("_privguard_known", set())
        if kernel_id not in known:
            known.add(kernel_id)
            for event, action in (("restart", "kernel.restart"), ("dead", "kernel.stop")):
                self.add_restart_callback(kernel_id, partial(self._privguard_note, action, kernel_id, "died"), event)
        return watched

    def _privguard_note(self: Any, action: str, kernel_id: str, reason: str = "asked for") -> None:
        if reason == "died" and action == "kernel.restart":  # told before the new process begins
            self.privguard.kernel_begins(kernel_id, by_itself=True)
        try:
            name = self.get_kernel(kernel_id).kernel_name if action == "kernel.start" else None
            self.privguard.kernel_changed(action, str(kernel_id), name=name, reason=reason)
        except Exception as error:  # noqa: BLE001 - what cannot be recorded happens all the same
            self.log.error("privguard: %s was not recorded (%s).", action, type(error).__name__)


def _then(result: Any, note: Callable[[Any], None]) -> Any:
    """``result``, or a coroutine for what it becomes, with ``note`` called once it is there."""
    if not inspect.isawaitable(result):
        note(result)
        return result

    async def waited() -> Any:
        found = await result
        note(found)
        return found

    return waited()
