"""Labels, values, sources and names that are templates or markup: the compliance file has them as text, if at all."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from tests.kernel.conftest import EMAIL

TEMPLATES = [
    "{{ 7*191 }}",
    "{% for x in range(3) %}LOOPED{% endfor %}",
    "${7*191}",
    "<%= 7*191 %>",
    "{{ ''.__class__ }}",
]
MARKUP = [
    "<img src=http://evil.example/x.png onerror=alert(1)>",
    "</style><style>@import 'http://evil.example/a.css'",
    "</script><script src=http://evil.example/a.js></script>",
    "<meta http-equiv=refresh content='0; url=http://evil.example'>",
    "<svg><image xlink:href='http://evil.example/a.svg'/></svg>",
    "![x](http://evil.example/y.png)",
]
FETCHING = {"src", "srcset", "xlink:href", "data", "action", "formaction", "poster", "background", "ping", "manifest"}
IN_SCRIPT = re.compile(r"\bfetch\s*\(|\bimport\b|XMLHttpRequest|sendBeacon|WebSocket|EventSource|\bopen\s*\(|\.src\s*=")
IN_STYLE = re.compile(r"url\s*\(\s*['\"]?(?!data:|#)|@import", re.IGNORECASE)


class Fetches(HTMLParser):
    """Whatever a browser would fetch or go to by itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        for name, value in attrs:
            text = (value or "").strip()
            goes = name in FETCHING or (name == "href" and tag not in ("a", "area"))
            if (goes and text and not text.startswith(("data:", "#"))) or name.startswith("on") or name == "srcdoc":
                self.found.append(f"{tag} {name}")
            if name == "style" and IN_STYLE.search(text):
                self.found.append(f"{tag} style")
            if name == "href" and text.lower().startswith(("javascript:", "data:", "vbscript:")):
                self.found.append(f"{tag} {name}")
        if tag == "base" or (tag == "meta" and ("http-equiv", "refresh") in [(n, (v or "").lower()) for n, v in attrs]):
            self.found.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style" and IN_STYLE.search(data):
            self.found.append("style")
        if self._inside == "script" and IN_SCRIPT.search(data):
            self.found.append("script")


def test_the_parser_finds_what_is_fetched() -> None:
    for page in MARKUP[:5]:
        assert Fetches(f"<style>{page}</style>" if page.startswith("</style") else page).found, page
    assert (
        Fetches("<p>fetch(http://evil.example)</p><a href='#x'>x</a><img src='data:image/png;base64,AA'>").found == []
    )


def test_the_report_of_a_hostile_table_is_inert_and_whole(kernel, home, tmp_path: Path) -> None:
    assert kernel.run("%load_ext jupyter_privguard\n%privguard experiment exp-1\n%privguard purpose {{ 7*191 }}").ok
    hostile = [*TEMPLATES, *MARKUP]
    code = f"import pandas as pd\nlabels = {hostile!r}\ndf = pd.DataFrame({{label: labels for label in labels}})\n"
    assert kernel.run(f"{code}df['email'] = '{EMAIL}'\ndf").ok
    assert kernel.run("%%secure --purpose '{% for x in y %}'\n# {{ 7*191 }} {% endfor %}\nprint(df)").ok
    assert kernel.run(f"df.to_csv({'{{ 7*191 }}.csv'!r}, index=False)\npd.read_csv({'{{ 7*191 }}.csv'!r}).head()").ok
    assert not kernel.run("raise ValueError('{{ 7*191 }}')").ok

    assert kernel.run("%privguard report").ok
    done = home.command("report", "exp-1", "--output", str(tmp_path / "r.html"))
    assert done.returncode == 0, done.stderr

    pages = [path.read_text() for path in tmp_path.glob("*.html")]
    assert len(pages) == 2
    for page in pages:
        words = re.sub(r"[A-Za-z0-9+/=_-]{20,}", "", page)  # digests may hold any digits
        assert "1337" not in words and "LOOPED" not in re.sub(r"\{%.*?%\}LOOPED\{%", "", page) and EMAIL not in page
        assert "<class &#39;str&#39;>" not in page and "&lt;class" not in page
        assert Fetches(page).found == []
        assert "evil.example/x.png" in page  # as text: it is what the column is called
