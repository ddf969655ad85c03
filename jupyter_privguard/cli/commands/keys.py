"""``privguard keys``: make, list, rotate and destroy the keys of this deployment."""

from __future__ import annotations

import click

from ... import runtime
from ...errors import InputError
from ..groups import Group
from ..output import printable, table

__all__ = ["command"]


@click.group(cls=Group)
def command() -> None:
    """Make, list, rotate or destroy the keys of this deployment. No command ever prints a key.

    Example: privguard keys list
    """


@command.command()
@click.option("--passphrase", "protect", is_flag=True, help="Protect masking keys by a passphrase, which is asked for.")
def init(protect: bool) -> None:
    """Make the keys of this deployment, once.

    That is a random masking key, whose id is printed, and the key that signs the log. Keep a backup
    of the folder that is named: what is sealed or signed cannot be opened or continued without it.

    Under a passphrase the masking keys are of no use to who copies the folder; without it nobody
    opens them, you neither. Where nobody can be asked, the file that PRIVGUARD_PASSPHRASE_FILE
    names holds it in its first line.

    Example: privguard keys init --passphrase
    """
    ring, notices = runtime.make_keys(runtime.home(), passphrase=_new_passphrase() if protect else None)
    for notice in notices:
        click.echo(notice, err=True)
    click.echo(ring.key_id)


def _new_passphrase() -> str:
    from ...keys.passphrase import SHORTEST

    text = runtime.passphrase_in_file()
    if text is None:
        text = click.prompt("New passphrase of the keys", hide_input=True, confirmation_prompt=True, err=True)
    if len(text) < SHORTEST:
        raise InputError(f"privguard: a passphrase has at least {SHORTEST} characters; choose a longer one.")
    return str(text)


@command.command("list")
def list_() -> None:
    """Show all keys: id, use, age and state.

    A masking key makes tokens and sealed values while it is current. When it is old it only opens
    what was made under it, and when it is destroyed that can be opened by nobody. The log's key
    signs the log and stays the same. Times are UTC.

    Example: privguard keys list
    """
    found = runtime.keys_there(runtime.home()).stored_keys()
    rows = [(key.id, key.use, key.created, key.destroyed or "-", key.state) for key in found]
    rows += [
        (key.id, f"serving {key.person}", _as_others(key.created), "-", f"until {_as_others(key.expires)}")
        for key in runtime.serving_keys().all().values()
    ]
    click.echo(table(("id", "use", "made", "erased", "state"), rows))


def _as_others(time: str) -> str:
    """``time`` as the keys of the deployment have theirs."""
    return time.replace("+00:00", "Z")


@command.command()
@click.argument("person")
@click.option("--days", default=90, show_default=True, help="How long it holds, 1 to 3650 days.")
def issue(person: str, days: int) -> None:
    """Make a bearer key by which a served model knows PERSON.

    It is printed this once; only a keyed code of it is kept. PERSON is one of the policy's principals, and which
    tier the key gives is the policy's word on them. What stands before the second underscore is its id.

    Example: privguard keys issue analyst-1 --days 30
    """
    has_role = runtime.has_role(person, runtime.policy())
    click.echo(runtime.issue_serving_key(person, days=days))
    if not has_role:
        click.echo(
            f"privguard: the policy in force gives {printable(person)} no role, so this key gives tier public alone; "
            "mend the name, or the policy's `principals`.",
            err=True,
        )


@command.command()
@click.argument("key")
def revoke(key: str) -> None:
    """Take back the bearer key with the id KEY, from the next request on.

    Example: privguard keys revoke 5f0c2a91
    """
    person = runtime.revoke_serving_key(key.removeprefix("pgs_").partition("_")[0])
    click.echo(f"privguard: the key of {person} opens nothing any more.", err=True)


@command.command()
def rotate() -> None:
    """Make a new masking key and use it from now on; its id is printed.

    Tokens and sealed values of the old key can still be opened by whoever may; equal values have
    other tokens from now on. Running notebooks use the new key from their next cell on.

    Example: privguard keys rotate
    """
    home = runtime.home()
    fresh, before = runtime.rotate_keys(home).key_ids[:2]
    click.echo(fresh)
    click.echo(
        f"privguard: key {fresh} is current from now on, {before} opens what was made under it; back up {home.keys} "
        "again.",
        err=True,
    )


@command.command()
@click.argument("key_id")
@click.option("--yes", is_flag=True, help="Do not ask.")
def destroy(key_id: str, yes: bool) -> None:
    """Erase the old masking key KEY_ID for good.

    Nobody opens again what was made under it: every token, sealed value and sealed file, of all
    data sets. Running notebooks let go of it at their next cell or output. The log stays and
    verifies: it holds no value. Backups of the key have to be destroyed as well, and a disk may
    keep old blocks; this command reaches neither.

    Example: privguard keys destroy 1a2b3c4d
    """
    home = runtime.home()
    runtime.keys_there(home).check_destroyable(key_id)
    if not yes:
        click.echo(f"What was made under key {key_id} can be opened by nobody then, you neither.", err=True)
        click.confirm(f"Erase key {key_id} for good?", abort=True, err=True)
    runtime.destroy_key(home, key_id)
    click.echo(
        f"privguard: key {key_id} is destroyed, here and in running notebooks; destroy it in your backups of "
        f"{home.keys} as well.",
        err=True,
    )
