"""The HTML form of a run: one file that opens offline, asks nothing of any network and runs one small script.

Jinja2 escapes every value; the content security policy names the page's own style sheet and script by
their hashes and forbids all else, so that a hostile name could not load or run anything even if it got through.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Mapping
from functools import cache
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from runbook_lib.causes import CATALOGUE
from runbook_lib.model.finding import Plain
from runbook_lib.model.result import CaseResult, RunResult
from runbook_lib.report import links, text, view, words
from runbook_lib.report.sealed import sealed
from runbook_lib.report.summary import three_lines
from runbook_lib.report.way_svg import way_svg

_NAMED_CAUSE = re.compile(r"\[`([a-z0-9-]+)`\](?![(\[])")
_HEADING, _HEADING_TAG = re.compile(r"<h([1-6])>"), re.compile(r"<(/?)h([1-6])>")


def to_html(result: RunResult, *, seconds: float = 0.0) -> str:
    """Returns the run as one self-contained HTML page. `seconds` is how long the run took."""
    shown = sealed(result)
    style, script = asset("report.css"), asset("report.js")
    page = environment().get_template("report.html.j2")
    return page.render(
        run=shown,
        first=shown.first,
        policy=content_policy(style, script),
        style=Markup(style),  # noqa: S704 - ours, from the package
        script=Markup(script),  # noqa: S704
        pages=cause_pages(shown),
        summary=three_lines(shown),
        provenance=view.provenance(shown, seconds),
    )


@cache
def environment() -> Environment:
    """Returns the templates' environment, which every page of this tool shares: everything is escaped."""
    made = Environment(
        loader=PackageLoader("runbook_lib.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        prose=_prose, cut=text.shortened, capitalize_first=_capitalized, way=_way, values=_values, file_link=quote
    )
    made.globals.update(view=view, words=words, links=links)
    return made


def asset(name: str) -> str:
    """Returns a style sheet or a script of the package, to be written into a page."""
    loader = environment().loader
    assert loader is not None  # noqa: S101 - made above
    return loader.get_source(environment(), name)[0]


def content_policy(style: str, script: str) -> str:
    """Returns the content security policy: nothing from anywhere but this very style sheet and script."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(source: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"


def _prose(sentence: str, limit: int = 800) -> Markup:
    """Escapes a sentence, and shows the commands that it names between backticks as code."""
    shown = text.pieces(text.shortened(sentence, limit))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if is_code else escape(part) for is_code, part in shown
    )


def _way(case: CaseResult, key: str) -> Markup:
    return Markup("\n").join(map(Markup, way_svg(case.way, key)))


def _values(value: Plain) -> list[str]:
    """Returns one piece of evidence as its lines."""
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return list(value) if isinstance(value, list) else [] if value is None else [str(value)]


def cause_pages(result: RunResult) -> Mapping[str, tuple[str, Markup]]:
    """Returns title and page of each cause that a verdict names, once each."""
    named = {case.verdict.cause for case in result.cases}
    causes = [cause for cause in CATALOGUE if cause.id in named and cause.page]
    here = {cause.id for cause in causes}
    return {cause.id: (cause.title, _page(cause.page, here)) for cause in causes}


def _page(source: str, here: Collection[str]) -> Markup:
    """Renders a cause's page below a heading of the third level; causes that it names lead to their page here."""

    def rival(found: re.Match[str]) -> str:
        return f"[`{found[1]}`](#cause-{found[1]})" if found[1] in here else f"`{found[1]}`"

    page: str = MarkdownIt("commonmark", {"html": False}).render(_NAMED_CAUSE.sub(rival, source))
    lower = 4 - min(map(int, _HEADING.findall(page)), default=4)
    lowered = _HEADING_TAG.sub(lambda tag: f"<{tag[1]}h{min(6, int(tag[2]) + lower)}>", page)
    return Markup(lowered)  # noqa: S704 - the package's own text, rendered with HTML off


def _capitalized(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
