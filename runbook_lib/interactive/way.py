"""The way of the pull, live: which hops are known from what has been read up to now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from runbook_lib.causes.way import way_of_the_pull
from runbook_lib.interactive import markup
from runbook_lib.model.kube import Pod, ServiceAccount
from runbook_lib.model.readings import CaseImage, Credentials, PodSecrets, PullFailure
from runbook_lib.model.result import HopState, WayHop
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.report.words import HOP, HOP_MARK
from runbook_lib.resolve import Resolver

T = TypeVar("T")

NOT_YET = "not looked at yet"
_RESTS_ON: Mapping[str, tuple[type, ...]] = {
    "pod": (Pod,),
    "service account": (ServiceAccount,),
    "secrets": (PodSecrets, CaseImage),
    "entry": (Credentials,),
    "registry": (PullFailure,),
    "token": (PullFailure,),
    "manifest": (PullFailure,),
    "platform": (PullFailure,),
    "blob": (PullFailure,),
}
_EDGE = {
    HopState.FINE: "#1a7f37",
    HopState.FAILS: "#b3261e",
    HopState.NOT_SEEN: "#8a8a8a",
    HopState.NOT_USED: "#8a8a8a",
}


class _SoFar(Resolver):
    """The readings taken up to now: asking for another one reads nothing."""

    def read(self, reading: type[T]) -> T | Unavailable:
        """Returns a reading that was taken, or says that it was not."""
        if reading not in self._given:
            return Unavailable(reading.__name__, Why.NOT_ASKED, NOT_YET)
        return super().read(reading)


def way_so_far(taken: Mapping[type, object]) -> tuple[WayHop, ...]:
    """Returns every hop of the way; one whose readings have not been taken says that nobody looked yet."""
    known = {hop.name: hop for hop in way_of_the_pull(_SoFar(taken, {}))}
    return tuple(
        known[name]
        if name in known and all(reading in taken for reading in needed)
        else WayHop(name, HopState.NOT_SEEN, NOT_YET)
        for name, needed in _RESTS_ON.items()
    )


def way_html(way: Sequence[WayHop]) -> str:
    """Returns the way as a row of hops that wraps on narrow pages; a sign and a word stand beside each colour."""
    if not way:
        return ""
    hops = "".join(map(_hop, way))
    return (
        "<div role='list' aria-label='The way of the pull' class='rb-way' "
        "style='display:grid;grid-template-columns:repeat(auto-fit,minmax(6.3em,1fr));gap:.35em;"
        f"margin:.4em 0;font-size:.9em'>{hops}</div>"
    )


def _hop(hop: WayHop) -> str:
    pending = hop.note == NOT_YET
    state = NOT_YET if pending else HOP[hop.state]
    mark = "·" if pending else HOP_MARK[hop.state]
    fails = hop.state is HopState.FAILS
    edge = f"{'2px solid' if fails else '1px dashed' if pending else '1px solid'} {_EDGE[hop.state]}"
    note = "" if pending or not hop.note else markup.quiet(markup.name(hop.note, 90))
    return (
        f"<div role='listitem' class='rb-hop rb-{'pending' if pending else hop.state.value}' "
        f"style='border:{edge};border-radius:6px;padding:.2em .5em;max-width:16em;"
        f"overflow-wrap:anywhere;opacity:{'.6' if pending else '1'}'>"
        f"<div style='font-weight:600'>{mark} {markup.text(hop.name)}</div>"
        f"<div>{state}</div>{note}</div>"
    )


def way_markdown(way: Sequence[WayHop]) -> str:
    """Returns the way as one line of Markdown."""
    return " → ".join(f"{_mark(hop)} {markup.md(hop.name)}" for hop in way)


def way_text(way: Sequence[WayHop]) -> str:
    """Returns the way as one line of text."""
    return " > ".join(f"{_mark(hop)} {markup.line(hop.name, 40)}" for hop in way)


def _mark(hop: WayHop) -> str:
    return "·" if hop.note == NOT_YET else HOP_MARK[hop.state]
