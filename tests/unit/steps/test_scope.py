"""Each section is about the secrets that hold its kind of credential, whatever they are called."""

from __future__ import annotations

import pytest

from runbook_lib.model.finding import Status
from runbook_lib.model.readings import PodSecrets
from runbook_lib.steps import api_key, registry_token

from .step_readings import (
    KEY,
    forbidden,
    image,
    missing,
    outcome,
    pod_secrets,
    secret,
    token_secret,
)

BOTH = secret("both", {"us.icr.io": ("iamapikey", KEY), "registry.ng.bluemix.net": ("token", KEY)})
GENERATED = secret(
    "default-dockercfg-x1y2z",
    {"image-registry.openshift-image-registry.svc:5000": ("<token>", KEY)},
    type_="kubernetes.io/dockercfg",
    key=".dockercfg",
)
ANNOTATED = secret(
    "renamed",
    {"172.30.0.7:5000": ("<token>", KEY)},
    annotations={"openshift.io/internal-registry-auth-token.service-account": "default"},
)
SECRETS = {
    "an API key under a name without icr": (pod_secrets(secret("pull")), True, False),
    "a token under a name without bluemix": (pod_secrets(secret("pull", {"us.icr.io": ("token", KEY)})), False, True),
    "a token for the old domain": (pod_secrets(token_secret("registry.ng.bluemix.net")), False, True),
    "an API key for the old domain": (
        pod_secrets(secret("bluemix", {"registry.ng.bluemix.net": ("iamapikey", KEY)})),
        True,
        False,
    ),
    "both in one secret": (pod_secrets(BOTH), True, True),
    "both in two secrets": (pod_secrets(secret(), token_secret()), True, True),
    "the username token at another registry is no registry token": (
        pod_secrets(secret("gitlab", {"registry.gitlab.com": ("token", KEY)})),
        True,
        False,
    ),
    "a secret that may not be read, by its name": (pod_secrets(forbidden("all-icr-io")), True, False),
    "a bluemix secret that may not be read, by its name": (pod_secrets(forbidden("bluemix-secret")), False, True),
    "a secret that does not exist, by its name": (pod_secrets(missing("all-icr-io")), True, False),
    "no secret at all": (PodSecrets(()), False, False),
    "only OpenShift's generated secret, by its name": (pod_secrets(GENERATED), False, False),
    "only OpenShift's generated secret, by its annotation": (pod_secrets(ANNOTATED), False, False),
}


@pytest.mark.parametrize(("held", "keys", "tokens"), SECRETS.values(), ids=SECRETS)
def test_a_section_is_skipped_exactly_where_the_pod_has_no_credential_of_its_kind(held, keys, tokens):
    for step, applies in ((api_key.secret_configuration, keys), (registry_token.secret_configuration, tokens)):
        found = outcome(step, held)
        assert (found.status is not Status.SKIPPED) is applies, found.summary


@pytest.mark.parametrize("step", [*api_key.STEPS, *registry_token.STEPS], ids=lambda s: s.id)
def test_a_pod_without_pull_secrets_skips_every_step_and_says_so(step):
    found = outcome(step, PodSecrets(()))
    assert found.status is Status.SKIPPED
    assert "names no pull secret" in found.summary


@pytest.mark.parametrize("step", api_key.STEPS, ids=lambda s: s.id)
def test_a_pod_with_tokens_only_is_led_from_the_api_keys_to_the_token_section(step):
    found = outcome(step, pod_secrets(token_secret()))
    assert found.status is Status.SKIPPED
    assert "token section" in found.summary


def test_the_generated_secret_counts_where_the_image_is_on_the_internal_registry():
    there = image("image-registry.openshift-image-registry.svc:5000/builds/web:1.0")
    found = outcome(api_key.registry_covered, pod_secrets(GENERATED), there)
    assert found.status is Status.OK


def test_a_secret_under_a_generated_name_counts_where_it_covers_the_image():
    assert outcome(api_key.registry_covered, pod_secrets(secret("default-dockercfg-x1y2z"))).status is Status.OK


@pytest.mark.parametrize("step", [*api_key.STEPS, *registry_token.STEPS], ids=lambda s: s.id)
@pytest.mark.parametrize("name", ["all-icr-io", "bluemix-secret"])
def test_a_secret_that_may_not_be_read_is_never_a_problem(step, name):
    found = outcome(step, pod_secrets(forbidden(name)))
    assert found.status in (Status.UNKNOWN, Status.SKIPPED)


@pytest.mark.parametrize("step", [*api_key.STEPS, *registry_token.STEPS], ids=lambda s: s.id)
def test_what_could_not_be_read_of_a_secret_comes_with_what_would_make_it_readable(step):
    name = "all-icr-io" if step.section == "api-key" else "bluemix-secret"
    found = outcome(step, pod_secrets(forbidden(name)))
    assert "may not get secrets" in found.summary
    if step.id not in ("api-key/3.4", "token/4"):
        assert [a.text for a in found.next] == ["Ask for it."]
