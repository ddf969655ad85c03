"""``privguard reveal``: one record behind a handle, by grant and with a reason."""

from __future__ import annotations

import click

from ... import runtime

__all__ = ["command"]


@click.command()
@click.argument("token")
@click.option("--reason", "-r", required=True, help="Why; it is recorded.")
def command(token: str, reason: str) -> None:
    """Print the one value that TOKEN stands for: a handle as it is shown or as it stands in a file.

    As it is shown it begins with tok_, enc_ or sur_, in a file with tok:hs256:, enc:siv256: or sur_.

    The policy must give you a role with `reveal: true`. Each attempt is recorded, refused ones
    too, and there is a limit to how many are answered within an hour.

    Example: privguard reveal tok_7f3a91bc --reason "ticket 4711"
    """
    click.echo(runtime.reveal(token, reason=reason).value)
