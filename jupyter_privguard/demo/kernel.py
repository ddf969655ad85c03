"""Executes a notebook in a real kernel of this very Python, whatever kernels are installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from ..errors import PrivguardError

__all__ = ["CellFailedError", "execute"]

_TIMEOUT_S = 600


class CellFailedError(PrivguardError):
    """A cell of the notebook ended in an error that it does not announce."""

    exit_code = 1


def execute(notebook: Any, *, name: str, folder: Path, home: Path) -> None:
    """Run all cells in ``folder`` with PRIVGUARD_HOME set to ``home``; outputs go into ``notebook``.

    ``name`` is the notebook's file, which the kernel cannot know of itself.

    Errors of cells with the tag ``raises-exception`` are outputs like others. Raises CellFailedError
    for any other, naming the cell and the kind of error but not its text, which may hold values.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    client = NotebookClient(
        notebook,
        timeout=_TIMEOUT_S,
        startup_timeout=_TIMEOUT_S,
        kernel_manager_class=_manager(home, name),
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        # The kernel's own terminal is not a place where anybody should read.
        client.execute(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        raise CellFailedError(
            f"privguard: cell {_failed(notebook)} of the notebook failed ({error.ename}); nothing was kept of it."
        ) from None
    except CellTimeoutError:
        raise CellFailedError(
            f"privguard: a cell of the notebook ran longer than {_TIMEOUT_S} s; it was stopped."
        ) from None
    except (DeadKernelError, RuntimeError):
        raise CellFailedError("privguard: the kernel died while the notebook ran; nothing was kept of it.") from None


def _failed(notebook: Any) -> int:
    """Position (from 1) of the last cell that has an error among its outputs."""
    failed = [
        position
        for position, cell in enumerate(notebook.cells, start=1)
        if cell.cell_type == "code" and any(output.output_type == "error" for output in cell.outputs)
    ]
    return failed[-1] if failed else 1


def _manager(home: Path, name: str) -> Any:
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class Manager(AsyncKernelManager):  # type: ignore[misc]  # jupyter_client is not followed
        """Starts this Python; no kernel needs to be installed for it."""

        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(
                argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                display_name="Python 3",
                language="python",
                # The second is how a Jupyter server tells a kernel which notebook it is for.
                env={"PRIVGUARD_HOME": str(home), "JPY_SESSION_NAME": name},
            )

    return Manager
