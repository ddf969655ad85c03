"""``privguard unseal``: a sealed file in plain again, for whoever may, and on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ...errors import KeyStoreError, Refused
from ..completing import complete_files
from ..input import check_other

if TYPE_CHECKING:
    from ...guard.files.sealing import Done

__all__ = ["command"]


@click.command("unseal")
@click.argument("file", shell_complete=complete_files)
@click.option("-o", "--output", required=True, metavar="OUT", help="Where to write what is in it.")
@click.option("--reason", default=None, help="Why; the role that grants it may ask for it.")
def command(file: str, output: str, reason: str | None) -> None:
    """Open the sealed FILE and write OUT: whole, or not at all, and nothing that was not verified.

    Where the policy names principals, tier compliance is needed. Each use is logged, refused ones
    too. A file that was changed, cut, continued or put together anew does not open.

    Example: privguard unseal customers.csv.sealed -o customers.csv --reason "audit 7"
    """
    from ... import runtime
    from ...guard.columns.datasets import name_of_source
    from ...guard.files.sealing import unseal_file
    from ..progress import long_work

    policy = runtime.policy()
    check_other(output, file)
    keyring = runtime.existing_keyring(runtime.home())

    def safe(text: str) -> str:
        return runtime.safe_text(text, policy, keyring)

    about: dict[str, Any] = {
        "dataset": {"name": safe(name_of_source(file)), "source": safe(file)},
        "sinks": [{"kind": "file", "target": safe(output)}],
        "reason": reason and safe(reason),
    }

    def logged(done: Done) -> None:
        runtime.record("data.unseal", policy, key_id=done.key_id, bytes=done.size, **about)

    try:
        runtime.check_may_unseal(policy, path=file, reason=reason)
        with long_work("unsealing") as progress:
            done = unseal_file(file, output, keyring=keyring, ready=logged, progress=progress)
    except Refused as refused:
        runtime.record("data.unseal", policy, outcome="refused", rule=refused.rule, **about)
        raise
    except KeyStoreError:
        runtime.record("data.unseal", policy, outcome="error", **about)
        raise
    click.echo(f"privguard: wrote {output}: {done.size} bytes in plain; seal or delete it when done.", err=True)
