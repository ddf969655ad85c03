"""Which columns of which tables a SELECT uses, and where the columns of its result come from: truth by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.frames.selects import select_of

TABLES = {
    "people": ["id", "name", "town", "pay"],
    "visits": ["id", "day", "fee"],
    "in/towns.csv": ["town", "head"],
}
PEOPLE = TABLES["people"]


def used(sql: str) -> dict[str, list[str]]:
    select = select_of(sql)
    assert select is not None
    return {name: labels for name, labels in select.used(TABLES).items() if select.names(name)}


def origins(sql: str, columns: list[str]) -> dict[str, list[str]] | None:
    select = select_of(sql)
    assert select is not None
    found = select.outputs(TABLES, columns)
    return {column: [f"{one.table}.{one.label}" for one in of] for column, of in found.items()} if found else None


@pytest.mark.parametrize(
    ("sql", "uses"),
    [
        (
            "select town, avg(pay) as top from people where name > 'a' group by town",
            {"people": ["name", "town", "pay"]},
        ),
        (
            "select p.town, v.fee from people p join visits as v using (id)",
            {"people": ["id", "town"], "visits": ["id", "fee"]},
        ),
        ("select * from people natural join visits", {"people": PEOPLE, "visits": TABLES["visits"]}),
        ("select fee from people natural join visits", {"people": ["id"], "visits": ["id", "fee"]}),
        ("select v.* from people p, visits v where p.id = v.id", {"people": ["id"], "visits": TABLES["visits"]}),
        ("select count(*) from people", {"people": []}),
        ("from people", {"people": PEOPLE}),
        ("from people select name", {"people": ["name"]}),
        ("select * exclude (name, pay) from people", {"people": ["id", "town"]}),
        # names that the query gives are no columns
        ("select town as w, pay as name from people", {"people": ["town", "pay"]}),
        ("select pay name from people order by name", {"people": ["pay"]}),
        ("select pay as name from people where name > 'a'", {"people": ["name", "pay"]}),
        ("select cast(pay as text) from people", {"people": ["pay"]}),
        ("select 'name', pay from people -- town", {"people": ["pay"]}),
        # queries within queries
        ("select avg(pay) from (select * from people) x", {"people": ["pay"]}),
        ("with x as (select * from people) select pay from x where town = 'a'", {"people": ["town", "pay"]}),
        (
            "with x as (select id, sum(fee) s from visits group by id) select s, name from x join people using (id)",
            {"people": ["id", "name"], "visits": ["id", "fee"]},
        ),
        (
            "select name from people where id in (select id from visits where fee > 1)",
            {"people": ["id", "name"], "visits": ["id", "fee"]},
        ),
        (
            "select name from people p where exists (select 1 from visits v where v.id = p.id)",
            {"people": ["id", "name"], "visits": ["id"]},
        ),
        ("select (select max(fee) from visits) m, min(pay) from people", {"people": ["pay"], "visits": ["fee"]}),
        ("select id from people union all select id from visits", {"people": ["id"], "visits": ["id"]}),
        # other statements around them, files, notations
        ("create table t as select town, pay as name from people", {"people": ["town", "pay"]}),
        ("insert into t select id from visits", {"visits": ["id"]}),
        ("copy (select town from people) to 'x.csv'", {"people": ["town"]}),
        (
            "select p.pay from main.people p join 'in/towns.csv' t on t.town = p.town",
            {"people": ["town", "pay"], "in/towns.csv": ["town"]},
        ),
        ("select head from read_csv('in/towns.csv', header=true)", {"in/towns.csv": ["head"]}),
        ('select "name", `town`, [pay] from people', {"people": ["name", "town", "pay"]}),
        ("SELECT P.NAME FROM People P;", {"people": ["name"]}),
        (
            "select pay, row_number() over (partition by town order by name) from people",
            {"people": ["name", "town", "pay"]},
        ),
    ],
)
def test_columns_that_a_query_uses(sql: str, uses: dict[str, list[str]]) -> None:
    assert used(sql) == uses


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("select town t, avg(pay) from people", {"t": ["people.town"], "avg": ["people.pay"]}),
        ("select name || town as both from people", {"both": ["people.name", "people.town"]}),
        ("select count(*) from people", {"n": []}),
        ("select x.c from (select pay as c from people) x", {"c": ["people.pay"]}),
        ("select * from (select id, pay + 1 as more from people)", {"id": ["people.id"], "more": ["people.pay"]}),
        ("select id from people union select fee from visits", {"id": ["people.id", "visits.fee"]}),
        ("with x as (select id, sum(fee) s from visits) select s from x", {"s": ["visits.fee"]}),
        ("from visits", {"id": ["visits.id"], "day": ["visits.day"], "fee": ["visits.fee"]}),
        (
            "select v.*, p.pay from visits v join people p using (id)",
            {"id": ["visits.id"], "day": ["visits.day"], "fee": ["visits.fee"], "pay": ["people.pay"]},
        ),
    ],
)
def test_where_the_columns_of_a_result_come_from(sql: str, columns: dict[str, list[str]]) -> None:
    assert origins(sql, list(columns)) == columns


def test_of_other_numbers_of_columns_nothing_is_said() -> None:
    assert origins("select * from unknown", ["a", "b"]) is None
    assert origins("create table t as select id from people", ["Count"]) is None


def test_columns_by_which_tables_are_joined() -> None:
    select = select_of("select fee from people join visits using (id)")

    assert select is not None and select.joining(TABLES) == {"people": ["id"], "visits": ["id"], "in/towns.csv": []}


@pytest.mark.parametrize(
    "sql", ["", "people", "pragma table_info(people)", "update people set pay = 1", "select ) from (", "with a as"]
)
def test_other_texts_are_no_queries(sql: str) -> None:
    assert select_of(sql) is None


@given(
    st.lists(
        st.sampled_from("select from people p . * , ( ) as with union join using 'x' id exclude natural ;".split())
    )
)
def test_no_text_raises(words: list[str]) -> None:
    select = select_of(" ".join(words))

    if select is not None:
        select.used(TABLES), select.joining(TABLES), select.outputs(TABLES, ["id"])
