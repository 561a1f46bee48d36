"""Step 5: which type of credential the pod's secrets hold, and so which section goes on."""

from __future__ import annotations

from runbook_lib.model.finding import Outcome, note, ok, problem, skipped, unknown
from runbook_lib.model.image_ref import RegistryHost, RegistryKind
from runbook_lib.model.keyring import Match, normalise_key
from runbook_lib.model.pull_secret import PullSecret, RegistryEntry
from runbook_lib.model.readings import CaseImage, Credentials, PodSecrets, PullFailure
from runbook_lib.model.wiring import step

API_KEY, TOKEN = "api-key", "registry-token"


def credential_type(entry: RegistryEntry) -> str:
    """`api-key`, `registry-token`, or what the entry is otherwise, by host and username, not by a secret's name."""
    host = RegistryHost(normalise_key(entry.key).partition("/")[0])
    if entry.username == "token" and host.is_ibm:
        return TOKEN
    if host.is_ibm or host.kind is RegistryKind.ICR_ENTITLED or "icr.io" in host.name:
        return API_KEY
    return f"login as {entry.username}" if entry.username else "no login"


def by_name(name: str) -> str:
    """What the document's rule makes of a secret's name."""
    if "bluemix" in name:
        return TOKEN
    return API_KEY if "icr" in name else "neither"


def sections_of(secrets: PodSecrets) -> tuple[str, ...]:
    """The sections that go on from here: API keys first, as the document says where a pod has both types.

    The API-key section's checks of a secret serve any registry's login; only a token has its own.
    """
    types = {credential_type(entry) for secret in secrets.read for entry in secret.entries}
    named = bool(secrets.named)
    return (*(("api-key",) if named and types != {TOKEN} else ()), *(("token",) if TOKEN in types else ()))


def _line(secret: PullSecret) -> str:
    kinds = ", ".join(dict.fromkeys(f"{e.key}: {credential_type(e)}" for e in secret.entries)) or "nothing readable"
    return f"{secret.name} holds {kinds} (by its name: {by_name(secret.name)})"


@step("image-pull/5", "Determine what type of credentials the pull secrets hold")
def credential_types(image: CaseImage, secrets: PodSecrets, credentials: Credentials, failure: PullFailure) -> Outcome:
    """API keys go on with the API-key section, tokens with the deprecated one, both with API keys."""
    if not secrets.named:
        return skipped("The pod names no pull secret (step 3), so there are no credentials to tell apart.")
    evidence = {"pull secrets": [_line(s) for s in secrets.read] or ["none could be read"]}
    types = {credential_type(e) for s in secrets.read for e in s.entries}
    used = _matching_types(credentials.matches)
    if not types:
        unread = ", ".join(n.name for n in secrets.unread)
        if unread:
            return unknown(f"What {unread} holds could not be read.", evidence)
        return (
            problem("None of the pod's secrets holds a credential.", evidence)
            if failure.failing
            else ok("The pod's secrets hold no credential, and none is needed.", evidence)
        )
    if TOKEN in types and API_KEY in types:
        go_on = note("Both types: use the icr.io names in the deployment, and go on with the API-key section.")
        return ok("The pod's secrets hold an API key and a registry token.", evidence, go_on)
    if used == {TOKEN} or types == {TOKEN}:
        go_on = note("Registry tokens have not been accepted since 19 August 2021: go on with the token section.")
        status = problem if failure.failing else ok
        return status("The pod's secrets hold a registry token (deprecated).", evidence, go_on)
    if API_KEY in types:
        return ok("The pod's secrets hold an API key.", evidence, note("Go on with the API-key section."))
    return ok(f"The pod's secrets hold another registry's login: {', '.join(sorted(types))}.", evidence)


def _matching_types(matches: tuple[Match, ...]) -> set[str]:
    return {credential_type(m.entry) for m in matches}
