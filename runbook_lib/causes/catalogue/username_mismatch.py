r"""The username is of the wrong kind for the password: `iambearer` with an API key, or a person's address.

## What it is
The password is good and the username says that it is something else. IBM's registry learns the kind of password
from the username: `iamapikey` an API key, `iambearer` an access token, `iamrefresh` a refresh token; at `cp.icr.io`
it is `cp`. The node reports a refused login.

## Why it happens
A secret made by hand with one's address, the key's name or `token` as username, or by a script that logs in with
`iambearer`. A trusted profile's ID (`iam-Profile-…`) with an API key is right, since February 2025.

## How it is told from its rivals
**confirmed** where the registry, asked from here, refuses the pair as it stands and accepts the same password under
the right username; else **likely**.
- [`credentials-rejected`] – refused under every username: the password is the trouble.
- [`registry-token-retired`] – the username is `token`: no other username makes a registry token good again.
- [`api-key-disabled`] – IAM refuses the key itself. [`pull-secret-malformed`] – `auth` cannot be decoded at all.
- An access token (`eyJ…`, three parts) works for one hour: as a pull secret it fails again soon.

## How to fix it
If the secret has an `auth` field, that one counts, whatever `username` says: make the secret anew rather than edit
it.
```sh
kubectl get secret <secret> -n <project> -o json | jq '{type, keys: (.data | keys)}'
# changes: the secret is made anew; the key is typed at a prompt, and stays out of the history
kubectl delete secret <secret> -n <project>
read -rs KEY && kubectl create secret docker-registry <secret> -n <project> \
  --docker-server=<region>.icr.io --docker-username=iamapikey --docker-password="$KEY"
```

## See also
- Step `api-key/3.5`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull#img-pull-api-key>
- <https://cloud.ibm.com/docs/Registry?topic=Registry-registry_access>
"""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.image_ref import RegistryKind
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import CredentialSent
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.model.username import IAM_USERNAMES, expected_username


@cause("username-mismatch", "The username does not go with the kind of password", "api-key/3.5")
def username_mismatch(
    pod: Pod,
    image: CaseImage,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """IBM's registry tells the kind of password by the username; the wrong one refuses a good key."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    if ref is None or error is None or not credentials.usable:
        return None
    kind = ref.registry.kind
    if not (ref.registry.is_ibm or kind is RegistryKind.ICR_ENTITLED):
        return None
    made = tests_or_none(tests)
    repaired = {(t.secret, t.key) for t in made.accepted(Origin.REPAIRED)} if made is not None else set()
    usable = credentials.usable
    match = next((m for m in usable if (m.secret.name, m.entry.key) in repaired), usable[0])
    entry, wanted = match.entry, expected_username(match.entry, kind)
    if not wanted or entry.username in ("token", wanted):
        return Against(f"the username {entry.username} goes with its password") if wanted else None
    proved = (
        made is not None and bool(repaired) and made.all_answer(Origin.POD, Answer.CREDENTIALS_REJECTED, Answer.DENIED)
    )
    if error.credential_sent is CredentialSent.NO or (made is not None and not proved):
        return None
    known = entry.username in IAM_USERNAMES
    return speaks(
        confirmed_if(proved),
        (
            f"{match.secret.name} logs in as {entry.username}, and its password looks like "
            f"{'a token' if wanted == 'iambearer' else 'an API key'}, which goes with {wanted}.",
            f"Asked from here, the same password is accepted as {wanted}." if proved else "",
            "" if known else f"{entry.username} is none of {', '.join(IAM_USERNAMES)}.",
            quote(error),
        ),
        excluded_by=(f"the same password being refused as {wanted}",),
        remedy=(remedy.create_pull_secret(c, pod.namespace, match.secret.name, str(ref.registry), wanted),),
    )
