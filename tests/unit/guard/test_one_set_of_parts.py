"""However a session comes to its parts, it has them once, and lets go of all of them at its end."""

from __future__ import annotations

import sqlite3

import pandas as pd

from jupyter_privguard.guard.parts import Parts

PEOPLE = pd.DataFrame({"full_name": ["Asha Verhoeven", "Wendeline Osterhaus"] * 4, "plan": ["gold", "basic"] * 4})


def test_tables_that_were_there_before_the_first_text_make_the_parts_once(guarded, monkeypatch) -> None:
    made: list[Parts] = []
    make = Parts.__init__
    monkeypatch.setattr(Parts, "__init__", lambda self, *given: (made.append(self), make(self, *given))[1])
    plain = sqlite3.connect
    guarded.space["people"] = PEOPLE

    assert "Osterhaus" not in guarded.session.clean("seen: Wendeline Osterhaus", None)
    assert made == [guarded.session._parts()]
    guarded.session.close()
    assert sqlite3.connect is plain
