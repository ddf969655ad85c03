"""Output that says nothing of anybody, which has to stay as it is, byte for byte."""

from __future__ import annotations

from ..channel import ERROR, SHOWN, STREAM, Channel, Goal

__all__ = ["CHANNELS"]

_GROUP = "harmless output"


def _keeps(name: str, code: str, by: tuple[str, ...], *, is_error: bool = False) -> Channel:
    return Channel(name, _GROUP, (code,), by, goal=Goal.KEEP, is_error=is_error)


CHANNELS = (
    _keeps("text and numbers", "print('batch 7 of 12: 98.5 % in 3.20 s, 104857 rows', 2 ** 40)", STREAM),
    _keeps("progress", "for i in range(3):\n    print(f'\\r{i + 1}/3', end='', flush=True)\nprint()", STREAM),
    _keeps(
        "table of products",
        "import pandas as pd\n"
        "pd.DataFrame({'ean': ['4006381333931', '9780201379624'], 'product': ['ink', 'paper'], 'price': [2.5, 11.0],\n"
        "              'ordered': pd.to_datetime(['2024-02-29', '2024-03-01'])})",
        SHOWN,
    ),
    _keeps("statistics", "pd.DataFrame({'price': [2.5, 11.0, 7.25, 3.0, 9.5, 4.0]}).describe()", SHOWN),
    _keeps("shape and dtypes", "print((1000, 12), {'price': 'float64', 'product': 'str'}, 0.8734)", STREAM),
    _keeps(
        "HTML and Markdown",
        "from IPython.display import HTML, Markdown\n"
        "display(HTML('<b>Total</b> 1,234'), Markdown('*42 orders* on 2024-03-01'))",
        ("display_data",),
    ),
    _keeps("paths, versions, addresses", "print('data/2024-03-01/part-0007.parquet v1.12.3 127.0.0.1:8888')", STREAM),
    _keeps("nested values", "{'scores': [0.91, 0.875], 'best': ('ridge', 12), 'none': None}", SHOWN),
    _keeps("error", "[1, 2, 3][7]", ERROR, is_error=True),
)
