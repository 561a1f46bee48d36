"""Image and secret name the same registry, one by its old and one by its new domain.

## What it is
The image says `registry.ng.bluemix.net/…` and the secret `us.icr.io`, or the other way round. Both are one
registry, but the kubelet compares names: it finds no entry and asks anonymously.

## Why it happens
A manifest was left behind when the secret was made anew, or the secret when the manifest was. The old names still
work, and are deprecated: `registry.ng.bluemix.net` is `us.icr.io`, `registry.eu-de.bluemix.net` is `de.icr.io`,
`registry.eu-gb.bluemix.net` is `uk.icr.io`, `registry.au-syd.bluemix.net` is `au.icr.io`, and
`registry.bluemix.net` is `icr.io`. The newer regions never had an old name.

## How it is told from its rivals
**confirmed** where a secret of the pod holds the registry's other name, none holds the image's own, and the pull is
proved to have been anonymous; else **likely**.
- [`registry-not-covered`] – no secret of the pod names this registry by any of its names.
- [`registry-token-retired`] – the old name matches, and the secret's username is `token`: renaming alone is no
  cure.
- `us.icr.io` and `private.us.icr.io` are two names in use, not old and new; each needs its own entry.

## How to fix it
Use the `icr.io` name in both. Change the image where the secret is the new one:
```sh
kubectl get pod <pod> -n <project> -o jsonpath='{.spec.containers[*].image}'
# changes: the image of the workload, which makes its pods anew
kubectl set image deployment/<name> <container>=<region>.icr.io/<namespace>/<image>:<tag> -n <project>
```
Where the secret is the old one, copy `all-icr-io` from `default` and link it; see [`no-pull-secret`].

## See also
- Steps `image-pull/5`, `api-key/3.4` and `token/4`:
  <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://cloud.ibm.com/docs/Registry?topic=Registry-registry_overview>
"""

from __future__ import annotations

from runbook_lib.causes.holding import went_anonymous
from runbook_lib.causes.judging import absence_is_proved, anonymous_is_enough, auth_refusal, quote
from runbook_lib.causes.rule import Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.finding import note
from runbook_lib.model.image_ref import RegistryHost, RegistryKind
from runbook_lib.model.keyring import key_matches, normalise_key
from runbook_lib.model.readings import (
    CaseContainer,
    CaseImage,
    Commands,
    Credentials,
    PodSecrets,
    PullFailure,
)
from runbook_lib.model.unavailable import Unavailable


@cause("deprecated-domain", "Image and secret name one registry by two domains", "api-key/3.4")
def deprecated_domain(
    case: CaseContainer,
    image: CaseImage,
    pod_secrets: PodSecrets,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The kubelet compares host names, so a secret for us.icr.io does not serve registry.ng.bluemix.net."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    if ref is None or error is None or not ref.registry.is_ibm or anonymous_is_enough(tests):
        return None
    others = [
        (secret, host)
        for secret in pod_secrets.read
        for entry in secret.entries
        if (host := RegistryHost(normalise_key(entry.key).partition("/")[0])).same_registry(ref.registry)
        and host.host != ref.registry.host
        and host.is_private == ref.registry.is_private
        and entry.has_credential
        and key_matches(entry.key, ref.with_registry(host.name))
    ]
    if not others or not went_anonymous(error, credentials, pod_secrets, image):
        return None
    secret, host = others[0]
    old = host if host.kind is RegistryKind.ICR_LEGACY else ref.registry
    mend = remedy.set_image(c, case, str(ref.with_registry(ref.registry.modern)))
    if old is host:
        mend = remedy.create_pull_secret(c, case.pod.namespace, f"{secret.name}-icr", ref.registry.name)
    return speaks(
        confirmed_if(absence_is_proved(error, tests)),
        (
            f"The image names {ref.registry}; {secret.name} holds {host}: one registry by its old and its new name.",
            "The kubelet matches names, not registries, so it sends nothing.",
            quote(error),
        ),
        excluded_by=("an entry with the image's own host name",),
        remedy=(note(f"{old} is the deprecated name: use {old.modern} in image and secret."), mend),
    )
