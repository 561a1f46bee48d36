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

from runbook_lib.causes.doubt import PAST_THE_MANIFEST, newer_than_failure, node_is_silent, try_again
from runbook_lib.causes.holding import all_known
from runbook_lib.causes.judging import absence_is_proved, anonymous_is_enough, auth_refusal, quote
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.finding import change
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import CredentialSent, Detail, PullError
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
    kubelet_says = failure.error is not None and failure.error.detail is Detail.SECRET_UNPARSABLE
    if credentials.broken is not None:
        asked = not kubelet_says and not node_is_silent(failure)
        return speaks(
            Confidence.POSSIBLE if asked else confirmed_if(kubelet_says),
            (
                f"{credentials.broken.name}: {credentials.broken.fault_text}.",
                quote(failure.error),
                "The last attempt got as far as the network, so the secret was broken after it: it ends the next one."
                if asked
                else "",
            ),
            excluded_by=("the node's error coming from the registry",),
            remedy=_again(c, pod, credentials.broken, image),
        )
    if kubelet_says and failure.error is not None:
        return _told_by_the_kubelet(c, pod, pod_secrets, failure, failure.error)
    if credentials.usable:
        return Against("a secret of the pod holds a readable username and password for this registry")
    error = auth_refusal(failure, tests)
    faulty = [s for s in pod_secrets.read if s.fault in (Fault.WRONG_SHAPE, Fault.EMPTY) and not s.elided]
    blank = [m.secret for m in credentials.matches if not m.entry.has_credential]
    suspects = faulty + blank
    if error is None or not suspects or anonymous_is_enough(tests):
        return None
    if error.credential_sent is CredentialSent.YES or error.phase in PAST_THE_MANIFEST:
        return None
    secret = (blank or suspects)[0]
    why = secret.fault_text or "its entry for this registry has no password or no username"
    only = bool(blank) or len(pod_secrets.relevant_to(image.image)) == 1
    return speaks(
        confirmed_if(only and all_known(pod_secrets, image) and absence_is_proved(error, tests)),
        (f"{secret.name}: {why}.", quote(error)),
        excluded_by=("another secret of the pod holding a credential for this registry",),
        remedy=_again(c, pod, secret, image),
    )


def _told_by_the_kubelet(
    c: Commands, pod: Pod, pod_secrets: PodSecrets, failure: PullFailure, error: PullError
) -> Ruling:
    """The kubelet could not read a secret, and none that was read here is broken: an unread one is, or one was."""
    unread = [n.name for n in pod_secrets.unread]
    newer = [s for s in pod_secrets.read if newer_than_failure(failure, s)]
    mended = f"{newer[0].name} was made at {newer[0].created}, after the last failed attempt." if newer else ""
    return speaks(
        confirmed_if(bool(unread) and not newer and not error.also),
        (
            quote(error),
            f"{', '.join(unread)} could not be read." if unread else "",
            mended or ("" if unread else "Every secret of the pod can be decoded now."),
        ),
        excluded_by=("every secret of the pod being readable as JSON at that time",),
        remedy=try_again(c, pod) if not unread else tuple(remedy.see_secret(c, pod.namespace, name) for name in unread),
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
