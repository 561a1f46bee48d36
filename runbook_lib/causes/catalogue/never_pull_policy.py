"""`imagePullPolicy: Never`, and the image is not on the node."""

from __future__ import annotations

from runbook_lib.causes.rule import Ruling, cause, confirmed_if, speaks
from runbook_lib.model.finding import change
from runbook_lib.model.pull_error import Kind
from runbook_lib.model.readings import CaseContainer, Commands, PullFailure
from runbook_lib.model.remedy import q


@cause("never-pull-policy", "The pull policy is Never and the image is not on the node", "image-pull/1")
def never_pull_policy(case: CaseContainer, failure: PullFailure, c: Commands) -> Ruling:
    """The kubelet says so; with another policy in the spec it may be its check of preloaded images."""
    said = failure.reason == "ErrImageNeverPull" or (
        failure.error is not None and failure.error.kind is Kind.NEVER_PULL
    )
    if not failure.failing or not said or case.container is None:
        return None
    never = case.container.pull_policy == "Never"
    kind, name = case.pod.workload
    return speaks(
        confirmed_if(never),
        (
            "The kubelet does not find the image on the node and may not pull it.",
            f"The container's imagePullPolicy is {case.container.pull_policy or 'not set'}.",
        ),
        excluded_by=("a pull policy other than Never",),
        remedy=(
            change(
                "Let the kubelet pull the image (or load it onto the node).",
                f"{c.kubectl} edit {kind.lower()}/{q(name)} -n {q(case.pod.namespace)}"
                "   # set imagePullPolicy: IfNotPresent",
            ),
        ),
    )
