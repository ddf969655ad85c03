"""Whatever an output is made of, what its transform makes passes and has the same form."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_privguard import runtime
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.reviewing.forms import rows_of
from jupyter_privguard.reviewing.reviewer import Reviewer

_NAMES = st.sampled_from(
    "id customer_id name score label email notes p K19191 age city value feature a.b predictions".split()
)
_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False),
    st.sampled_from(
        [
            "K48291",
            "Maria Keller",
            "m.keller@example.org",
            "high",
            "",
            "1974-03-02",
            "because K48291 left us last year in the spring",
        ]
    ),
)
_TREES = st.recursive(
    _VALUES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_NAMES, inner, max_size=4)),
    max_leaves=12,
)
_quick = partial(settings, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def reviewer() -> Reviewer:
    return Reviewer(built_in(), runtime.keyring(runtime.home())[0])


@given(_TREES)
@_quick(max_examples=300)
def test_taking_an_output_apart_and_putting_it_together_changes_nothing(tree: Any) -> None:
    rows = rows_of(tree)

    again = rows.back({**rows.columns, **rows.beside})

    assert again == tree
    assert json.dumps(again) == json.dumps(tree)


@given(_TREES.filter(lambda tree: not isinstance(tree, str)))
@_quick(max_examples=60)
def test_what_a_transform_makes_passes_and_has_the_same_form(reviewer: Reviewer, tree: Any) -> None:
    before = json.dumps(tree)
    found = reviewer.review(tree)
    assert found.transform is not None

    made = found.transform(tree)

    assert not reviewer.review(made).blocked
    assert type(made) is type(tree)
    assert json.dumps(tree) == before
    assert "example.org" not in json.dumps(made)
