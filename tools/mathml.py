"""A mkdocs hook: formulas become MathML while the site is built, so that pages load no script."""

from __future__ import annotations

import html
import re
from typing import Any

from latex2mathml.converter import convert

_FORMULA = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">(?:\\\(|\\\[)(?P<tex>.*?)(?:\\\)|\\\])</(?P=tag)>',
    re.DOTALL,
)


def on_page_content(content: str, **_: Any) -> str:
    """Replace every formula that the Markdown extension has marked."""

    def mathml(match: re.Match[str]) -> str:
        display = "block" if match["tag"] == "div" else "inline"
        # a full stop of TeX's invisible delimiter and the like are not used in the pages
        return str(convert(html.unescape(match["tex"]), display=display))

    return _FORMULA.sub(mathml, content)
