"""Front ends that ask a kernel for tables and variables past the display: data viewers, debuggers, expressions."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.conftest import EMAIL, NAME, Kernel

SECRETS = (EMAIL, "ravi.menon42", NAME, "Ravi Menon", "51234", "48765")
# As editors do it: any variable becomes a table, a part of it JSON, which is printed or returned.
VIEWER = """
def _viewer_rows(value, start, end, as_value):
    import builtins, numpy, pandas, pandas.io.json as writer
    if isinstance(value, list):
        value = pandas.DataFrame(value)
    elif isinstance(value, dict):
        value = pandas.Series.to_frame(pandas.Series(value))
    elif isinstance(value, pandas.Series):
        value = pandas.Series.to_frame(value)
    rows = pandas.DataFrame(value).iloc[start:end]
    rows = rows.replace({numpy.inf: "inf", -numpy.inf: "-inf", numpy.nan: "nan"})
    text = writer.to_json(None, rows, orient="split", date_format="iso")
    return text if as_value else builtins.print(text)
"""
VARIABLES = {
    "df": "df",
    "rows": "df.values.tolist()",
    "records": "df.to_dict('records')",
    "array": "df.to_numpy()",
    "pay": "df['income'].to_numpy()",
    "column": "df['income']",
    "first": "df.iloc[0].to_dict()",
    "emails": "list(df.email)",
    "numbers": "df.income.tolist()",
}


@pytest.fixture
def filled(guarded: Kernel) -> Kernel:
    guarded.run(VIEWER, silent=True, store_history=False)
    assert guarded.run("\n".join(f"{name} = {code}" for name, code in VARIABLES.items())).ok
    return guarded


def shown(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_a_data_viewer_gets_masked_rows(filled: Kernel) -> None:
    for name in VARIABLES:
        printed = filled.run(f"_viewer_rows({name}, 0, 5, False)", silent=True, store_history=False)
        assert printed.ok and printed.streams and shown(printed.screen) == [], name
        result = filled.run(f"_viewer_rows({name}, 0, 5, True)", store_history=False)
        assert result.ok and result.data and shown(result.screen) == [], name


def test_expressions_beside_a_cell_or_without_one(filled: Kernel, home: Any) -> None:
    asked = {name: name for name in VARIABLES} | {
        f"{name} rows": f"_viewer_rows({name}, 0, 5, True)" for name in VARIABLES
    }
    for code in ("", "1 + 1"):
        answered = filled.run(code, silent=not code, store_history=False, user_expressions=asked)
        expressions = answered.reply["user_expressions"]
        assert {one["status"] for one in expressions.values()} == {"ok"}
        assert shown(answered.screen) == []

    runs = [e for e in home.events("cell.run") if "expressions" in e["cell"]]
    assert all("df" in [used["name"] for used in run["datasets"]] for run in runs)
    noted = [run["cell"] for run in runs]
    assert [bool(cell["source"]) for cell in noted] == [False, True]
    assert all("_viewer_rows(numbers, " in cell["expressions"] for cell in noted)


def test_refused_expressions_are_not_evaluated(start: Any, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(
        'version: 1\nenvironment: dev\ndatasets: {"customers*": {environment: prod}}\n'
    )
    (tmp_path / "customers.csv").write_text(f"email,n\n{EMAIL},1\n")
    kernel = start(PRIVGUARD_POLICY=str(tmp_path / "policy.yaml"))
    kernel.run("%load_ext jupyter_privguard")
    asked = {"read": "open('ran', 'w') and open('customers.csv').read()", "sum": "1 + 1"}

    for code in ("", "2 + 2"):
        answer = kernel.run(code, silent=not code, user_expressions=asked).reply["user_expressions"]
        assert {one["status"] for one in answer.values()} == {"error"}
        assert "bound to environment prod" in answer["read"]["evalue"]
        assert not (tmp_path / "ran").exists()
    assert (
        kernel.run("", silent=True, user_expressions={"sum": "1 + 1"}).reply["user_expressions"]["sum"]["status"]
        == "ok"
    )


def test_a_variable_list_by_name(filled: Kernel) -> None:
    listed = filled.run(
        "print([(name, repr(value)[:400]) for name, value in list(globals().items()) if name[0] != '_'])", silent=True
    )

    assert listed.ok and "numbers" in listed.streams and shown(listed.screen) == []


def test_the_variables_of_a_debugger(filled: Kernel) -> None:
    pytest.importorskip("debugpy")
    numbers = itertools.count(1)

    def ask(command: str, **arguments: Any) -> dict[str, Any]:
        client = filled.client
        content = {"type": "request", "seq": next(numbers), "command": command, "arguments": arguments}
        request = client.session.msg("debug_request", content)
        client.control_channel.send(request)
        while True:
            reply: dict[str, Any] = client.get_control_msg(timeout=30)
            if reply["parent_header"].get("msg_id") == request["header"]["msg_id"]:
                return reply["content"]

    assert ask("initialize", clientID="test", adapterID="debugpy", pathFormat="path")["success"]
    listed = str(ask("inspectVariables"))
    assert "'numbers'" in listed and shown(listed) == []
    for name in VARIABLES:
        rich = ask("richInspectVariables", variableName=name)
        assert rich["success"] and shown(str(rich)) == [], name


TABLE_BUTTON = """
import json, uuid, weakref
from IPython import get_ipython
kept = {}
class InteractiveTable:
    def __init__(self, table): self._table = table
    def _repr_javascript_(self):
        columns = [list(map(str, self._table[name])) for name in self._table.columns]
        rows = [dict(zip(self._table.columns, row)) for row in zip(*columns)]
        records = json.loads(self._table.to_json(orient="values"))
        return "createTable(" + json.dumps({"rows": rows, "records": records}) + ");"
def with_button(table):
    key = str(uuid.uuid4())
    kept[key] = table
    return f'<div id="{key}">{table._repr_html_()}<button data-key="{key}">more</button></div>'
def convert(key=None):
    return InteractiveTable(kept[key or list(kept)[-1]])
html = get_ipython().display_formatter.formatters["text/html"]
html.for_type_by_name(type(df).__module__, "DataFrame", with_button)
"""


def test_a_table_behind_a_button(guarded: Kernel) -> None:
    assert guarded.run(TABLE_BUTTON, silent=True).ok
    table = guarded.run("df")
    assert "<button" in table.screen and shown(table.screen) == []

    fetched = guarded.run("", silent=True, user_expressions={"result": "convert()"})
    result = fetched.reply["user_expressions"]["result"]
    assert "createTable" in result["data"]["application/javascript"] and shown(fetched.screen) == []
    # Formatters that keep the very table, whatever they were given.
    own = guarded.run("", silent=True, user_expressions={"result": "InteractiveTable(df)"})
    assert "createTable" in own.screen and shown(own.screen) == []
    assert shown(guarded.run("InteractiveTable(df.head(3))").screen) == []
