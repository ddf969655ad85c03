"""Who asks, and in which groups they are: what a server's identity provider knows, and nothing that anybody made up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from jupyter_server.auth.identity import IdentityProvider, PasswordIdentityProvider

from jupyter_privguard.model import Principal
from jupyter_privguard.server.people import person
from jupyter_privguard.settings import account_name


class Directory(IdentityProvider):
    """A provider that somebody configured."""


def asked_by(provider: Any, **user: Any) -> Any:
    return SimpleNamespace(identity_provider=provider, current_user=SimpleNamespace(**user))


@pytest.mark.parametrize(
    ("user", "groups"),
    [
        ({"groups": ["staff", "risk"]}, ("risk", "staff")),
        ({"groups": {"risk"}}, ("risk",)),
        ({"hub_user": {"name": "alice", "groups": ["risk"]}, "groups": ["other"]}, ("risk",)),
        ({"hub_user": {"name": "alice"}}, ()),
        ({}, ()),
        ({"groups": "risk"}, ()),  # letters are no groups
        ({"groups": ["risk", {"name": "admins"}, None, 7]}, ("risk",)),
        ({"groups": ["x" * 201, "x" * 200]}, ("x" * 200,)),  # what would be cut could be another group
        ({"groups": None}, ()),
    ],
)
def test_groups_are_those_that_the_provider_names(user: dict[str, Any], groups: tuple[str, ...]) -> None:
    assert person(asked_by(Directory(), username="alice", **user)) == Principal(
        "alice", assurance="server", groups=groups
    )


def test_a_person_in_very_many_groups_is_in_the_first_of_them() -> None:
    found = person(asked_by(Directory(), username="alice", groups=[f"g{place:04}" for place in range(1000)])).groups

    assert (len(found), found[0]) == (100, "g0000")


@pytest.mark.parametrize("provider", [IdentityProvider(), PasswordIdentityProvider(), None])
def test_where_nobody_is_known_it_is_the_account_without_groups(provider: Any) -> None:
    found = person(asked_by(provider, username="alice", groups=["risk"], hub_user={"groups": ["risk"]}))

    assert found == Principal(account_name(), assurance="os")


def test_a_name_that_is_cut_is_nobodys_in_a_policy() -> None:
    found = person(asked_by(Directory(), username="x" * 300)).id

    assert found.startswith("x" * 200)
    assert len(found) == 201
