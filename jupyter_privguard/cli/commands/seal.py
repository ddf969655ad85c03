"""``privguard seal``: a file encrypted, so that nobody reads it without the keys of this deployment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...errors import InputError
from ...model import Tier
from ..completing import complete_files
from ..input import check_other

if TYPE_CHECKING:
    from ...guard.files.sealing import Done

__all__ = ["command"]


@click.command("seal")
@click.argument("file", shell_complete=complete_files)
@click.option("-o", "--output", default=None, metavar="OUT", help="Where to write; FILE.sealed if not given.")
@click.option("--remove", is_flag=True, help="Delete FILE, once OUT was opened again and holds all of it.")
def command(file: str, output: str | None, remove: bool) -> None:
    """Seal FILE, of any form and size, by AES-256-GCM under the current key: whole, or not at all.

    `privguard unseal` or, for tables, `jupyter_privguard.read_sealed` opens it again, on this
    deployment alone: keep a backup of its keys. FILE itself stays in plain unless --remove deletes
    it, and a disk may keep old blocks even then. Its name is sealed too; the event in the log has it.

    Example: privguard seal customers.csv --remove
    """
    from ... import runtime
    from ...guard.columns.datasets import name_of_source
    from ...guard.files.sealing import ENDING, check_removable, remove_original, seal_file
    from ..progress import long_work

    policy = runtime.policy()
    runtime.check_file_allowed("seal", Tier.PUBLIC, policy, file=file, event="data.seal")
    out = output if output is not None else file + ENDING
    if output is None and Path(out).exists():
        raise InputError(f"privguard: {out} is there already; name another file with -o.")
    check_other(out, file)
    if not Path(file).is_file():  # what cannot be read must not make keys
        raise InputError(f"privguard: {file}: there is no such file, or it is not a regular one.")
    if remove:
        check_removable(file)
    keyring, notices = runtime.keyring(runtime.home())
    for notice in notices:
        click.echo(notice, err=True)

    def logged(done: Done) -> None:
        source, target = (runtime.safe_text(path, policy, keyring) for path in (file, out))
        name = runtime.safe_text(name_of_source(file), policy, keyring)
        runtime.record(
            "data.seal",
            policy,
            dataset={"name": name, "source": source},
            sinks=[{"kind": "file", "target": target}],
            key_id=done.key_id,
            bytes=done.size,
            original="to be deleted" if remove else "kept",
        )

    with long_work("sealing") as progress:
        done = seal_file(file, out, keyring=keyring, ready=logged, progress=progress)
    if remove:
        with long_work("verifying") as progress:
            remove_original(file, out, keyring=keyring, done=done, progress=progress)
    rest = "it was deleted" if remove else "it is still there in plain; --remove deletes it"
    click.echo(f"privguard: sealed {file} as {out} under key {done.key_id}; {rest}.", err=True)
