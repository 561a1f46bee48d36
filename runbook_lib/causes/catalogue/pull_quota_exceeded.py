"""The account's pull traffic of the month is used up.

## What it is
`denied: Your account has exceeded its pull traffic quota for the current month`, or `403 Forbidden` on a blob
(`…/blobs/sha256:…`) after the manifest was read.

## Why it happens
The account's limit of pull traffic in this region is used up (5 GB a month on the free plan): large images, nodes
that were replaced, `imagePullPolicy: Always`, pulls from outside over the public network.

## How it is told from its rivals
**confirmed** where the words name the traffic quota, or a blob is refused for it from here; else **likely**.
- `You have exceeded your storage quota` is about *pushes*: **the storage quota does not block pulls**, and deleting
  images does not help here.
- [`access-denied`], [`iam-policy-missing`] – refused at the token or the manifest; a quota is refused at the blob.
  A look at the manifest alone cannot see it.
- [`rate-limited`] – `429`, a matter of minutes; this one lasts until the next month.
- [`node-disk-full`] – `no space left on device` is the node's.

## How to fix it
Reading the quota needs a policy for the account, not one for a namespace: the cluster's own service ID may not.
```sh
# changes: only which region this command line asks
ibmcloud cr region-set <region>
ibmcloud cr quota
# changes: the limit, and with it what the account may be charged
ibmcloud cr quota-set --traffic <megabytes>
```
Traffic over private connections is not counted; it starts at nothing again with the next billing period.

## See also
- Step `image-pull/2`: <https://cloud.ibm.com/docs/Registry?topic=Registry-registry_quota>
- <https://cloud.ibm.com/docs/Registry?topic=Registry-troubleshoot-quota>
"""

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
        confirmed_if(here or (error.detail is Detail.PULL_TRAFFIC_QUOTA and not error.also)),
        (quote(error), "Asked from here, a blob is refused for the quota." if here else ""),
        excluded_by=("traffic below the limit in `ibmcloud cr quota`",),
        remedy=(
            read("See the quota and its use.", "ibmcloud cr quota"),
            change("Raise the limit of pull traffic.", "ibmcloud cr quota-set --traffic <megabytes>"),
            note("Pulls over the private network do not count; the traffic starts at nothing with the next month."),
        ),
    )
