"""Which data sets a cell uses is read from its code, and labels, texts for people and files to be written are none."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from jupyter_privguard.guard.cells.usage import data_sets_used
from jupyter_privguard.policy.rules import DatasetRule, Policy, Purpose

BOUND = Policy("a file", "0" * 64, datasets=(DatasetRule("customers*", {}, "prod"),))
FOR_CHURN = Policy("a file", "0" * 64, purposes={"churn": Purpose(datasets=("customers*",))})
NAMESPACE: dict[str, Any] = {
    "path": "customers.csv",
    "folder": Path("data"),
    "files": ["other.csv", "data/customers-2.parquet"],
    "name": "customers",
    "query": "select * from customers",
    "n": 5,
    "df": object(),
    "other": object(),
    "tables": [],
}
NAMESPACE["tables"].append(NAMESPACE["df"])
NAMESPACE["nested"] = {"a": [{"b": NAMESPACE["df"]}]}
NAMESPACE["__name__"] = "__main__"
exec(  # as cells define them
    """
def use(): return df
def use_again(): return [use() for _ in range(2)]
def keeping(table):
    return lambda: table
kept = keeping(df)
def by_default(table=df): return table
def use_other(df): return other
""",
    NAMESPACE,
)
SOURCES = {id(NAMESPACE["df"]): "/data/customers.csv", id(NAMESPACE["other"]): "weather.csv"}

USES = [
    "pd.read_csv('customers.csv')",
    "pd.read_csv(filepath_or_buffer='s3://bucket/customers.parquet')",
    "pd.read_csv('file:///data/%63ustomers.csv')",
    "pd.read_csv(path)",
    "p = 'customers.csv'\npd.read_csv(p)",
    "p = folder / 'customers.csv'\nopen(p).read()",
    "def get():\n    p = 'customers.csv'\n    return open(p)",
    "everything = ['customers.csv']\nfor file in everything:\n    open(file)",
    "pl.scan_parquet(f'{folder}/customers-{n}.parquet')",
    "pl.read_csv('cust' + 'omers.csv')",
    "pd.read_csv(os.path.join('data', 'customers.csv'))",
    "(folder / 'customers.csv').read_text()",
    "Path('customers.csv').read_bytes()",
    "for file in files: load(file)",
    "pd.read_sql('select name from customers where n > 3', db)",
    "pd.read_sql(query, db)",
    "pd.read_sql_table('customers', db)",
    "pd.read_sql('select * from orders o join customers c on o.id = c.id', db)",
    "pd.read_sql('with x as (select * from orders) select * from x, customers', db)",
    "duckdb.sql(\"select * from 'customers.csv'\")",
    "duckdb.sql('select * from df')",
    "load_data(name)",
    "df.head()",
    "def later():\n    return df",
    "df += 1",
    "tables[0]",
    "nested['a'][0]['b']",
    "use()",
    "use_again()",
    "kept()",
    "by_default()",
    "map(use, [1])",
    "print(df)",
    "print(pd.read_csv('customers.csv'))",
    "pd.read_csv('customers.csv').to_csv('out.csv')",
    "df['a'].to_csv('out.csv')",
    "!cat customers.csv",
    "!head -3 data/customers.csv | wc -l",
    "!cat {path}",
    "!cat $path",
    "lines = !cat customers.csv",
    "%time pd.read_csv('customers.csv')",
    "%%time\npd.read_csv('customers.csv')",
    "%%bash\ncat customers.csv",
    "%%time\ndf.head()",
    "%cat customers.csv",
    "%%sql\nselect * from customers",
    "names = ['other.csv', 'customers.csv']\nfor name in names:\n    open(name)",
    "names = ['customers.csv']\nnames += ['b.csv']\nload(names)",
    "settings = {'input': 'customers.csv', 'n': 3}\nopen(settings['input'])",
    "settings = {'io': {'input': 'customers.csv'}}",
    "p = Path('customers.csv')\nif p.exists():\n    p.read_text()",
    "plt.title(open('customers.csv').readline())",
    "raise ValueError(open('customers.csv').read())",
    "raise ValueError(df)",
    "logging.info(pd.read_csv(path))",
    "assert n, open(path).read()",
    "assert open(path).read()",
    "df",
]

USES_NOT = [
    "use_other(1)",
    "keeping(1)",
    "print('customers')",
    "print('wrote customers.csv')",
    "raise ValueError('no customers left')",
    "orders['customers']",
    "orders[['customers', 'n']]",
    "orders.kind == 'customers.csv'",
    "{'customers.csv': 1}",
    "'customers.csv'",
    "orders.rename(columns={'customers': 'n'})",
    "orders.groupby('customers').sum()",
    "orders.query('customers > 5')",
    "pd.read_csv('orders.csv', usecols=['customers'], index_col='customers')",
    "orders.to_csv('customers.csv')",
    "open('customers.csv', 'w').write('x')",
    "Path('customers.csv').write_text('x')",
    "customers = 3",
    "p = 'customers.csv'\nprint(p)",
    "df = 3",
    "del df",
    "other.head()",
    "pd.read_csv('all-customers.csv')",
    "!echo hi > customers.csv",
    "%privguard classify customers.csv",
    "%privguard purpose customers",
    "%load_ext customers.csv",
    "# customers.csv",
    "x = ((((1))))",
    "path",
    "query",
    "orders.plot(title='customers.csv', label='customers.csv')",
    "plt.title('customers.csv')",
    "ax.set_xlabel(path)",
    "fig.suptitle(query)",
    "logging.info('customers.csv')",
    "log.warning(query)",
    "tqdm(orders, desc='customers.csv')",
    "parser.add_argument('--data', help='such as customers.csv')",
    "raise ValueError('customers.csv')",
    "raise ValueError(path) from error",
    "assert n, 'customers.csv'",
    "folder.is_dir()",
    "Path('customers.csv').exists()",
    "p = Path('customers.csv')\nprint(p.stem)\np.is_file()",
    "settings = {'input': 'customers.csv', 'n': 3}",
    "names = ['customers.csv', 'other.csv']",
    "names = ('customers.csv',)\nlen(names)",
    "%%markdown\n# customers.csv",
    "%%writefile script.py\nimport pandas as pd\npd.read_csv('customers.csv')",
    "%%latex\ncustomers.csv",
]


def _used(code: str, policy: Policy = BOUND, purpose: str | None = None) -> list[str]:
    cell = ast.parse(TransformerManager().transform_cell(code))
    found = data_sets_used(
        cell, policy, purpose=purpose, namespace=NAMESPACE, source_of=lambda obj: SOURCES.get(id(obj))
    )
    return [used.name for used in found]


def _is_bound(names: list[str]) -> bool:
    return any(name.startswith("customers") for name in names)


@pytest.mark.parametrize("code", USES)
def test_a_cell_that_uses_a_data_set_is_seen_to(code: str) -> None:
    assert _is_bound(_used(code))


@pytest.mark.parametrize("code", USES_NOT)
def test_a_cell_that_does_not_is_left_alone(code: str) -> None:
    assert not _is_bound(_used(code))


def test_nothing_is_looked_for_where_the_policy_binds_nothing() -> None:
    policy = Policy("a file", "0" * 64, purposes={"any": Purpose()})

    assert _used("pd.read_csv('customers.csv')", policy, "any") == []
    assert _used("pd.read_csv('customers.csv')", FOR_CHURN) == [], "no purpose, no restriction"


def test_what_is_read_as_a_table_is_a_data_set_whatever_it_is_called() -> None:
    assert _used("pd.read_csv('weather.csv')", FOR_CHURN, "churn") == ["weather"]
    assert _used("other.head()", FOR_CHURN, "churn") == ["weather"]
    assert _used("pd.read_sql('select * from a, b', db)", FOR_CHURN, "churn") == ["a", "b"]


@pytest.mark.parametrize("code", ["pd.read_csv(''.join(['wea', 'ther.csv']))", "pd.read_csv(x + 'ther.csv')"])
def test_a_part_of_a_name_is_not_taken_for_the_whole(code: str) -> None:
    assert _used(code, FOR_CHURN, "churn") == []


@pytest.mark.parametrize(
    "code",
    [
        "open('model.pkl', 'rb')",
        "json.load(open('settings.json'))",
        "plt.imread('plot.png')",
        "!pip list",
        "orders['a']",
    ],
)
def test_settings_models_and_pictures_are_no_data_sets_of_a_purpose(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("model.pkl", "settings.json", "plot.png"):
        (tmp_path / name).write_text("")

    assert _used(code, FOR_CHURN, "churn") == []


def test_files_of_tables_that_are_there_are_data_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "weather.csv").write_text("")

    for code in ("open('weather.csv')", "!cat weather.csv", "!cat *.csv", "csv.reader(open('weather.csv'))"):
        assert _used(code, FOR_CHURN, "churn") == ["weather"], code
    assert _used("open('climate.csv')", FOR_CHURN, "churn") == []
    assert _used("df.to_csv('weather.csv')", FOR_CHURN, "churn") == ["customers"], "the file is only written"


def test_a_link_is_what_it_points_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "customers.csv").write_text("")
    (tmp_path / "harmless.csv").symlink_to("customers.csv")

    assert _used("pd.read_csv('harmless.csv')") == ["harmless", "customers"]


def test_code_nested_deeper_than_anybody_writes_raises_nothing() -> None:
    cell = ast.parse("+".join(["x"] * 500))

    assert data_sets_used(cell, BOUND, purpose=None, namespace={}, source_of=lambda obj: None) == []
