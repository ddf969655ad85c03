"""A sealed table in a guarded notebook: computed on as it is, shown masked, on the record."""

from __future__ import annotations

from pathlib import Path


def test_a_sealed_table_is_shown_masked_and_computed_on_exactly(kernel, home, tmp_path: Path) -> None:
    rows = "".join(f"asha{n}@corp.example,{1000 + n}\n" for n in range(40))
    (tmp_path / "people.csv").write_text(f"email,amount\n{rows}")
    assert home.command("seal", str(tmp_path / "people.csv"), "--remove").returncode == 0
    assert kernel.run("%load_ext jupyter_privguard").ok

    read = kernel.run("import jupyter_privguard as pg\ndf = pg.read_sealed('people.csv.sealed')\ndf")
    exact = kernel.run("print(df['email'].str.startswith('asha').all(), df['amount'].sum() == 40780)")

    assert read.ok and "***@" in read.screen and "asha" not in read.screen
    assert exact.streams == "True True\n"
    assert [path.name for path in tmp_path.glob("people*")] == ["people.csv.sealed"]
    (opened,), (loaded,) = home.events("data.unseal"), home.events("data.load")
    assert opened["outcome"] == "ok" and opened["dataset"] == {"name": "people", "source": "people.csv.sealed"}
    assert loaded["dataset"]["name"] == "people" and loaded["dataset"]["source"].endswith("people.csv.sealed")
    assert loaded["dataset"]["columns"][0]["entity"] == "EMAIL_ADDRESS"
