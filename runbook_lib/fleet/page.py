"""The fleet's page: one HTML file that opens offline and runs nothing, in the style of a single run's report."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from runbook_lib.fleet.summary import Fleet
from runbook_lib.report import html


def to_html(fleet: Fleet) -> str:
    """Returns the page. The fleet's texts must be sealed; Jinja2 escapes every one of them."""
    style = _source("report.css") + _source("fleet.css")
    page = environment().get_template("fleet.html.j2")
    return page.render(fleet=fleet, policy=html.content_policy(style, ""), style=Markup(style))  # noqa: S704 - ours


@cache
def environment() -> Environment:
    """The environment of the single run's page, with this page's templates before its own."""
    base = html.environment()
    assert base.loader is not None  # noqa: S101 - it has one
    both = ChoiceLoader([PackageLoader("runbook_lib.fleet", "templates"), base.loader])
    environment: Environment = base.overlay(loader=both)
    environment.filters["place"] = quote
    return environment


def _source(name: str) -> str:
    loader = environment().loader
    assert loader is not None  # noqa: S101 - made above
    return loader.get_source(environment(), name)[0]
