"""Figures and charts in a real kernel: their texts and data are masked, harmless ones are the same bytes."""

from __future__ import annotations

import base64
import json
import re

import pytest

SECRETS = ("asha.kulkarni77", "ravi.menon42", "Kulkarni", "Menon", "51234", "48765")

SVG = """%config InlineBackend.figure_formats = ['svg']
import matplotlib as mpl, matplotlib.pyplot as plt
mpl.rcParams['svg.fonttype'] = 'none'"""

DRAWN = {
    "title": "plt.plot([1, 2])\nplt.title('Account of ' + df.full_name[0])\nplt.show()",
    "the end of a cell": "plt.bar(df.full_name[:2], df.amount[:2])\nNone",
    "a figure": "fig, ax = plt.subplots()\nax.set_xlabel(df.email[0])\nplt.close(fig)\nfig",
    "pandas": "df.set_index('full_name').amount.plot.bar()\nplt.show()",
    "bar labels": "ax = df.income.plot.bar()\nax.bar_label(ax.containers[0])\nplt.show()",
    "notes": (
        "fig, ax = plt.subplots()\n"
        "ax.scatter(df.amount, df.income)\n"
        "for r in df.itertuples(): ax.annotate(r.full_name, (r.amount, r.income))\n"
        "plt.show()"
    ),
    "pie": "plt.pie(df.amount, labels=df.full_name)\nplt.show()",
    "legend": ("for n, g in df.groupby('full_name'): plt.plot(g.amount, label=n)\nplt.legend(title='who')\nplt.show()"),
    "display": (
        "from IPython.display import display\n"
        "fig, ax = plt.subplots()\n"
        "ax.set_ylabel(df.full_name[0])\n"
        "plt.close(fig)\n"
        "display(fig)"
    ),
}

CHARTS = {
    "plotly": "px.bar(df, x='full_name', y='income', hover_data=['email'])",
    "plotly numbers": "go.Figure(go.Histogram(x=df.income.to_numpy()))",
    "plotly show": "px.pie(df, names='full_name', values='income').show(renderer='json')",
    "plotly text": "print(px.bar(df, x='full_name', y='income'))",
    "plotly html": (
        "from IPython.display import HTML\nHTML(px.bar(df, x='full_name', y='income').to_html(include_plotlyjs=False))"
    ),
    "altair": "alt.Chart(df).mark_bar().encode(x='full_name', y='income', tooltip='email')",
    "altair mime": (
        "with alt.renderers.enable('mimetype'):\n"
        "    display(alt.Chart(df).mark_bar().encode(x='full_name', y='income'))"
    ),
    "altair file": (
        "with alt.data_transformers.enable('json'):\n"
        "    display(alt.Chart(df).mark_bar().encode(x='full_name', y='income'))"
    ),
    "altair json": "print(alt.Chart(df).mark_bar().encode(x='full_name', y='income').to_json())",
    "raw vega": (
        "display({'application/vnd.vegalite.v5+json': {'data': {'values': df.to_dict('records')}}}, raw=True)"
    ),
    "raw plotly": (
        "bars = {'type': 'bar', 'x': df.full_name.tolist(), 'y': df.income.tolist()}\n"
        "display({'application/vnd.plotly.v1+json': {'data': [bars]}}, raw=True)"
    ),
}

HARMLESS = {
    "png": (
        "%config InlineBackend.figure_formats = ['png']\n"
        "plt.plot([1, 3, 2])\n"
        "plt.title('Visits')\n"
        "plt.xlabel('plan')\n"
        "plt.show()"
    ),
    "svg": SVG + "\nmpl.rcParams['svg.hashsalt'] = 'x'\nplt.bar(['gold', 'basic'], [51234, 48765])\nplt.show()",
    "plotly": "px.bar(x=['gold', 'basic'], y=[137, 254])",
    "altair": (
        "with alt.renderers.enable('mimetype'):\n"
        "    display(alt.Chart(pd.DataFrame({'plan': ['gold'], 'n': [3]})).mark_bar().encode(x='plan', y='n'))"
    ),
    "means": "df.groupby('plan').income.mean().plot.bar()\nplt.show()",
    "mean chart": ("px.bar(pd.concat([df] * 2).groupby('plan').income.mean().reset_index(), x='plan', y='income')"),
}


def leaked(screen: str) -> list[str]:
    return [secret for secret in SECRETS if secret in screen]


def test_texts_in_figures_are_masked(guarded) -> None:
    assert guarded.run(SVG).ok
    found = {}
    for name, code in DRAWN.items():
        cell = guarded.run(code)
        svg = "".join(str(data.get("image/svg+xml", "")) for data in cell.data)
        found[name] = (
            cell.ok,
            leaked(cell.screen),
            "<svg" in svg,
            "tok_" in svg or "***" in svg or "bar labels" in name,
        )
    assert found == dict.fromkeys(DRAWN, (True, [], True, True))


