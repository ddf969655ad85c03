"""What IPython takes out of ``Out`` when that is full is gone from memory, and from what the guard knows of it."""

from __future__ import annotations

import ast

MAKE = "made = df.head(3).copy(); refs.append(weakref.ref(made)); made"
WHICH = "del made; gc.collect(); print(len(refs), [n for n, ref in enumerate(refs) if ref() is not None])"


def test_a_result_that_ipython_forgot_is_freed_and_newer_ones_stay(reguarded) -> None:
    assert reguarded.run("import gc, weakref; refs = []; get_ipython().displayhook.cache_size = 10").ok
    for _ in range(13):
        assert reguarded.run(MAKE).ok

    made, alive = ast.literal_eval(reguarded.run(WHICH).streams.strip().replace(" ", ",", 1))

    assert made == 13
    # The eleventh and the thirteenth result each took the oldest two out; the newest are `_`, `__` and `___` too.
    assert alive == list(range(4, 13))
    assert reguarded.run("print(len(Out), _ is refs[-1]())").streams == "9 True\n"


def test_after_unload_nothing_of_it_is_left(reguarded) -> None:
    assert reguarded.run("%unload_ext jupyter_privguard").ok
    assert reguarded.run("print('cull_cache' in vars(get_ipython().displayhook))").streams == "False\n"
