"""The same evidence gives the same words, in whatever order a List holds its objects."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from . import objects
from . import words as node_says
from .cluster import Evidenced
from .keys import BAD, GOOD
from .objects import HOST, IMAGE, failed, pod, secret, unretrieved
from .test_never_confirmed import waits_with

CASES = {
    "several channels, siblings and events of one second": [
        pod(secrets=("a", "gone", "b"), owner="web-1"),
        pod("c", secrets=("a",), status=[objects.running("app", IMAGE)], node="worker-2", phase="Running"),
        waits_with(node_says.REFUSED, "d", node="worker-2"),
        waits_with(node_says.NO_SUCH_HOST, "e", node="worker-3"),
        secret("a", {"uk.icr.io": GOOD}),
        secret("b", {"de.icr.io": BAD}),
        secret("spare", {HOST: GOOD}),
        secret("spare-too", {HOST: BAD}),
        failed(node_says.ANONYMOUS_401),
        failed(node_says.OAUTH_401),
        failed(node_says.REFUSED),
        unretrieved("gone"),
        objects.account(secrets=("a", "gone", "b")),
    ],
    "nothing of its own, siblings that differ": [
        pod(),
        waits_with(node_says.REFUSED, "d", node="worker-2"),
        waits_with(node_says.NO_SUCH_HOST, "e", node="worker-2"),
        waits_with(node_says.ANONYMOUS_401, "f", node="worker-1"),
    ],
}


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_order_of_the_objects_does_not_matter(name, data):
    items = CASES[name]
    shuffled = data.draw(st.permutations(items))
    assert Evidenced(list(shuffled)).diagnose() == Evidenced(items).diagnose()
