"""What `notebooks/triage.ipynb` calls: a triage that shows itself, and gives itself as pandas tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runbook_lib.interactive import markup
from runbook_lib.interactive.starting import Told, selectors_of
from runbook_lib.interactive.verdict import VerdictCard
from runbook_lib.model.finding import Status
from runbook_lib.model.problem import BadInput
from runbook_lib.model.result import RunResult
from runbook_lib.report import text
from runbook_lib.report import triage_view as view
from runbook_lib.report.sealed import sealed
from runbook_lib.report.triage_document import triage_document
from runbook_lib.report.view import count_of
from runbook_lib.report.words import AS_STATUS
from runbook_lib.triage import Group, Looking, Triage
from runbook_lib.vault import install_ipython, install_log_scrubber, vault

if TYPE_CHECKING:
    import pandas as pd

TRIAGE_TYPE = "application/vnd.pull-runbook.triage+json"
_MOST = 100
_COLUMNS = ("cause", "what to mend", "how sure", "pods", "workloads", "namespaces", "nodes", "since")


@dataclass(frozen=True, slots=True)
class TriageCard:
    """The groups of a triage, the one to mend first at the head."""

    triage: Triage

    def frame(self) -> pd.DataFrame:
        """Returns one row a group, numbered as on the card; `since` is a time with its zone."""
        import pandas as pd

        rows = [dict(zip(_COLUMNS, _row(group), strict=True)) for group in sealed(self.triage).groups]
        frame = pd.DataFrame(rows, columns=list(_COLUMNS), index=pd.RangeIndex(1, len(rows) + 1, name="group"))
        frame["since"] = pd.to_datetime(frame["since"], utc=True, errors="coerce", format="ISO8601")
        return frame

    def pulls(self, number: int = 0) -> pd.DataFrame:
        """Returns one row a failing pull: of one group, or of all where the number is 0."""
        import pandas as pd

        groups = list(enumerate(sealed(self.triage).groups, 1))
        rows = [
            {
                "group": n,
                "cause": group.cause,
                "namespace": m.namespace,
                "workload": f"{m.workload_kind} {m.workload_name}",
                "pod": m.pod,
                "container": m.container,
                "image": m.image,
                "node": m.node,
                "since": m.since,
            }
            for n, group in groups
            if number in (0, n)
            for m in group.members
        ]
        return pd.DataFrame(rows)

    def example(self, number: int = 1) -> VerdictCard:
        """Shows the worked example of a group.

        Raises:
            BadInput: there is no group of this number.
        """
        groups = self.triage.groups
        if not 1 <= number <= len(groups):
            raise Told(f"There is no group {number}.", f"There are {len(groups)}.")
        return VerdictCard(RunResult((groups[number - 1].example,), self.triage.provenance))

    def _repr_mimebundle_(self, **_forms: Any) -> dict[str, Any]:
        shown = sealed(self.triage)
        return {
            "text/plain": vault().scrub("\n".join(_lines(shown))),
            "text/markdown": vault().scrub("\n".join(_markdown(shown))),
            "text/html": vault().scrub(_html(shown)),
            TRIAGE_TYPE: vault().scrub_json(triage_document(self.triage)),
        }


def triage(parameters: Mapping[str, object]) -> TriageCard:
    """Looks at the cluster, the namespace or the bundle that the notebook's parameters name.

    Args:
        parameters: the notebook's variables (`globals()`), of which the declared parameters are taken.

    Raises:
        BadInput: a parameter of the wrong type, no cluster, or pods that may not be listed; shown as one
            sentence, without a traceback.
    """
    install_log_scrubber()
    try:
        from IPython import get_ipython

        if (shell := get_ipython()) is not None:
            install_ipython(shell)
        return TriageCard(Looking(selectors_of(parameters)).look())
    except BadInput as told:
        raise Told(told.what, told.next) from None


def _row(group: Group) -> Sequence[object]:
    counts = (group.pods, group.workloads, len(group.namespaces), len(group.nodes))
    return (group.cause, view.thing(group), view.sure(group), *counts, group.since or None)


def _lines(shown: Triage) -> Iterator[str]:
    yield view.overview(shown)
    for number, group in enumerate(shown.groups[:_MOST], 1):
        yield text.one_line(
            f"{number}. {group.cause} ({view.sure(group)}), {view.thing(group)}: {view.extent(group)}", markup.VALUE
        )
    yield from (text.one_line(remark, markup.VALUE) for remark in view.remarks(shown))


def _markdown(shown: Triage) -> Iterator[str]:
    yield text.plain(view.overview(shown))
    if shown.groups:
        yield ""
        yield "| # | cause | what to mend | how sure | pods | workloads | namespaces |"
        yield "|---|---|---|---|---|---|---|"
    for number, group in enumerate(shown.groups[:_MOST], 1):
        said = (group.cause, view.thing(group), view.sure(group))
        counts = (group.pods, group.workloads, len(group.namespaces))
        yield f"| {number} | " + " | ".join([*map(text.plain, said), *map(str, counts)]) + " |"
    for remark in view.remarks(shown):
        yield ""
        yield text.plain(remark)


def _html(shown: Triage) -> str:
    status = Status.PROBLEM if shown.problems else Status.UNKNOWN if shown.groups else Status.OK
    body = [_card_of(number, group, shown) for number, group in enumerate(shown.groups[:_MOST], 1)]
    said = "".join(markup.quiet(markup.prose(remark)) for remark in view.remarks(shown))
    return markup.card(status, markup.text(view.overview(shown)), "".join(body) + said)


def _card_of(number: int, group: Group, shown: Triage) -> str:
    since = view.age(group.since, shown.provenance.taken_at)
    head = (
        f"{number}. {markup.badge(AS_STATUS[group.verdict.status], view.sure(group))} {markup.text(group.cause)}, "
        f"{markup.text(view.thing(group))}: {markup.text(view.extent(group))}{f', for {since}' if since else ''}"
    )
    claim = group.example.diagnosis.first
    because = claim.because if claim is not None and claim.id == group.cause else (group.verdict.summary,)
    pods = markup.items(
        f"{markup.text(f'{namespace} {workload}')} ({len(pulls)}): {markup.text(', '.join(m.pod for m in pulls[:20]))}"
        for namespace, workload, _image, pulls in view.by_workload(group.members)[:50]
    )
    inner = (
        markup.text(group.title)
        + markup.items(map(markup.prose, because))
        + markup.actions(group.remedy)
        + markup.folded(count_of(group.pods, "pod"), pods)
    )
    return markup.folded(head, inner, is_open=number == 1)
