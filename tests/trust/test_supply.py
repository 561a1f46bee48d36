"""What an installation brings: its licences are listed and free, and its parts fit each other."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .licences import PAGE, ROOT, SLOW, closure, dependencies, needed_by, on_the_page, table

FREE = {
    "Apache",
    "BSD",
    "0BSD",
    "MIT",
    "MIT-0",
    "ISC",
    "PSF",
    "MPL",
    "Zlib",
    "CC0",
    "CNRI-Python",
    "Python",
    "Unlicense",
}
"""Licences that ask for no more than a notice; MPL-2.0 asks for changed files of the package itself."""


def families(text: str) -> set[str]:
    """The licences of an SPDX expression, without versions: `Apache-2.0 AND MIT` holds Apache and MIT."""
    parts = re.split(r"\s+(?:AND|OR|WITH)\s+|[()]", text)
    return {re.sub(r"-\d[\w.-]*$", "", part.strip()) for part in parts if part.strip()}


def test_the_page_lists_what_is_installed():
    """`python -m tests.trust.licences` makes it anew after a change of the dependencies."""
    listed, installed = on_the_page(), table()
    assert set(installed) <= set(listed), "write docs/licences.md anew"
    differ = {name: (listed[name], installed[name]) for name in installed if listed[name] != installed[name]}
    assert differ == {}


@pytest.mark.parametrize("name", sorted(on_the_page()))
def test_each_licence_is_a_free_one(name):
    """None that asks for the source of the whole, and none that is not stated."""
    stated = families(on_the_page()[name])
    assert stated
    assert stated <= FREE


def test_a_licence_of_another_kind_would_be_seen():
    """The test before this one can fail."""
    assert not families("GPL-3.0-or-later") <= FREE
    assert not families("MIT AND SSPL-1.0") <= FREE


def test_the_closure_holds_more_than_what_is_named():
    """It follows what the named packages need."""
    assert {"requests", "urllib3", "certifi", "ibm-cloud-sdk-core", "tornado", "pyzmq"} <= closure()


def test_packages_without_a_release_for_two_years_have_a_reason():
    """None is a choice of this project, each comes with another one, and the page says why it stays."""
    named = {canonicalize_name(Requirement(text).name) for text in dependencies()}
    assert named
    assert set(SLOW) & named == set()
    assert set(SLOW) <= closure()
    page = PAGE.read_text("utf-8")
    for name, (when, why) in SLOW.items():
        assert needed_by(name)
        assert f"| {name} | {when} | {', '.join(needed_by(name))} | {why} |" in page


def test_the_constraints_pin_everything_that_is_listed():
    """An installation with constraints.txt has the packages of the page, in versions that were tried."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {canonicalize_name(line.partition("==")[0]) for line in lines if "==" in line}
    assert set(on_the_page()) - pinned == set()


def test_the_installed_packages_fit_each_other():
    """`pip check` finds nothing."""
    checked = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
