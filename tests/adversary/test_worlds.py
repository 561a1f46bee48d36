"""In any world, however much of it is seen, only what is wrong in it is confirmed; and no rule fails."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from .cluster import Evidenced, confirmed
from .worlds import Held, Manner, Way, World

_LOGINS = st.sampled_from([None, Held.GOOD, Held.BAD, Held.DENIED])
WORLDS = st.builds(
    World,
    named=st.lists(st.sampled_from(Held), max_size=3).map(tuple),
    of_node=st.sampled_from([None, None, None, Held.GOOD, Held.BAD, Held.DENIED]),
    spare=st.sampled_from([False, False, True]),
    in_default=_LOGINS,
    exists=st.sampled_from([True, True, False]),
    public=st.sampled_from([False, False, True]),
    manner=st.sampled_from(Manner),
    way=st.sampled_from([Way.FREE, Way.FREE, Way.FREE, Way.FREE, *Way]),
    crio=st.booleans(),
    seen=st.sampled_from(["readable", "readable", "elided", "forbidden"]),
    told=st.sampled_from(["event", "message", "bare"]),
    asked=st.booleans(),
    here_is_let_in=st.booleans(),
    live=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(WORLDS)
def test_nothing_is_confirmed_that_is_not_wrong(world):
    """One world is beyond telling: CRI-O does not say that the node sent a credential of its own, and the account's
    allow-list refuses that one's network and not this machine's.
    """
    assume(world.text() is not None)
    assume(not (world.crio and world.of_node and world.way is Way.ALLOW_LIST))
    evidence = Evidenced(
        world.items(),
        world.answer if world.asked else None,
        live=world.live or world.seen == "forbidden",
        forbidden=frozenset({"secrets"}) if world.seen == "forbidden" else frozenset(),
    )
    diagnosis = evidence.diagnose()
    assert not diagnosis.defects
    assert confirmed(diagnosis) <= world.faults(), diagnosis
