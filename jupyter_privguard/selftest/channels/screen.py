"""Rich display: what the last line of a cell and ``display`` show."""

from __future__ import annotations

from ..channel import SHOWN, Channel

__all__ = ["CHANNELS"]

_GROUP = "rich display"


def _shows(name: str, *cells: str, by: tuple[str, ...] = SHOWN) -> Channel:
    return Channel(name, _GROUP, cells, by)


CHANNELS = (
    _shows("last expression", "people.head()"),
    _shows("display()", "display(people.tail(3))"),
    _shows("Styler", "people.head(4).style.format(precision=1)"),
    _shows("column", "people['email']"),
    _shows("index", "people.set_index('full_name').index"),
    _shows("row", "people.iloc[7]"),
    _shows("cell of a table", "people.at[5, 'full_name']"),
    _shows("variable", "name"),
    _shows("dict and list", "{'contact': people.email[:2].tolist(), 'who': (name, [income])}"),
    _shows("records", "people.head(3).to_dict('records')"),
    _shows("set", "set(people.full_name[:4])"),
    _shows(
        "dataclass",
        "from dataclasses import dataclass, field\n"
        "@dataclass\nclass Case:\n    owner: str\n    mails: list = field(default_factory=list)\n"
        "Case(name, [email])",
    ),
    _shows(
        "own repr",
        "class Card:\n    def __repr__(self):\n        return f'<Card of {name}>'\n"
        "    def _repr_html_(self):\n        return f'<p>Card of <em>{name}</em></p>'\nCard()",
    ),
    _shows("HTML", "from IPython.display import HTML\nHTML(people.head(2).to_html())"),
    _shows("HTML, escaped", "from IPython.display import HTML\nHTML('<a>' + email.replace('@', '&#64;') + '</a>')"),
    _shows("Markdown", "from IPython.display import Markdown\nMarkdown(f'Dear *{name}*, we wrote to `{email}`.')"),
    _shows("LaTeX", "from IPython.display import Latex\nLatex(r'\\text{' + name + '}')"),
    _shows("JSON", "from IPython.display import JSON\nJSON({'rows': people.head(2).to_dict('list')})"),
    _shows(
        "SVG",
        "from IPython.display import SVG\n"
        'SVG(f\'<svg xmlns="http://www.w3.org/2000/svg"><text x="1" y="9">{name}</text></svg>\')',
    ),
    _shows("JavaScript", "from IPython.display import Javascript\nJavascript(f'alert({email!r})')"),
    _shows(
        "MIME type of one's own",
        "display({'application/vnd.house.v1+json': {'to': [email]}, 'text/plain': 'a letter'}, raw=True)",
    ),
    _shows("display metadata", "display({'text/plain': 'x'}, raw=True, metadata={'owner': name})"),
    _shows(
        "update of a display",
        "handle = display('wait', display_id=True)",
        "handle.update(people.head(2))",
        by=("update_display_data",),
    ),
    _shows("earlier output (Out, _)", "people.full_name.iloc[6]", "_, Out[max(Out)]"),
    _shows("column labels", "people.head(3).set_index('full_name')[['visits']].T"),
    _shows("renamed columns", "people.rename(columns={'full_name': 'a', 'email': 'b'})[['a', 'b']].head(3)"),
    _shows("merged table", "people[['customer_id', 'email']].merge(people[['customer_id', 'plan']]).head(3)"),
    _shows("array", "people[['full_name', 'email']].values[:3]"),
    _shows("attrs", "people.assign().attrs | {'owner': people.full_name.iloc[4]}"),
)
