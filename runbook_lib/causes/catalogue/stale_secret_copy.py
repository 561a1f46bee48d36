"""The project's copy differs from the secret of `default`, and only the copy is refused.

## What it is
The project's `all-icr-io` holds another key than the one in `default`, and the registry refuses it. Pods in
`default` pull well, pods here do not.

## Why it happens
A copy is a snapshot. `ibmcloud oc cluster pull-secret apply` (or the exchange of a leaked key) makes a new API key
and mends the secret of `default` only; all copies keep the key that is gone.

## How it is told from its rivals
**confirmed** where both were tried from here, the copy's login is refused and that of `default` is accepted, and
the secret is a copy by its name; **likely** where `default`'s is only newer.
- [`credentials-rejected`] – both are refused, or both hold the same key: copying changes nothing.
- [`api-key-disabled`] – IAM says so of this key; enabling it is the wrong cure where `default` is mended already.
- [`iam-policy-missing`] – the copy's login is accepted and the image denied: it may be a key of the project's own.
- Secrets of one name with other contents need not be copies: see who made it before you replace it.

## How to fix it
```sh
kubectl get secret all-icr-io -n default -o jsonpath='{.metadata.creationTimestamp}'
kubectl get secrets -A | grep icr-io
# changes: the project's copy; do it in each project that the line above lists
kubectl get secret all-icr-io -n default -o json | jq '.metadata={"name":.metadata.name}' |
  kubectl apply -n <project> -f -
# changes: the pods are made anew, if you do not want to wait for the next attempt
kubectl rollout restart deployment/<name> -n <project>
```
The document's `sed 's/default/<project>/g'` rewrites every `default` in the text: the line above changes nothing
else.

## See also
- Step `api-key/3.5`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull#img-pull-api-key>
- <https://cloud.ibm.com/docs/containers?topic=containers-registry#copy_imagePullSecret>
"""

from __future__ import annotations

from runbook_lib.causes.doubt import newer_than_failure, try_again
from runbook_lib.causes.judging import auth_refusal, is_refused_login, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.keyring import lookup
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import CredentialSent
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.readings import CaseImage, Commands, Credentials, DefaultSecrets, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("stale-secret-copy", "The project's copy of the pull secret is out of date", "api-key/3.5")
def stale_secret_copy(
    pod: Pod,
    image: CaseImage,
    credentials: Credentials,
    default: DefaultSecrets,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """`pull-secret apply` makes a new key and mends `default` only; copies keep the key that is gone."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    if ref is None or error is None or pod.namespace == "default" or not credentials.usable:
        return None
    if error.credential_sent is CredentialSent.NO:
        return Against("the node sent no credential")
    mine = credentials.usable[0]
    theirs = [m for m in lookup(default.secrets, ref) if m.entry.has_credential]
    original = next((m for m in theirs if m.secret.name == mine.secret.name), theirs[0] if theirs else None)
    if original is None:
        return Against("the default project holds no credential for this registry")
    same = mine.entry.same_credential(original.entry)
    if same is None:
        return None
    if same:
        return Against(f"the copy holds the same credential as default's {original.secret.name}")
    made, of_login = tests_or_none(tests), is_refused_login(error)
    because = [
        f"{pod.namespace}/{mine.secret.name} and default/{original.secret.name} hold different credentials.",
        quote(error),
    ]
    mend = (
        remedy.copy_secret(c, original.secret.name, pod.namespace, replace=True),
        *try_again(c, pod),
    )
    out = ("default's secret being refused as well", "the copy being accepted")
    if made is not None:
        accepted = [t for t in made.of(Origin.DEFAULT) if t.answer.logged_in and t.secret == original.secret.name]
        if not accepted or not made.all_answer(Origin.POD, Answer.CREDENTIALS_REJECTED):
            return Against("the counter-test does not show the copy's login refused and default's accepted")
        because.append(f"Asked from here: the copy's login is refused, that of {accepted[0].label} is accepted.")
        sure = confirmed_if(of_login and not newer_than_failure(failure, mine.secret))
        if not _is_copy(mine.secret.name, original.secret.name, pod.namespace):
            sure = Confidence.POSSIBLE
        return speaks(sure, because, excluded_by=out, remedy=mend)
    if not of_login:
        return None
    copied = _is_copy(mine.secret.name, original.secret.name, pod.namespace)
    return speaks(
        Confidence.LIKELY if copied else Confidence.POSSIBLE,
        [*because, "Default's was changed after the copy was." if _is_newer(original.secret, mine.secret) else ""],
        excluded_by=out,
        remedy=mend,
    )


def _is_newer(one: PullSecret, other: PullSecret) -> bool:
    """True where a secret was written after another one: resource versions of one cluster are in order."""
    versions = one.resource_version, other.resource_version
    if all(v.isdigit() for v in versions):
        return int(versions[0]) > int(versions[1])
    return one.created > other.created


def _is_copy(name: str, original: str, namespace: str) -> bool:
    """True where a secret is named as a copy of `default`'s is (the document's `sed` renames some of them)."""
    return name in (original, original.replace("default", namespace))
