r"""A pull secret that holds no usable username and password.

## What it is
`unable to parse auth field, must be formatted as base64(username:password)`, `invalid character … looking for
beginning of value`: the kubelet cannot make its keyring, and **one such secret ends the pull for all of them**. An
entry without a password says nothing at all: the pull goes out anonymously.

## Why it happens
`auth` made by hand without `username:`, encoded twice or cut; `{"auths": …}` put into `.dockercfg` (there the bare
map of hosts belongs: the kubelet then looks for a host called "auths"); a template whose password was never filled
in.

## How it is told from its rivals
**confirmed** where the kubelet's words name it, or where the secret was read, holds nothing usable, and the pull
was anonymous; else **likely**. The API server refuses text that is no JSON, so it is mostly `auth`, nesting or an
empty password.
- [`credentials-rejected`] – readable, sent, and refused. [`pull-secret-type-wrong`] – ignored for its type.
- [`registry-not-covered`] – readable, with entries for other hosts.
- [`pull-secret-missing`] – the secret is not there at all.

## How to fix it
`auth` overrides `username` and `password`: mending those alone changes nothing.
```sh
kubectl get secret <secret> -n <project> -o json |
  jq '.data | map_values(@base64d | fromjson) | del(.. | .password?, .auth?)'
# changes: the secret is made anew; the key is typed at a prompt, and stays out of the history
kubectl delete secret <secret> -n <project>
read -rs KEY && kubectl create secret docker-registry <secret> -n <project> \
  --docker-server=<region>.icr.io --docker-username=iamapikey --docker-password="$KEY"
```

## See also
- Steps `api-key/3.3` and `token/3`:
  <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull#img-pull-api-key>
- <https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets>
"""

from __future__ import annotations

from runbook_lib.causes.judging import all_known, anonymous_is_enough, auth_refusal, quote, sent_nothing
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.finding import change
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import Kind
from runbook_lib.model.pull_secret import Fault, PullSecret
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PodSecrets, PullFailure
from runbook_lib.model.unavailable import Unavailable


@cause("pull-secret-malformed", "A pull secret holds no usable credential", "api-key/3.3")
def pull_secret_malformed(
    pod: Pod,
    image: CaseImage,
    pod_secrets: PodSecrets,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """One secret that cannot be decoded ends the pull before any request; an empty one leaves it anonymous."""
    if not failure.failing:
        return None
    kubelet_says = failure.error is not None and failure.error.kind is Kind.INVALID_SECRET
    if credentials.broken is not None:
        return speaks(
            confirmed_if(kubelet_says),
            (f"{credentials.broken.name}: {credentials.broken.fault_text}.", quote(failure.error)),
            excluded_by=("the node's error coming from the registry",),
            remedy=_again(c, pod, credentials.broken, image),
        )
    if credentials.usable:
        return Against("a secret of the pod holds a readable username and password for this registry")
    error = auth_refusal(failure, tests)
    faulty = [s for s in pod_secrets.read if s.fault in (Fault.WRONG_SHAPE, Fault.EMPTY) and not s.elided]
    blank = [m.secret for m in credentials.matches if not m.entry.has_credential]
    suspects = faulty + blank
    if error is None or not suspects or anonymous_is_enough(tests):
        return None
    secret = suspects[0]
    why = secret.fault_text or "its entry for this registry has no password or no username"
    sure = all_known(pod_secrets, image) and (sent_nothing(error) or bool(blank))
    return speaks(
        Confidence.CONFIRMED if sure and sent_nothing(error) else Confidence.LIKELY,
        (f"{secret.name}: {why}.", quote(error)),
        excluded_by=("another secret of the pod holding a credential for this registry",),
        remedy=_again(c, pod, secret, image),
    )


def _again(c: Commands, pod: Pod, secret: PullSecret, image: CaseImage) -> tuple:  # type: ignore[type-arg]
    host = str(image.image.ref.registry) if image.image.ref else "<registry>"
    return (
        change(
            f"Remove {secret.name}, which cannot be used.",
            f"{c.kubectl} delete secret {remedy.q(secret.name)} -n {remedy.q(pod.namespace)}",
        ),
        remedy.create_pull_secret(c, pod.namespace, secret.name, host),
    )
