"""Data sets that a cell may not use: it is refused before it runs, and what its code does not show when it is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.kernel.conftest import EMAIL, PEOPLE

BOUND = """
version: 1
environment: dev
datasets: {"customers*": {environment: prod}}
"""
FOR_CHURN = """
version: 1
purposes:
  churn: {basis: legitimate-interest, datasets: ["customers*"]}
  old: {basis: contract, expires: 2020-01-31}
  rain: {datasets: [weather]}
"""
DERIVED = ("part.shape", "one.shape", "two.shape", "three.shape", "four.shape", "five.shape", "six.shape", "use()")
REFUSED = "data set customers is bound to environment prod, and this is dev"


@pytest.fixture
def under(start, tmp_path: Path):
    """A guarded kernel under a policy, beside files of tables."""

    def under(text: str):
        (tmp_path / "policy.yaml").write_text(text)
        (tmp_path / "customers.csv").write_text(f"email,n\n{EMAIL},1\nb.c@d.example,2\n")
        (tmp_path / "weather.csv").write_text("day,rain\n1,2\n3,4\n")
        kernel = start(PRIVGUARD_POLICY=str(tmp_path / "policy.yaml"))
        kernel.run("%load_ext jupyter_privguard")
        assert kernel.run("import pandas as pd\nfrom pathlib import Path").ok
        return kernel

    return under


def _sentence(cell) -> str:
    """What a refused cell says, which is one sentence and no traceback."""
    (error,) = cell.of("error")
    (line,) = error["traceback"]
    assert line.startswith("privguard: ") and "Traceback" not in cell.screen, line
    return line


def test_a_data_set_of_another_environment_is_refused_before_the_cell_runs(under, home, tmp_path: Path) -> None:
    kernel = under(BOUND)
    kernel.run("name = 'customers.csv'\nfolder = Path('.')")
    codes = [
        "open('ran', 'w')\npd.read_csv('customers.csv')",
        "open('ran', 'w')\npd.read_csv(folder / name)",
        "open('ran', 'w')\nopen('customers.csv').read()",
        "%time open('ran', 'w'), pd.read_csv('customers.csv')",
        "%%time\nopen('ran', 'w')\npd.read_csv('customers.csv')",
        "!touch ran; cat customers.csv",
        "%%bash\ntouch ran\ncat customers.csv",
    ]
    for code in codes:
        refused = kernel.run(code)
        assert not refused.ok and REFUSED in _sentence(refused), code
        assert not (tmp_path / "ran").exists() and "corp.example" not in refused.screen, code

    assert kernel.run("pd.read_csv('weather.csv')").ok
    runs = [e for e in home.events("cell.run") if e["outcome"] == "refused"]
    assert len(runs) == len(codes)
    assert {(e["rule"], e["refusal"].startswith("privguard: data set customers")) for e in runs} == {
        ("datasets.customers*.environment", True)
    }
    assert len(home.events("cell.start")) == len(home.events("cell.run"))


def test_a_purpose_that_no_cell_could_name_is_not_set_for_the_notebook(under, home) -> None:
    kernel = under(FOR_CHURN)
    for wrong, said in (("chrun", "choose one of churn, old, rain"), ("old", "purpose old ended on 2020-01-31")):
        refused = kernel.run(f"%privguard purpose {wrong}")
        assert said in refused.screen and kernel.run("1 + 1").ok, wrong

    assert "purpose churn" in kernel.run("%privguard purpose churn").screen
    assert not kernel.run("%privguard purpose old").ok
    assert "purpose churn" in kernel.run("%privguard purpose").screen, "what was set stays"
    assert "purpose -" in kernel.run("%privguard purpose --off").screen
    for what in ("purpose", "experiment"):
        assert "takes a name, or --off" in kernel.run(f"%privguard {what} --of").screen
        assert f"{what} -\n" in kernel.run(f"%privguard {what}").streams
    assert "in a terminal, with `privguard policy check FILE`" in kernel.run("%privguard policy check p.yaml").screen


def test_what_the_code_does_not_show_is_refused_when_it_is_read(under, home) -> None:
    kernel = under(BOUND)
    assert kernel.run("def get(word, read=pd.read_csv): return read(word + 'mers.csv')").ok
    polars = kernel.run("import polars as pl\nget('custo', pl.read_csv)")
    assert not polars.ok and REFUSED in _sentence(polars)

    refused = kernel.run("df = get('custo')")
    assert not refused.ok and REFUSED in _sentence(refused)
    several = kernel.run("get('custo', lambda name: pl.read_parquet(['weather.parquet', name]))")
    assert not several.ok and REFUSED in _sentence(several)
    nested = kernel.run("pd.DataFrame({'a': [1]}).agg(lambda column: get('custo').shape[0])")
    assert not nested.ok and REFUSED in nested.screen
    caught = kernel.run("try:\n    df = get('custo')\nexcept Exception as error:\n    print(type(error).__name__)")
    assert caught.ok and caught.streams == "Refused\n"
    assert not kernel.run("df").ok, "there is no frame"
    *_, first, _, second = [e for e in home.events("cell.run") if e["rule"] and e["rule"].startswith("datasets.")]
    assert (first["outcome"], second["outcome"]) == ("refused", "ok")
    assert first["refusal"] == second["refusal"] and "bound to environment prod" in first["refusal"]


def test_sealed_files_and_the_command_line_obey_too(under, home, tmp_path: Path) -> None:
    assert home.command("seal", str(tmp_path / "none")).returncode == 3
    kernel = under("version: 1\nenvironment: dev\n")
    csv = str(tmp_path / "customers.csv")
    assert home.command("seal", csv).returncode == 0
    (tmp_path / "policy.yaml").write_text(BOUND)

    kernel.run("import jupyter_privguard as pg")
    refused = kernel.run("pg.read_sealed('customers' + '.csv.sealed')")
    assert not refused.ok and REFUSED in _sentence(refused)
    assert not home.events("data.unseal"), "it did not get as far"
    other = kernel.run("pg.read_sealed(''.join(['custo', 'mers.csv.sealed']))")
    assert not other.ok and REFUSED in _sentence(other)
    assert home.events("data.unseal")[-1]["outcome"] == "refused"


@pytest.mark.parametrize("command", ["classify FILE", "mask FILE -o OUT", "seal FILE -o OUT", "unseal FILE -o OUT"])
def test_no_command_touches_a_data_set_of_another_environment(home, tmp_path: Path, monkeypatch, command: str) -> None:
    file, out, policy = tmp_path / "customers.csv", tmp_path / "out.csv", tmp_path / "policy.yaml"
    file.write_text(f"email,n\n{EMAIL},1\n")
    assert home.command("keys", "init").returncode == 0
    policy.write_text(BOUND)
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))

    words = [{"FILE": str(file), "OUT": str(out)}.get(word, word) for word in command.split()]
    refused = home.command(*words)
    assert refused.returncode == 3 and REFUSED in refused.stderr and refused.stderr.count("\n") == 1
    assert not refused.stdout and not out.exists()

    policy.write_text(BOUND.replace("dev", "prod"))
    if "unseal" not in command:
        assert home.command(*words).returncode == 0


def test_a_purpose_must_be_known_alive_and_for_the_data(under, home) -> None:
    kernel = under(FOR_CHURN)
    kernel.run(
        "weather = pd.read_csv('weather.csv')\ncustomers = pd.read_csv('customers.csv')\npart = customers.head(1)\n"
        "one, two = customers.assign(z=1), customers.rename(columns={'email': 'e'})\n"
        "three = customers.set_index('email')\n"
        "four = customers.merge(weather, left_index=True, right_index=True)\n"
        "five, six = customers.email, pd.DataFrame(customers.to_dict())\n"
        "def use(): return customers.shape"
    )

    for header, body, why in (
        ("--purpose fraud", "1", "the policy knows no such purpose; choose one of churn, old, rain"),
        ("--purpose old", "1", "purpose old ended on 2020-01-31"),
        ("--purpose churn", "weather.rain.sum()", "data set weather is none of those that purpose churn is for"),
        ("--purpose churn", "pd.read_csv('weather.csv')", "data set weather is none of those"),
        *(("--purpose rain", code, "data set customers is none of those") for code in DERIVED),
        ("--purpose churn", "pd.read_csv(''.join(['wea', 'ther.csv']))", "data set weather is none of those"),
    ):
        refused = kernel.run(f"%%secure {header}\n{body}")
        assert not refused.ok and why in _sentence(refused), (header, body)
    for code in (
        "%%secure --purpose churn\npart, customers.n.sum()",
        "%%secure --purpose churn\ncustomers.to_csv('out.csv')\ncustomers.to_csv('out.csv')",
        "%%secure --purpose churn\nprint('weather.csv is not read')",
        "weather.rain.sum()",
    ):
        assert kernel.run(code).ok, code
    rules = [e["rule"] for e in home.events("cell.run") if e["outcome"] == "refused"]
    assert rules == [
        *("purposes", "purposes.old.expires", "purposes.churn.datasets", "purposes.churn.datasets"),
        *["purposes.rain.datasets"] * len(DERIVED),
        "purposes.churn.datasets",
    ]


def test_files_that_hold_sensitive_columns_are_refused_where_the_policy_says_so(under, home, tmp_path: Path) -> None:
    kernel = under("version: 1\nfiles: refuse\n")
    kernel.run(
        PEOPLE + "\nimport io, sqlite3\nimport polars as pl\nimport jupyter_privguard as pg\ndb = sqlite3.connect('db')"
    )
    codes = [
        "df.to_csv('out')",
        "df.to_csv(Path('out'))",
        "df.to_csv(path_or_buf='out')",
        "df.to_json('out')",
        "df.to_pickle('out')",
        "df.to_parquet('out')",
        "df.to_html('out')",
        "df.to_xml(path_or_buffer='out')",
        "df.email.to_csv('out')",
        "df.head(2).to_csv('out')",
        "df.sort_values('income').to_csv('out')",
        "df.style.to_html('out')",
        "df.set_index('email').T[:1].to_csv('out')",
        "df[['plan', 'amount', 'email']].drop_duplicates().pivot(index='plan', columns='email').to_csv('out')",
        "df[['plan', 'email']].T.to_csv('out')",
        "df.loc[0].to_csv('out')",
        "df[['plan', 'amount']].assign(**{df.email[0]: 1}).to_csv('out')",
        "df.to_excel('out.xlsx')",
        "df.set_index('email')[['plan']].to_csv('out')",
        "pg.mask(df).assign(email=df.email).to_csv('out')",
        "pg.mask(df, tier='internal').to_csv('out')",
        "pl.from_pandas(df).write_csv('out')",
        "pl.from_pandas(df).write_parquet(file='out')",
        "pl.from_pandas(df).lazy().sink_csv('out')",
    ]
    for code in (
        "pg.mask(df).to_csv('masked.csv')",
        "pg.mask(df).head(3).to_csv('masked.csv')",
        "%%secure --tier internal\npg.mask(df, tier='internal').to_csv('masked.csv')",
        "%%secure --tier internal\npg.mask(df, tier='internal').head(4).email.to_csv('masked.csv')",
        "df[['plan', 'amount']].to_csv('plan.csv')",
        "df[['amount']].loc[0].to_csv('plan.csv')",
        "pg.mask(df).T.to_csv('masked.csv')",
        "pg.mask(df.T).to_csv('masked.csv')",
        "pg.mask(df.set_index('email').T[:1]).to_csv('masked.csv')",
        "df.groupby('plan').amount.mean().to_csv('means.csv')",
        "pl.from_pandas(df[['plan', 'amount']]).write_csv('plan.csv')",
        "pl.from_pandas(df[['plan', 'amount']]).lazy().sink_csv('plan.csv')",
        "pd.read_csv('weather.csv').to_csv('rain.csv')",
        "text = df.to_csv()",
        "df.to_csv(io.StringIO())",
    ):
        cell = kernel.run(code)
        assert cell.ok, (code, cell.of("error"))

    for code in codes:
        refused = kernel.run(code)
        assert not refused.ok, code
        assert "the policy refuses to let" in _sentence(refused) and "be written to a file" in refused.screen, code
        assert not (tmp_path / "out").exists() and not (tmp_path / "out.xlsx").exists(), code
    table = kernel.run("df.to_sql('people', db)")
    assert not table.ok and "a database" in _sentence(table)
    assert kernel.run("print(db.execute('select count(*) from sqlite_master').fetchall())").streams == "[(0,)]\n"
    assert EMAIL not in (tmp_path / "masked.csv").read_text()
    ended = home.events("cell.run")
    assert [(e["rule"], e["sinks"]) for e in ended if e["outcome"] == "refused"] == [("files", [])] * (len(codes) + 1)
    assert all("masked copy" in e["refusal"] for e in ended if e["outcome"] == "refused")


def test_a_masked_copy_with_plain_values_put_back_is_none(under, tmp_path: Path) -> None:
    kernel = under("version: 1\nfiles: refuse\n")
    kernel.run(PEOPLE + "\nimport jupyter_privguard as pg")

    for code in (
        "made = pg.mask(df)\nmade.loc[0, 'email'] = df.email[0]\nmade.to_csv('out')",
        "made = pg.mask(df)\nmade.iloc[:, 0] = df.email\nmade.to_csv('out')",
        "%%secure --tier internal\nmade = pg.mask(df, tier='internal')\n"
        "made.loc[0, 'email'] = df.email[0]\nmade.to_csv('out')",
    ):
        refused = kernel.run(code)
        assert not refused.ok and "be written to a file" in _sentence(refused), code
        assert not (tmp_path / "out").exists(), code


def test_files_are_recorded_where_the_policy_says_nothing(under, home, tmp_path: Path) -> None:
    kernel = under("version: 1\n")
    kernel.run(PEOPLE)

    assert kernel.run("df.to_csv('out.csv')").ok
    assert EMAIL in (tmp_path / "out.csv").read_text()
    [sink] = home.events("cell.run")[-1]["sinks"]
    assert (sink["kind"], sink["target"]) == ("file", "out.csv")


@pytest.mark.parametrize(("k", "is_exact"), [(3, True), (20, False)])
def test_statistics_are_exact_from_the_policys_k_on(under, k: int, is_exact: bool) -> None:
    kernel = under(f"version: 1\nk: {k}\n")
    kernel.run(PEOPLE)  # eight rows

    shown = json.dumps(kernel.run("df[['income']].mean()").data)
    assert ("49999.5" in shown) is is_exact
    grouped = json.dumps(kernel.run("df.groupby('plan').income.mean()").data)
    assert ("51234" in grouped) is is_exact


def test_a_column_that_the_policy_lowers_is_shown_in_parts_of_its_table_too(under, tmp_path: Path) -> None:
    kernel = under('version: 1\ndatasets: {"people*": {columns: {age: NONE, full_name: NONE}}}\n')
    rows = [f"Asha Kulkar{chr(97 + n)},asha{n}@corp.example,{31 + n}" for n in range(20)]
    (tmp_path / "people.csv").write_text("\n".join(["full_name,email,age", *rows]) + "\n")
    other = [f"Ravi Meno{chr(97 + n)},ravi{n}@corp.example,{61 + n}" for n in range(20)]
    (tmp_path / "staff.csv").write_text("\n".join(["full_name,email,age", *other]) + "\n")
    kernel.run("import jupyter_privguard as pg\ndf = pd.read_csv('people.csv')\nstaff = pd.read_csv('staff.csv')")

    for code in ("df", "df.head()", "df[:6]", "print(df[['age', 'full_name']])", "df[df.age < 40]"):
        shown = kernel.run(code).screen
        assert "Asha Kulkarb" in shown and "32" in shown, code
        assert "asha1@" not in shown and "30-34" not in shown, code
    assert "Asha Kulkarb" in kernel.run("df.full_name").screen and "\\n1     32" in kernel.run("df.age").screen
    masked = kernel.run("print(pg.mask(df.head(3)).to_string())").streams
    assert "Asha Kulkarb" in masked and "32" in masked and "asha1@" not in masked
    for code in ("staff", "staff.head()", "staff[['age', 'full_name']]", "staff.full_name", "staff.loc[1]"):
        assert "Ravi Meno" not in kernel.run(code).screen, code