def test_charts_are_masked(guarded) -> None:
    imported = guarded.run("import altair as alt, plotly.express as px, plotly.graph_objects as go")
    assert imported.ok, imported
    found = {}
    for name, code in CHARTS.items():
        cell = guarded.run(code)
        found[name] = (cell.ok, leaked(cell.screen), bool(cell.data or cell.streams))
    assert found == dict.fromkeys(CHARTS, (True, [], True))


def test_harmless_pictures_are_the_same_bytes(start) -> None:
    shown = []
    for is_guarded in (False, True):
        kernel = start()
        if is_guarded:
            assert kernel.run("%load_ext jupyter_privguard").ok
        assert kernel.run(
            "import pandas as pd, matplotlib.pyplot as plt, altair as alt, plotly.express as px\n"
            "df = pd.DataFrame({'plan': ['gold', 'basic'] * 10, 'income': range(50000, 70000, 1000)})"
        ).ok
        cells = [kernel.run(code) for code in HARMLESS.values()]
        assert all(cell.ok for cell in cells), [cell.reply for cell in cells]
        text = json.dumps([cell.data for cell in cells])
        shown.append(re.sub(r"<dc:date>[^<]*</dc:date>", "", text))
    assert shown[0] == shown[1]


def test_pictures_that_were_written_are_shown_masked(guarded, home) -> None:
    assert guarded.run("%config InlineBackend.figure_formats = ['png']\nimport matplotlib.pyplot as plt, io, base64").ok
    assert guarded.run(
        "from IPython.display import HTML, Image, display\nfig = plt.figure()\nfig.suptitle(df.full_name[0])\n"
        "fig.savefig('plot.png')\nplt.close(fig)"
    ).ok
    shown = guarded.run("display(Image('plot.png'))").data[0]["image/png"]
    raw = base64.b64encode((guarded.folder / "plot.png").read_bytes()).decode()
    assert "".join(shown.split()) != raw
    html = guarded.run(
        "HTML('<img src=\"data:image/png;base64,' + base64.b64encode(open('plot.png', 'rb').read()).decode() + '\">')"
    ).data[0]["text/html"]
    assert raw not in html
    assert "".join(shown.split()) in html
    sinks = [sink for event in home.events("cell.run") for sink in event["sinks"]]
    assert ("file", "plot.png") in [(sink["kind"], sink["target"]) for sink in sinks]


def test_pictures_of_persons_are_withheld(guarded) -> None:
    made = guarded.run(
        "import io\nfrom PIL import Image as Picture\nfrom IPython.display import Image\n"
        "def png(n):\n    out = io.BytesIO()\n    Picture.new('RGB', (9, 9), (n, 8, 9)).save(out, 'PNG')\n"
        "    return out.getvalue()\n"
        "df['photo'] = [png(n) for n in range(8)]\n"
        "df['portrait'] = [Picture.new('RGB', (9, 9), (n, 1, 2)) for n in range(8)]"
    )
    assert made.ok, made
    for code in ("Image(data=df.photo[2])", "df.portrait[2]", "Picture.open(io.BytesIO(df.photo[2])).resize((5, 5))"):
        cell = guarded.run(code)
        assert [list(data) for data in cell.data] == [["text/plain"]], code
        assert cell.data[0]["text/plain"].startswith("privguard: ")
    assert "image/png" in guarded.run("Image(data=png(99))").data[0]
    assert "image/png" in guarded.run("Picture.new('RGB', (9, 9))").data[0]


@pytest.mark.parametrize(
    "code", ["fig.savefig('out.png')", "px.bar(df, x='full_name', y='amount').write_json('out.json')"]
)
def test_a_policy_may_refuse_files_of_pictures(code, start, tmp_path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nfiles: refuse\n")
    policy.chmod(0o600)
    kernel = start(PRIVGUARD_POLICY=str(policy))
    assert kernel.run("%load_ext jupyter_privguard").ok
    people = (
        "import pandas as pd\ndf = pd.DataFrame({'full_name': ['Asha Kulkarni', 'Ravi Menon'] * 4, 'amount': range(8)})"
    )
    assert kernel.run(people + "\nimport plotly.express as px, matplotlib.pyplot as plt").ok
    assert kernel.run("fig = plt.figure()\nfig.suptitle(df.full_name[0])\nplt.close(fig)").ok
    cell = kernel.run(code)
    assert not cell.ok
    assert "privguard: the policy refuses" in cell.screen
    assert not list(tmp_path.glob("out.*"))
    assert kernel.run("fig.suptitle('Visits')\nfig.savefig('harmless.png')").ok
    assert (tmp_path / "harmless.png").exists()
