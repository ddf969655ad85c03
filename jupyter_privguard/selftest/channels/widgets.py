"""Widgets and comms: messages between the kernel and code that runs in the browser."""

from __future__ import annotations

from ..channel import Channel

__all__ = ["CHANNELS"]

_GROUP = "widgets"
_OPEN = ("comm_open",)
_MESSAGE = ("comm_msg",)


def _sends(name: str, code: str) -> Channel:
    return Channel(name, _GROUP, (f"from comm import create_comm\nlink = create_comm('house')\n{code}",), _MESSAGE)


def _has(name: str, code: str, by: tuple[str, ...] = _OPEN) -> Channel:
    return Channel(name, _GROUP, (f"import ipywidgets as w\n{code}",), by, needs=("ipywidgets",))


CHANNELS = (
    Channel(
        "comm, opening",
        _GROUP,
        ("from comm import create_comm\nlink = create_comm('house', data={'to': name})",),
        _OPEN,
    ),
    _sends("comm, message", "link.send({'rows': people.email[:3].tolist()})"),
    _sends("comm, metadata", "link.send({}, metadata={'to': email})"),
    _sends("comm, buffer", "link.send({}, buffers=[people.head(3).to_csv().encode()])"),
    _sends("comm, buffer of UTF-16", "link.send({}, buffers=[name.encode('utf-16-le')])"),
    _sends("comm, packed numbers", "link.send({}, buffers=[memoryview(people.income.to_numpy(dtype='f8')).cast('B')])"),
    _has("widget, HTML", "w.HTML(f'<b>{name}</b>')"),
    _has("widget, choices", "w.Dropdown(options=people.email[:5].tolist())"),
    _has("widget, changed later", "field = w.Text('')\nfield.value = email", _MESSAGE),
    _has("widget, captured output", "box = w.Output()\nwith box:\n    print(name)\nbox", ("comm_msg", "stream")),
)
