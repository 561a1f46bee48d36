"""The `default` project holds no `icr-io` secret, so there is nothing to copy from.

## What it is
The document's remedy copies `all-icr-io` from the project `default`, and there is nothing to copy: no secret of
that project has `icr-io` in its name. Where the pod names a copy of one (`all-icr-io`), which its project lacks, this
has to be mended first; elsewhere it stands beside the fault of the failing pod, not in its place.

## Why it happens
When the cluster was made, its owner lacked Administrator on Container Registry for all regions and resource groups,
or the account had no service ID to spare; somebody deleted the secrets; or the cluster dates from before 25
February 2019 and holds `bluemix-default-secret*` only.

## How it is told from its rivals
**likely** where the secret that the pod names and its project lacks is a copy of one of these, by its name; else
**possible**: that a source is missing never proves why one pod fails. The project was read (no 403), and held none.
- [`pull-secret-missing`] – the pod names a secret that its *own* project lacks, and it can be copied or made at once.
- [`no-pull-secret`] – the pod names none; this cause then says why copying will not help yet.
- [`registry-token-retired`] – only the old `bluemix` secrets are there, and they no longer work.

## How to fix it
Needs Administrator on Container Registry, unscoped, and Operator on the cluster. It is asynchronous: wait some
minutes, and look again before you copy.
```sh
kubectl get secrets -n default | grep icr-io
# changes: a service ID, its policies, an API key, and the icr-io secrets of the default project
ibmcloud oc cluster pull-secret apply --cluster <cluster_name_or_ID>
# changes: the project gets its copy
kubectl get secret all-icr-io -n default -o json | jq '.metadata={"name":.metadata.name}' |
  kubectl create -n <project> -f -
```

## See also
- Step `image-pull/4.1`:
  <https://cloud.ibm.com/docs/containers?topic=containers-registry#imagePullSecret_migrate_api_key>
"""

from __future__ import annotations

import re

from runbook_lib.causes.judging import anonymous_is_enough, auth_refusal
from runbook_lib.causes.rule import Against, Ruling, cause, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.readings import (
    CaseImage,
    Commands,
    Credentials,
    DefaultSecrets,
    PodSecrets,
    PullFailure,
    Target,
)
from runbook_lib.model.unavailable import Unavailable

_COPIED = re.compile(r"all-icr-io|default-\w{2}-icr-io|default-icr-io")
"""Names of the secrets that IBM Cloud makes in `default`, which copies keep."""


@cause("default-secrets-missing", "The default project holds no icr-io secrets", "image-pull/4.1")
def default_secrets_missing(
    target: Target,
    image: CaseImage,
    credentials: Credentials,
    pod_secrets: PodSecrets,
    default: DefaultSecrets,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The source of the document's copy is missing: what a pod that names a copy waits for, else a further fault."""
    ref = image.image.ref
    if default.icr:
        return Against(f"the default project holds {', '.join(s.name for s in default.icr)}")
    if ref is None or not ref.registry.is_ibm or auth_refusal(failure, tests) is None or credentials.usable:
        return None
    if anonymous_is_enough(tests):
        return None
    copies = [n.name for n in pod_secrets.named if n.is_missing and _COPIED.fullmatch(n.name)]
    return speaks(
        Confidence.LIKELY if copies else Confidence.POSSIBLE,
        (
            "The default project was read, and none of its secrets has icr-io in its name.",
            f"The pod names {copies[0]}, which is made by copying default's: there is nothing to copy."
            if copies
            else "",
        ),
        excluded_by=("an icr-io secret in the default project",),
        remedy=(
            remedy.apply_pull_secrets(c),
            *(remedy.copy_secret(c, name, target.namespace) for name in copies[:1]),
        ),
    )
