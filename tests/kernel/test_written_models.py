"""A cell writes a model: its record says which rows of training data went with it."""

from __future__ import annotations

import json
from typing import Any

FIT = """
import io, pickle, joblib, numpy as np, pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier
random = np.random.default_rng(20417)
people = pd.DataFrame({
    "customer_id": random.choice(np.arange(100_000, 999_999), 40, replace=False),
    "tenure": random.integers(1, 72, 40),
    "usage": random.normal(50, 9, 40).round(2),
})
classes = [n % 2 for n in range(40)]
near = KNeighborsClassifier().fit(people, classes)
far = KNeighborsClassifier().fit(people[["tenure", "usage"]], classes)
forest = RandomForestClassifier(3).fit(people, classes)
"""
KEPT = [{"where": "KNeighborsClassifier._fit_X", "rows": 40, "entities": ["CUSTOMER_ID"]}]
WRITTEN = {
    "pickle.dump(near, open('a.pkl', 'wb'))": KEPT,
    "joblib.dump(near, 'b.joblib', compress=3)": KEPT,
    "open('c.bin', 'wb').write(pickle.dumps(near)); None": KEPT,
    "with open('d', 'wb') as file: pickle.dump([near], file)": KEPT,
    "joblib.dump(far, 'e.joblib')": [KEPT[0] | {"entities": []}],
    "joblib.dump(forest, 'f.joblib')": None,
    "pickle.dump({'a': [1, 2]}, open('g.pkl', 'wb'))": None,
    "open('h.pkl', 'wb').write(b'\\x80\\x04' + b']' * 99); None": None,
    "open('i.txt', 'w').write('nothing'); None": None,
}


def test_the_sinks_of_a_cell_tell_what_a_model_keeps(kernel: Any, home: Any) -> None:
    assert kernel.run("%load_ext jupyter_privguard").ok
    assert kernel.run(FIT).ok
    for code in WRITTEN:
        assert kernel.run(code).ok, code
    kernel.close()

    told = [sink for event in home.events("cell.run") for sink in event["sinks"]]

    assert [sink.get("stored") for sink in told] == list(WRITTEN.values())
    assert [sink["target"][0] for sink in told] == list("abcdefghi")
    assert [sink["target"] for sink in told if sink.get("partly_read")] == ["h.pkl"]
    text = json.dumps(told)
    assert not any(str(number) in text for number in range(100_000, 100_050))
