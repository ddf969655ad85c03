"""What a path or an address says about the data set that is read by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_privguard.guard.cells.sources import data_sets_of
from jupyter_privguard.guard.columns.datasets import local_path
from jupyter_privguard.model import Principal, Request, Tier
from jupyter_privguard.policy.decide import decide
from jupyter_privguard.policy.rules import DatasetRule, Policy


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("data/x.csv", "data/x.csv"),
        ("/data/100%25.csv", "/data/100%25.csv"),
        ("file:///data/a%20b.csv", "/data/a b.csv"),
        ("FILE:///data/%63ustomers.csv", "/data/customers.csv"),
        ("file://[", "file://["),
        ("https://host/data/x.csv", None),
        ("s3://bucket/x.csv", None),
    ],
)
def test_the_path_of_a_file_here(source: str, path: str | None) -> None:
    assert local_path(source) == path


@pytest.mark.parametrize("form", ["{}", "file://{}", "FILE://{}"])
@pytest.mark.parametrize("name", ["customers.csv", "%63ustomers.csv"])
def test_a_bound_file_is_refused_by_any_of_its_names(tmp_path: Path, form: str, name: str) -> None:
    (tmp_path / "prod").mkdir()
    (tmp_path / "prod" / "customers.csv").write_text("a\n1\n")
    (tmp_path / "weather.csv").symlink_to(tmp_path / "prod" / "customers.csv")

    def is_allowed(glob: str, path: str) -> bool:
        policy = Policy("a file", "0" * 64, datasets=(DatasetRule(glob, {}, "prod"),))
        return decide(
            Request(Principal("a"), "run", Tier.PUBLIC, datasets=tuple(data_sets_of(path, policy))), policy
        ).allowed

    is_other = name.startswith("%") and form == "{}"  # a file that is called so
    assert is_allowed("customers*", form.format(tmp_path / "prod" / name)) is is_other
    assert not is_allowed(f"{tmp_path}/prod/*", form.format(tmp_path / "prod" / name))
    assert not is_allowed("customers*", form.format(tmp_path / "weather.csv"))
    assert is_allowed("customers*", form.format(tmp_path / "rain.csv"))
