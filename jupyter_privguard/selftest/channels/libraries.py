"""Tables and reprs of other libraries, where they are installed."""

from __future__ import annotations

from ..channel import SHOWN, STREAM, Channel

__all__ = ["CHANNELS"]

_GROUP = "other libraries"


def _shows(name: str, code: str, *needs: str, by: tuple[str, ...] = SHOWN) -> Channel:
    return Channel(name, _GROUP, (code,), by, needs=needs)


CHANNELS = (
    _shows("polars", "import polars as pl\npl.read_csv('selftest_people.csv').head(3)", "polars"),
    _shows(
        "polars, printed",
        "import polars as pl\nprint(pl.read_csv('selftest_people.csv').select('full_name', 'email'))",
        "polars",
        by=STREAM,
    ),
    _shows("pyarrow", "import pyarrow.csv\npyarrow.csv.read_csv('selftest_people.csv')", "pyarrow"),
    _shows("DuckDB", "import duckdb\nduckdb.sql(\"from 'selftest_people.csv' limit 3\")", "duckdb"),
    _shows(
        "DuckDB, fetched", "import duckdb\nduckdb.sql('select full_name, email from people').fetchall()[:3]", "duckdb"
    ),
    _shows(
        "SQLAlchemy",
        "import sqlalchemy as sa\nengine = sa.create_engine('sqlite://')\npeople.to_sql('p', engine)\n"
        "with engine.connect() as link:\n    found = link.execute(sa.text('select * from p limit 2')).all()\nfound",
        "sqlalchemy",
    ),
    _shows(
        "scikit-learn",
        "from sklearn.preprocessing import OneHotEncoder\n"
        "OneHotEncoder(categories=[people.full_name[:3].tolist()]).fit(people[['full_name']][:3])",
        "sklearn",
    ),
    _shows("great_tables", "from great_tables import GT\nGT(people.head(3))", "great_tables"),
    _shows("itables", "import itables\nfrom IPython.display import HTML\nitables.show(people.head(3))", "itables"),
    _shows("xarray", "people.head(3).set_index('full_name')[['income']].to_xarray()", "xarray"),
    _shows("pydantic", "from pydantic import create_model\ncreate_model('Who', who=(str, ...))(who=name)", "pydantic"),
)
