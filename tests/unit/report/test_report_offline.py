"""What a browser would fetch, and what only looks like it."""

from __future__ import annotations

import pytest

from jupyter_privguard.report.offline import fetches


@pytest.mark.parametrize(
    "page",
    [
        '<img src="http://example.org/x.png">',
        '<img src="//example.org/x.png">',
        '<img src="x.png">',
        '<img srcset="a.png 1x, http://example.org/b.png 2x">',
        '<link rel="stylesheet" href="https://example.org/a.css">',
        '<link rel="icon" href="icon.png">',
        "<script>alert(1)</script>",
        '<script src="a.js"></script>',
        "<iframe srcdoc='x'></iframe>",
        '<object data="x.swf"></object>',
        '<embed src="x">',
        '<base href="https://example.org/">',
        '<form action="https://example.org"><button>go</button></form>',
        '<meta http-equiv="refresh" content="0; url=https://example.org">',
        '<meta http-equiv="Refresh" content="5">',
        "<style>@import 'a.css';</style>",
        "<style>p { background: url(http://example.org/x.png) }</style>",
        "<style>p { background: URL( 'x.png' ) }</style>",
        r"<style>p { background: u\72l(x.png) }</style>",
        "<style>p { background: u/**/rl(x.png); content: url/* */(y.png) }</style>",
        '<p style="background: url(x.png)">',
        '<svg><image xlink:href="http://example.org/x.svg"/></svg>',
        '<svg><image href="http://example.org/x.svg"/></svg>',
        '<svg><use href="other.svg#a"/></svg>',
        '<video poster="x.png"></video>',
        '<body background="x.png">',
        "<p onclick=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="java&#10;script:alert(1)">x</a>',
        '<a ping="https://example.org/p" href="#a">x</a>',
        '<input formaction="x">',
    ],
)
def test_fetching_is_found(page):
    assert fetches(page)


@pytest.mark.parametrize(
    "page",
    [
        "<p>http://example.org/x.png</p>",
        "<pre>&lt;img src=&quot;http://example.org/x.png&quot;&gt;</pre>",
        "<pre>background: url(http://example.org/x.png)</pre>",
        "<p>@import 'a.css'</p>",
        '<a href="https://example.org">a link to click</a>',
        '<a href="#event-1">#1</a>',
        '<img src="data:image/png;base64,AAAA" alt="">',
        "<style>p { background: url(data:image/png;base64,AAAA) }</style>",
        "<style>p { fill: url(#gradient) }</style>",
        "<style>/* url(x.png) */ p { color: red }</style>",
        '<svg><use href="#a"/></svg>',
        '<meta name="refresh" content="5">',
        '<p class="script" title="onclick=alert(1)">x</p>',
        '<p data-src="x.png" aria-label="src">x</p>',
        '<img src="" alt="">',
    ],
)
def test_what_fetches_nothing_is_left_alone(page):
    assert fetches(page) == []
