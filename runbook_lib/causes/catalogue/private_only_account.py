"""The account of the registry takes private connections only.

## What it is
`Private-only access is enabled on this account, but this request was over the public network. You must access this
account over the private network`. Key, policy and image are right.

## Why it happens
Somebody set the registry to private connections for this region, and the pod's image names the public host from a
place whose traffic leaves over the public network: another cloud, a cluster without private endpoints, another
region.

## How it is told from its rivals
**confirmed** where the node itself was told so; **likely** where the node was only denied, and the account's
setting or the registry's answer from here says it.
- [`network-restricted`] – a restriction by zone or address, which does not name itself; several may hold at once.
- [`iam-policy-missing`], [`access-denied`] – the same 403 without these words.
- [`registry-not-covered`] – after the image was changed to the private host and the secret was not.
- Told from here it proves the account's setting; the node's way may be a private one all the same.

## How to fix it
Name the private host in the image **and** in a secret: `*.icr.io` matches `us.icr.io`, not `private.us.icr.io`.
`all-icr-io` holds the private hosts too.
```sh
# changes: only which region this command line asks
ibmcloud cr region-set <region>
ibmcloud cr private-only --status
# changes: the image of the workload, which makes its pods anew
kubectl set image deployment/<name> <container>=private.<region>.icr.io/<namespace>/<image>:<tag> -n <project>
# changes: the account takes public connections again (ask its owner first)
ibmcloud cr private-only --disable
```

## See also
- Step `api-key/3.6`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull#img-pull-api-key>
- <https://cloud.ibm.com/docs/Registry?topic=Registry-troubleshoot-private>
- <https://cloud.ibm.com/docs/Registry?topic=Registry-registry_private>
"""

from __future__ import annotations

from runbook_lib.causes.judging import by_the_kubelet, has_detail, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model.account import AccountFlags
from runbook_lib.model.account_readings import RegistryAccount
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.finding import change, note
from runbook_lib.model.pull_error import Detail, Kind
from runbook_lib.model.readings import CaseImage, Commands, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("private-only-account", "The registry's account takes private connections only", "api-key/3.6")
def private_only_account(
    image: CaseImage,
    account: RegistryAccount | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The registry says so to the node; that it says so to this machine too proves the account's setting."""
    ref, error, made = image.image.ref, has_detail(failure, Detail.PRIVATE_ONLY), tests_or_none(tests)
    here = made is not None and any(t.answer.answer is Answer.PRIVATE_ONLY for t in made.trials)
    flags = account.flags if isinstance(account, RegistryAccount) else None
    set_so = isinstance(flags, AccountFlags) and flags.private_only
    if isinstance(flags, AccountFlags) and not set_so and error is None and not here:
        return Against("the account takes public connections")
    denied = by_the_kubelet(failure, Kind.ACCESS_DENIED)
    if ref is None or not failure.failing or ref.registry.is_private:
        return None
    if error is None and (denied is None or not (here or set_so)):
        return None
    return speaks(
        confirmed_if(error is not None),
        (
            quote(error or denied),
            "The account's settings take private connections only." if set_so else "",
            "Asked from here, the registry says that the account takes private connections only." if here else "",
        ),
        excluded_by=("private_only being off in the account's settings",),
        remedy=(
            note(f"Name the private host in image and secret: private.{ref.registry.modern}."),
            change("Or let public connections in again.", "ibmcloud cr private-only --disable"),
        ),
    )
