"""The account's pull traffic of the month is used up."""

from __future__ import annotations

from runbook_lib.causes.judging import by_the_kubelet, quote, tests_or_none
from runbook_lib.causes.rule import Ruling, cause, confirmed_if, speaks
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.finding import change, note, read
from runbook_lib.model.pull_error import Detail, Kind
from runbook_lib.model.readings import CaseImage, Commands, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("pull-quota-exceeded", "The account's pull traffic quota is used up", "image-pull/2")
def pull_quota_exceeded(
    image: CaseImage, failure: PullFailure, tests: CounterTests | Unavailable, c: Commands
) -> Ruling:
    """The registry refuses blobs with its quota's words; the storage quota does not stop pulls."""
    error, ref = by_the_kubelet(failure, Kind.QUOTA_EXCEEDED), image.image.ref
    if ref is None or error is None or error.detail is Detail.STORAGE_QUOTA:
        return None
    made = tests_or_none(tests)
    here = made is not None and any(t.answer.answer is Answer.QUOTA_EXCEEDED for t in made.trials)
    return speaks(
        confirmed_if(here or error.detail is Detail.PULL_TRAFFIC_QUOTA),
        (quote(error), "Asked from here, a blob is refused for the quota." if here else ""),
        excluded_by=("traffic below the limit in `ibmcloud cr quota`",),
        remedy=(
            read("See the quota and its use.", "ibmcloud cr quota"),
            change("Raise the limit of pull traffic.", "ibmcloud cr quota-set --traffic <megabytes>"),
            note(
                "Pulls over the private network do not count; the traffic starts at nothing with the next month."
            ),
        ),
    )
