"""The documentation site: `make docs` builds it, and it is read from the disk without a network."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]

from jupyter_privguard import __version__  # noqa: E402 - the path comes first

project = "jupyter_privguard"
author = "The jupyter_privguard authors"
copyright = f"{author}; BSD-3-Clause"  # noqa: A001 - Sphinx calls it so
version = release = __version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "privguard_site"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
exclude_patterns = ["_build", "_ext"]
html_theme = "pydata_sphinx_theme"
html_title = "jupyter_privguard"
html_static_path = ["_static"]
html_sidebars = {page: [] for page in ("index", "start", "guide-*", "recipes")}
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
# Pages are read from the disk, where a browser fetches no text of other pages.
html_show_search_summary = False
html_theme_options = {
    "header_links_before_dropdown": 6,
    "navbar_align": "left",
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "navigation_with_keys": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# A page in MyST's notebook form is run while the site is built: what it shows is what a guarded kernel showed.
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_timeout = 60
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_merge_streams = True

default_role = "literal"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
