"""Plots and pictures: texts, hover data, numbers and metadata in them. What is painted is read by nobody."""

from __future__ import annotations

from ..channel import SHOWN, Channel

__all__ = ["CHANNELS"]

_GROUP = "plots and pictures"
_MATPLOTLIB = "import io, matplotlib, matplotlib.pyplot as plt\nout = io.BytesIO()\n"
_PLOTLY = "import plotly.graph_objects as go\n"


def _draws(name: str, code: str, *needs: str) -> Channel:
    return Channel(name, _GROUP, (code,), SHOWN, needs=needs)


CHANNELS = (
    _draws(
        "matplotlib, texts of an SVG",
        f"{_MATPLOTLIB}from IPython.display import SVG\n"
        "with matplotlib.rc_context({'svg.fonttype': 'none'}):\n"
        "    figure, axes = plt.subplots(figsize=(3, 2))\n"
        "    axes.barh(people.full_name[:3], people.visits[:3]); axes.set_title(name)\n"
        "    figure.savefig(out, format='svg'); plt.close(figure)\n"
        "SVG(out.getvalue().decode())",
        "matplotlib",
    ),
    _draws(
        "matplotlib, metadata of a PNG",
        f"{_MATPLOTLIB}from IPython.display import Image\nfigure, axes = plt.subplots(figsize=(2, 1))\n"
        "figure.savefig(out, format='png', metadata={'Title': name}); plt.close(figure)\nImage(out.getvalue())",
        "matplotlib",
    ),
    _draws(
        "plotly, hover data",
        f"{_PLOTLY}dots = go.Scatter(x=people.visits, y=people.visits, text=people.full_name, "
        "customdata=people[['email']])\ngo.Figure(dots).show(renderer='plotly_mimetype')",
        "plotly",
        "nbformat",
    ),
    _draws(
        "plotly, numbers",
        f"{_PLOTLY}go.Figure(go.Bar(x=people.plan, y=people.income)).show(renderer='plotly_mimetype')",
        "plotly",
        "nbformat",
    ),
    _draws(
        "plotly, as JSON",
        f"{_PLOTLY}import json\nfrom IPython.display import JSON\n"
        "JSON(json.loads(go.Figure(go.Bar(x=people.full_name, y=people.income)).to_json()))",
        "plotly",
    ),
    _draws(
        "altair, data of a chart",
        "import altair as alt\n"
        "alt.Chart(people.head(5)).mark_bar().encode(x='full_name:N', y='income:Q', tooltip='email:N')",
        "altair",
    ),
    _draws(
        "metadata of a picture",
        "import io\nfrom PIL import Image as Pictures, PngImagePlugin\nfrom IPython.display import Image\n"
        "info = PngImagePlugin.PngInfo(); info.add_text('Author', name); out = io.BytesIO()\n"
        "Pictures.new('RGB', (4, 4)).save(out, format='png', pnginfo=info)\nImage(out.getvalue())",
        "PIL",
    ),
)
