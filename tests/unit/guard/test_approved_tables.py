"""An approval opens the columns that it names, of the data set that it names, in tables, while it stands."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import polars as pl
import pytest

from jupyter_privguard import runtime
from jupyter_privguard.errors import StateError
from jupyter_privguard.frames.watch import watch
from jupyter_privguard.guard.cells.cell import CellOptions, CellRun
from jupyter_privguard.guard.tables.watch import TableWatcher
from jupyter_privguard.model import Approval, Tier
from jupyter_privguard.settings import account_name

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
POLICY = f"""
version: 1
principals:
  {account_name()}: {{roles: [analyst]}}
roles:
  analyst: {{tiers: [public]}}
  officer: {{tiers: [public, internal, compliance], approve: true}}
"""
PEOPLE = {
    "customer_id": [f"C-{10_000 + n}" for n in range(30)],
    "email": [f"person.{n}@corp.example" for n in range(30)],
    "full_name": [f"Aaravind Kulkar{chr(97 + n)}" for n in range(26)]
    + [f"Menonath Ravi{chr(97 + n)}" for n in range(4)],
    "income": [50_123 + 791 * n for n in range(30)],
    "note": [f"wrote to helper.{n}@else.example" for n in range(30)],
}


class Board:
    """Approvals without accounts and files."""

    def __init__(self) -> None:
        self.at = NOW
        self.all: list[Approval] = []
        self.noted = 0
        self.problem = ""

    def grant(self, dataset: str = "customers", *columns: str, tier: Tier = Tier.COMPLIANCE, **more: Any) -> Approval:
        one = Approval(
            f"{len(self.all):024x}", account_name(), tier, dataset, columns, None, ("dana",), NOW + timedelta(hours=2)
        )._replace(**more)
        self.all.append(one)
        return one

    def now(self) -> datetime:
        return self.at

    def given(self, in_force: Any) -> tuple[Approval, ...]:
        if self.problem:
            raise StateError(self.problem)
        return tuple(self.all)

    def note(self, in_force: Any, append: Any) -> None:
        self.noted += 1


class Desk:
    """A session, whose cells ask for a tier, and what stands on their screens."""

    def __init__(self, session: Any, board: Board) -> None:
        self.session, self.board = session, board
        self.space: dict[str, Any] = {}
        self.cells = 0
        session.watch_namespace(self.space)

    def cell(self, tier: str = "compliance", **options: Any) -> CellRun:
        self.session.close_runs("ok")
        self.cells += 1
        asked = CellOptions(Tier.parse(tier), reason=options.pop("reason", "ticket"), **options)
        return self.session.open_run(f"cell-{self.cells}", asked, "df", execution_count=self.cells, cell_id=None)

    def rich(self, table: Any, run: CellRun) -> str:
        shown = self.session.show(table, run)
        with self.session.rendering():
            data = [repr(shown.native), getattr(shown.native, "_repr_html_", str)()]
        data = [shown.fix(text) for text in data] if shown.changed else data
        return "\n".join(self.session.clean(text, run) for text in data)

    def prints(self, df: pd.DataFrame, tier: str = "compliance") -> str:
        run = self.cell(tier)
        return self.printed(df.to_string() + "\n", run)

    def printed(self, text: str, run: CellRun) -> str:
        return self.session.clean(self.session.with_renderings(text, run), run)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    (tmp_path / "policy.yaml").write_text(POLICY)
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))
    monkeypatch.setattr("jupyter_privguard.runtime.own_approvals.OwnApprovals", lambda *_: board)
    board = Board()
    at = runtime.home()
    session = runtime.open_session(at, runtime.policy(), runtime.keyring(at)[0], kernel=None)
    end = watch(TableWatcher(session))
    yield Desk(session, board)
    end()
    session.close()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "customers.csv"
    pd.DataFrame(PEOPLE).to_csv(path, index=False)
    return path


def shows(text: str, *what: str) -> list[bool]:
    return [one in text for one in what]


EMAIL, NAME, INCOME, HELPER = "person.3@corp.example", "Aaravind Kulkard", "52496", "helper.3@else.example"


def test_without_an_approval_the_cell_is_refused_and_told_what_to_do(desk, file) -> None:
    run = desk.cell()

    assert "privguard approval request --tier compliance" in run.refused
    assert (run.rule, run.approvals) == ("principals", ())


def test_approved_columns_alone_are_shown(desk, file) -> None:
    df = desk.space["df"] = pd.read_csv(file)
    granted = desk.board.grant("customers", "email", "income")

    run = desk.cell()
    seen = desk.rich(df, run)

    assert not run.refused
    assert run.rule == f"approval {granted.id}"
    assert shows(seen, EMAIL, INCOME, NAME, "C-10003", HELPER) == [True, True, False, False, False]


def test_printed_tables_show_them_too(desk, file) -> None:
    df = desk.space["df"] = pd.read_csv(file)
    desk.board.grant("customers", "email", "income")
    run = desk.cell()

    for text in (str(df), repr(df), df.to_string(), df.to_html(), df.to_string(index=False), df.to_csv()):
        seen = desk.printed(text + "\n", run)

        assert shows(seen, EMAIL, INCOME, NAME, "C-10003", HELPER) == [True, True, False, False, False], text[:80]


def test_a_styler_shows_them_too(desk, file) -> None:
    df = desk.space["df"] = pd.read_csv(file)
    desk.board.grant("customers", "email")
    run = desk.cell()

    seen = desk.rich(df.style.hide(axis="index"), run)

    assert shows(seen, EMAIL, INCOME, NAME) == [True, False, False]


def test_text_outside_of_tables_stays_at_the_own_tier(desk, file) -> None:
    df = desk.space["df"] = pd.read_csv(file)
    desk.board.grant("customers", "email", "full_name")
    run = desk.cell()

    assert EMAIL in desk.rich(df, run)
    for text in (EMAIL, f"mail to {EMAIL}", f"{NAME}\n", str(list(df.email)), str(df.email[3])):
        assert shows(desk.printed(text, run), EMAIL, NAME) == [False, False]


def test_all_columns_are_open_where_none_is_named(desk, file) -> None:
    df = desk.space["df"] = pd.read_csv(file)
    desk.board.grant("custom*")

    seen, again = desk.prints(df), desk.prints(df)

    assert shows(seen, EMAIL, INCOME, NAME, HELPER) == [True] * 4
    assert again == seen


def test_what_was_printed_masked_before_does_not_hide_it(desk, file) -> None:
    df = desk.space["df"] = pd.read_csv(file)
    desk.board.grant("customers")

    before, seen = desk.prints(df, "public"), desk.prints(df)

    assert shows(before, EMAIL, NAME) == [False, False]
    assert shows(seen, EMAIL, NAME) == [True, True]


PARTS = {
    "head": lambda df: df.head(10),
    "filter": lambda df: df[df.income > 50_500],
    "select": lambda df: df[["email", "full_name"]],
    "series": lambda df: df.email,
    "sort": lambda df: df.sort_values("email", ascending=False).head(28),
    "merge": lambda df: df.merge(pd.DataFrame({"customer_id": PEOPLE["customer_id"], "orders": range(30)})),
    "assign": lambda df: df.assign(twice=df.income * 2),
    "polars": lambda df: pl.from_pandas(df[["email", "full_name"]]),
}


@pytest.mark.parametrize("keeps", [True, False], ids=["read table lives", "it is gone"])
def test_parts_show_them_where_the_values_are_the_read_ones(desk, file, keeps) -> None:
    desk.cell("public")
    df = desk.space["df"] = pd.read_csv(file)
    desk.session.knowledge.learn()
    desk.space |= {name: make(df) for name, make in PARTS.items()}
    if not keeps:
        del df, desk.space["df"]
    desk.board.grant("customers", "email")
    run = desk.cell()

    for name in PARTS:
        assert shows(desk.rich(desk.space[name], run), EMAIL, NAME) == [True, False], name


OTHERS = {
    "renamed": lambda df: df.rename(columns={"full_name": "email", "email": "mail"}),
    "assigned": lambda df: df.assign(email=df.full_name),
    "joined": lambda df: df.assign(email=df.full_name + " " + df.email),
    "typed in": lambda df: pd.DataFrame({"email": list(df.full_name)}),
    "group keys": lambda df: (
        df.groupby("full_name", as_index=False).email.first().rename(columns={"email": "x", "full_name": "email"})
    ),
    "index": lambda df: df.set_index("full_name").rename_axis("email"),
}


def test_another_columns_values_under_an_approved_label_stay_hidden(desk, file) -> None:
    df = desk.space["df"] = pd.read_csv(file)
    desk.board.grant("customers", "email")
    desk.space |= {name: make(df) for name, make in OTHERS.items()}
    run = desk.cell()

    for name in OTHERS:
        assert NAME not in desk.rich(desk.space[name], run), name
        assert NAME not in desk.printed(str(desk.space[name]) + "\n", run), name


def test_values_that_another_hidden_column_holds_too_prove_nothing(desk, file) -> None:
    people = PEOPLE | {"account_balance": PEOPLE["income"][::-1]}
    pd.DataFrame(people).to_csv(file, index=False)
    df = desk.space["df"] = pd.read_csv(file)
    desk.space["part"] = df.assign(income=df.account_balance).head(5)
    desk.board.grant("customers", "income")
    run = desk.cell()

    assert str(people["account_balance"][0]) not in desk.rich(desk.space["part"], run)
    assert str(people["income"][0]) in desk.rich(df, run)


@pytest.mark.parametrize("learns", [True, False], ids=["after a look", "before any"])
def test_a_read_table_whose_column_was_overwritten_proves_nothing(desk, file, learns) -> None:
    df = desk.space["df"] = pd.read_csv(file)
    desk.board.grant("customers", "email")
    if learns:
        desk.session.knowledge.learn()
    df["email"] = df["full_name"]
    run = desk.cell()

    assert NAME not in desk.rich(df, run)
    desk.space["df"] = df[["email"]].head(20)
    del df
    assert NAME not in desk.rich(desk.space["df"], run)


def test_another_data_set_with_such_columns_stays_as_it_is(desk, file, tmp_path) -> None:
    other = pd.DataFrame(PEOPLE | {"email": [f"staff.{n}@inside.example" for n in range(30)]})
    other.to_csv(tmp_path / "staff.csv", index=False)
    df, staff = pd.read_csv(file), pd.read_csv(tmp_path / "staff.csv")
    desk.space |= {"customers": staff, "df": df}  # a variable's name is no data set's
    desk.board.grant("customers", "email")
    run = desk.cell()

    seen = desk.rich(staff, run) + desk.rich(pd.concat([df, staff]), run)

    assert "staff.3@inside.example" not in seen


def test_statistics_and_single_rows_stay_at_the_own_tier(desk, file) -> None:
    df = desk.space["df"] = pd.read_csv(file)
    desk.board.grant("customers", "income", "email")
    run = desk.cell()

    seen = desk.rich(df.describe(), run) + desk.rich(df.loc[3], run)

    assert "73062" not in seen
    assert EMAIL not in seen


def test_an_internal_approval_shows_the_internal_form(desk, file) -> None:
    df = desk.space["df"] = pd.read_csv(file)
    desk.board.grant("customers", "email", "income", tier=Tier.INTERNAL)

    assert desk.cell("compliance").refused
    seen = desk.rich(df, desk.cell("internal"))

    assert shows(seen, EMAIL, INCOME, NAME) == [False, True, False]
    assert "enc_" in seen


def test_asking_for_less_than_was_approved_shows_less(desk, file) -> None:
    df = desk.space["df"] = pd.read_csv(file)
    desk.board.grant("customers", "email")

    seen = desk.rich(df, desk.cell("internal"))

    assert EMAIL not in seen
    assert "enc_" in seen


def test_a_long_cell_shows_no_more_once_the_approval_has_ended(desk, file) -> None:
    df = desk.space["df"] = pd.read_csv(file)

    def expires() -> None:
        desk.board.at += timedelta(hours=2)

    def is_refused() -> None:
        desk.board.all.clear()

    def cannot_be_told() -> None:
        desk.board.problem = "privguard: the folder is gone."

    for end in (is_refused, expires, cannot_be_told):
        desk.board.grant("customers", "email", expires=desk.board.at + timedelta(hours=2))
        run = desk.cell()
        assert EMAIL in desk.rich(df, run)
        end()

        assert EMAIL not in desk.rich(df, run), end
        assert EMAIL not in desk.printed(str(df) + "\n", run), end
        assert desk.cell().refused
        assert ("has expired" in desk.cell().refused) is (end is expires)


def test_an_approval_that_comes_later_is_not_for_a_running_cell(desk, file) -> None:
    df = desk.space["df"] = pd.read_csv(file)
    desk.board.grant("customers", "email")
    run = desk.cell()

    desk.board.grant("customers", "full_name")

    assert shows(desk.rich(df, run), EMAIL, NAME) == [True, False]
    assert shows(desk.rich(df, desk.cell()), EMAIL, NAME) == [True, True]


USES = [
    ({"experiment": "exp-1"}, {"experiment": "exp-1"}, True),
    ({"experiment": "exp-1"}, {"experiment": "exp-2"}, False),
    ({"experiment": "exp-1"}, {}, False),
    ({"purpose": "churn"}, {"purpose": "churn"}, True),
    ({"purpose": "churn"}, {"purpose": "other"}, False),
    ({"principal": "somebody"}, {}, False),
    ({}, {"reason": None}, False),
    ({}, {"reason": " "}, False),
    ({}, {}, True),
]


def test_it_is_for_its_person_experiment_and_purpose_and_with_a_reason(desk) -> None:
    for granted, asked, is_allowed in USES:
        desk.board.all.clear()
        desk.board.grant("customers", **granted)

        assert (not desk.cell(**asked).refused) is is_allowed, (granted, asked)


def test_events_say_by_which_approval(desk, file) -> None:
    desk.space["df"] = pd.read_csv(file)
    granted = desk.board.grant("customers", "email")
    run = desk.cell()
    desk.rich(desk.space["df"], run)
    desk.session.close_runs("ok")

    events = list(runtime.log_reader().events())

    for action in ("cell.start", "cell.run"):
        [event] = [e for e in events if e["action"] == action]
        assert (event["approval"], event["rule"]) == ([granted.id], f"approval {granted.id}")
        assert event["tier"] == "compliance"
    actions = {c["label"]: c["action"] for c in event["shown"][0]["columns"]}
    assert actions["email"] == "clear"
    assert actions["full_name"] == "token"


def test_what_stands_is_not_asked_where_roles_give_the_tier(desk) -> None:
    desk.cell("public")

    assert desk.board.noted == 0


def test_where_nobody_can_tell_the_refusal_says_why(desk) -> None:
    desk.board.problem = "privguard: the folder is not sticky; mend it."

    assert desk.cell().refused.endswith("the folder is not sticky; mend it.")


def test_what_two_threads_render_at_once_is_shown_in_both(desk, file) -> None:
    df = desk.space["df"] = pd.read_csv(file)
    desk.board.grant("customers", "email")
    run = desk.cell()
    shown = desk.session.show(df, run)
    with desk.session.rendering():
        html = shown.native.to_html()
    seen: list[str] = []

    def fix() -> None:
        seen.extend(desk.session.clean(shown.fix(html), run) for _ in range(5))

    threads = [threading.Thread(target=fix) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 20
    assert all(shows(text, EMAIL, NAME) == [True, False] for text in seen)
