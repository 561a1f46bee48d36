"""The shape of causes that the node's own words name: a network that does not carry, a full disk, a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from runbook_lib.causes.doubt import MIRROR_TOO, mirrors_failed, runs_elsewhere
from runbook_lib.causes.judging import is_direct, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, confirmed_if, speaks
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import Action
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import Detail, Kind, PullError
from runbook_lib.model.readings import CaseImage, Commands, PullFailure, Siblings
from runbook_lib.model.unavailable import Unavailable

Remedy = Callable[[Commands, Pod, CaseImage], Iterable[Action]]
Rule = Callable[[Pod, CaseImage, PullFailure, Siblings | Unavailable, CounterTests | Unavailable, Commands], Ruling]


def told_by_node(
    kind: Kind,
    *,
    excluded_by: Iterable[str],
    remedy: Remedy,
    only: Iterable[Detail] = (),
    never: Iterable[Detail] = (),
    sandbox: bool = False,
    lasting: bool = True,
    of_node: bool = True,
) -> Rule:
    """Returns the rule: the node's words are of this kind, with one of `only` and none of `never` details.

    CONFIRMED where the words have no other reading; LIKELY where they do, or where the fault passes by
    itself (`lasting` false) and the image is given when asked from here. `of_node` is for faults that other
    nodes need not have.
    """
    wanted, barred = frozenset(only), frozenset(never)

    def rule(
        pod: Pod,
        image: CaseImage,
        failure: PullFailure,
        siblings: Siblings | Unavailable,
        tests: CounterTests | Unavailable,
        c: Commands,
    ) -> Ruling:
        error = failure.error
        if not failure.failing or error is None or error.of_sandbox_image is not sandbox:
            return None
        if not _fits(error):
            return Against("the node's error is of another kind") if error.kind is not Kind.OTHER else None
        made = tests_or_none(tests)
        given = made is not None and bool(made.accepted(Origin.POD, Origin.ANONYMOUS))
        host = error.host or error.registry
        elsewhere = runs_elsewhere(pod, siblings)
        return speaks(
            confirmed_if(is_direct(failure, error) and (lasting or not given)),
            (
                quote(error),
                f"The host is {host}." if host else "",
                f"It was seen {failure.said[0].count} times." if failure.said[0].count > 1 else "",
                MIRROR_TOO if mirrors_failed(error) else "",
                "Asked from here, the registry gives the image: the node's own way differs." if given else "",
                f"The same image runs on {', '.join(elsewhere)}, with the same secrets: the fault is this node's."
                if elsewhere and of_node
                else "",
            ),
            excluded_by=excluded_by,
            remedy=remedy(c, pod, image),
        )

    def _fits(error: PullError) -> bool:
        return (
            error.kind is kind
            and (not wanted or error.detail in wanted)
            and (error.detail is None or error.detail not in barred)
        )

    return rule
