"""Replies to what a front end asks: completion, inspection, history, variables, prompts."""

from __future__ import annotations

from ..channel import CONTROL, PROMPT, REPLY, STREAM, Channel, Question

__all__ = ["CHANNELS"]

_GROUP = "replies"


def _replies(name: str, cell: str, question: Question, *, needs: tuple[str, ...] = ()) -> Channel:
    kind = question.kind.replace("_request", "_reply")
    return Channel(name, _GROUP, (cell,), (kind,), needs=needs, questions=(question,))


CHANNELS = (
    Channel("user_expressions", _GROUP, ("1",), REPLY, expressions={"who": "people.full_name[8]", "all": "people"}),
    Channel("error in a reply", _GROUP, ("raise LookupError(people.email[5])",), REPLY, is_error=True),
    _replies(
        "completion",
        "desk = {people.full_name[8]: 1, people.email[8]: 2}",
        Question("complete_request", {"code": "desk['", "cursor_pos": 6}),
    ),
    _replies(
        "inspection of a value",
        "reader = people.full_name[8]",
        Question("inspect_request", {"code": "reader", "cursor_pos": 6, "detail_level": 0}),
    ),
    _replies(
        "inspection of a table",
        "small = people.head(3)",
        Question("inspect_request", {"code": "small", "cursor_pos": 5, "detail_level": 1}),
    ),
    _replies(
        "history with outputs",
        "people.email[6]",
        Question(
            "history_request",
            {"output": True, "raw": False, "hist_access_type": "range", "session": 0, "start": 1, "stop": 9999},
        ),
    ),
    Channel("help in the pager (?)", _GROUP, ("people?",), REPLY),
    Channel("%page", _GROUP, ("%page people",), REPLY),
    Channel("%pycat of a file", _GROUP, ("%pycat selftest_people.csv",), REPLY),
    Channel("%load of a file", _GROUP, ("%load -y selftest_people.csv",), REPLY),
    Channel("input prompt", _GROUP, ("sure = input(f'Delete {name}? ')",), PROMPT, answers=("n",)),
    Channel(
        "debugger (%debug)",
        _GROUP,
        ("def check(who):\n    return who + 1\ncheck(people.full_name[2])", "%debug"),
        STREAM,
        answers=("p who", "args", "q"),
    ),
    _replies(
        "variables of the debugger",
        "first = people.full_name[0]",
        Question(
            "debug_request", {"type": "request", "seq": 1, "command": "inspectVariables", "arguments": {}}, CONTROL
        ),
        needs=("debugpy",),
    ),
)
