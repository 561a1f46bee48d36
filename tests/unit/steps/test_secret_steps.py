"""api-key/3.1 to 3.4 and token/1 to 4: the secret, its type, what it decodes to, the registries that it covers."""

from __future__ import annotations

import pytest

from runbook_lib.model.finding import Status
from runbook_lib.steps import api_key, registry_token

from .step_readings import (
    KEY,
    NOT_FAILING,
    commands,
    evidence,
    forbidden,
    image,
    missing,
    outcome,
    pod_secrets,
    secret,
    token_secret,
)

OPAQUE = secret(type_="Opaque")
OTHER_HOST = {"de.icr.io": ("iamapikey", KEY)}
NO_PASSWORD = secret(payload={"auths": {"us.icr.io": {"username": "iamapikey", "password": ""}}})
BAD_AUTH = secret(payload={"auths": {"us.icr.io": {"auth": "not-base64-of-a-pair"}}})
NOT_JSON = secret(payload="{half")
NESTED = secret(
    "old",
    payload={"auths": {"us.icr.io": {"username": "token", "password": KEY}}},
    type_="kubernetes.io/dockercfg",
    key=".dockercfg",
)
BARE = secret(payload={"us.icr.io": {"username": "iamapikey", "password": KEY}})
ELIDED = secret(payload="36 bytes long")
SECOND = secret("second")

CONFIGURATION = {
    "a secret that is there": (pod_secrets(secret()), Status.OK, "all-icr-io could be read"),
    "a secret that does not exist": (pod_secrets(missing()), Status.PROBLEM, "has no secret all-icr-io"),
    "one is missing, another serves": (pod_secrets(missing(), SECOND), Status.OK, "all-icr-io does not exist"),
    "one is missing, another is for another registry": (
        pod_secrets(missing(), secret("quay", {"quay.io": ("u", KEY)})),
        Status.PROBLEM,
        "has no secret all-icr-io",
    ),
    "one may not be read, another serves": (pod_secrets(forbidden(), SECOND), Status.OK, "could not be read"),
    "a secret whose value was removed": (pod_secrets(ELIDED), Status.OK, "could be read"),
}


@pytest.mark.parametrize(("held", "status", "said"), CONFIGURATION.values(), ids=CONFIGURATION)
def test_3_1_a_missing_secret_is_a_problem_only_where_no_other_one_serves(held, status, said):
    found = outcome(api_key.secret_configuration, held)
    assert (found.status, said in found.summary) == (status, True), found.summary


TYPES = {
    "type and key agree": (pod_secrets(secret()), Status.OK),
    "Opaque with the right key": (pod_secrets(OPAQUE), Status.PROBLEM),
    "Opaque, for another registry": (pod_secrets(secret("other", OTHER_HOST, type_="Opaque"), secret()), Status.OK),
    "Opaque beside one that serves": (pod_secrets(OPAQUE, SECOND), Status.PROBLEM),
    "the older form agrees as well": (
        pod_secrets(secret(type_="kubernetes.io/dockercfg", key=".dockercfg")),
        Status.OK,
    ),
    "the key of the other type": (pod_secrets(secret(type_="kubernetes.io/dockercfg")), Status.PROBLEM),
}


@pytest.mark.parametrize(("held", "status"), TYPES.values(), ids=TYPES)
def test_3_2_type_and_key_must_agree(held, status):
    assert outcome(api_key.payload_type, held).status is status


def test_3_2_a_wrong_type_is_mended_by_making_the_secret_again():
    found = outcome(api_key.payload_type, pod_secrets(OPAQUE))
    assert "replace --force" in commands(found)
    assert 'type: "kubernetes.io/dockerconfigjson"' in commands(found)
    assert all(a.changes for a in found.next)


def test_3_2_the_document_is_outdated_where_it_looks_for_one_form_only():
    found = outcome(api_key.payload_type, pod_secrets(secret(type_="kubernetes.io/dockercfg", key=".dockercfg")))
    assert "both forms" in evidence(found)["where the document is outdated"]


DECODED = {
    "an entry with a username and a password": (pod_secrets(secret()), Status.OK, ""),
    "an auth that is no pair": (pod_secrets(BAD_AUTH), Status.PROBLEM, "not base64"),
    "no JSON": (pod_secrets(NOT_JSON), Status.PROBLEM, "not JSON"),
    "no JSON beside one that serves: the whole keyring fails": (
        pod_secrets(NOT_JSON, SECOND),
        Status.PROBLEM,
        "no secret",
    ),
    "hosts without auths around them": (pod_secrets(BARE), Status.PROBLEM, "auths"),
    "hosts without auths, beside one that serves": (pod_secrets(BARE, SECOND), Status.OK, ""),
    "an empty password": (pod_secrets(NO_PASSWORD), Status.PROBLEM, "goes anonymous"),
    "an empty password beside one that serves": (pod_secrets(NO_PASSWORD, SECOND), Status.OK, ""),
    "a value that was removed from the evidence": (pod_secrets(ELIDED), Status.UNKNOWN, "removed from the evidence"),
}


@pytest.mark.parametrize(("held", "status", "said"), DECODED.values(), ids=DECODED)
def test_3_3_the_value_decodes_as_the_kubelet_decodes_it(held, status, said):
    found = outcome(api_key.payload_decodes, held)
    assert (found.status, said in found.summary) == (status, True), found.summary


def test_3_3_auth_counts_where_it_says_otherwise_than_username_and_password():
    entry = {
        "username": "iamapikey",
        "password": "another-password",
        "auth": "aWFtYXBpa2V5OnRoZS1vbmUtdGhhdC1jb3VudHM=",
    }
    found = outcome(api_key.payload_decodes, pod_secrets(secret(payload={"auths": {"us.icr.io": entry}})))
    assert found.status is Status.OK
    assert "kubelet uses `auth`" in evidence(found)["where the document is outdated"]


COVERED = {
    "the very host": ("us.icr.io", "us.icr.io/shop/web:1.0", Status.OK, "covers the image"),
    "a wildcard": ("*.icr.io", "us.icr.io/shop/web:1.0", Status.OK, "covers the image"),
    "another region": ("de.icr.io", "us.icr.io/shop/web:1.0", Status.PROBLEM, "another region (eu-de)"),
    "the global registry": ("icr.io", "us.icr.io/shop/web:1.0", Status.PROBLEM, "global registry"),
    "the old name of the same registry": (
        "registry.ng.bluemix.net",
        "us.icr.io/shop/web:1.0",
        Status.PROBLEM,
        "deprecated name",
    ),
    "the new name of the same registry": (
        "us.icr.io",
        "registry.ng.bluemix.net/shop/web:1.0",
        Status.PROBLEM,
        "new name",
    ),
    "the private name": ("us.icr.io", "private.us.icr.io/shop/web:1.0", Status.PROBLEM, "same registry|public name"),
    "other repositories of the host": (
        "us.icr.io/tools",
        "us.icr.io/shop/web:1.0",
        Status.PROBLEM,
        "other repositories",
    ),
    "the very host, by another port": (
        "us.icr.io:443",
        "us.icr.io/shop/web:1.0",
        Status.PROBLEM,
        "by another port",
    ),
    "another registry": ("quay.io", "us.icr.io/shop/web:1.0", Status.PROBLEM, "another registry"),
    "any registry with a login": ("quay.io", "quay.io/shop/web:1.0", Status.OK, "covers the image"),
}


@pytest.mark.parametrize(("host", "named", "status", "relation"), COVERED.values(), ids=COVERED)
def test_3_4_domains_are_compared_as_text_and_the_relation_is_named(host, named, status, relation):
    found = outcome(api_key.registry_covered, pod_secrets(secret(entries={host: ("iamapikey", KEY)})), image(named))
    assert found.status is status, found.summary
    assert any(r in evidence(found)["domains of the secrets"] for r in relation.split("|"))


def test_3_4_a_deprecated_name_is_mended_in_the_image_of_the_workload():
    found = outcome(api_key.registry_covered, image("registry.ng.bluemix.net/shop/web:1.0"))
    assert "two names of one registry" in found.summary
    assert "oc set image statefulset/web app=us.icr.io/shop/web:1.0 -n shop" in commands(found)


def test_3_4_another_region_is_mended_by_the_copy_that_holds_every_region():
    found = outcome(api_key.registry_covered, pod_secrets(secret("mine", OTHER_HOST)))
    assert "oc get secret all-icr-io -n default" in commands(found)


def test_3_4_one_unreadable_secret_leaves_it_open_whether_the_registry_is_covered():
    found = outcome(api_key.registry_covered, pod_secrets(secret("mine", OTHER_HOST), forbidden("theirs")))
    assert found.status is Status.UNKNOWN


@pytest.mark.parametrize("step", api_key.STEPS[2:6], ids=lambda s: s.id)
@pytest.mark.parametrize("held", [OPAQUE, BAD_AUTH, NOT_JSON, BARE, NO_PASSWORD, secret("mine", OTHER_HOST)])
def test_3_1_to_3_4_find_no_problem_where_no_pull_fails(step, held):
    assert outcome(step, pod_secrets(held), NOT_FAILING).status is not Status.PROBLEM


TOKENS = {
    "1: the secret is there": (registry_token.secret_configuration, token_secret(), Status.OK, "could be read"),
    "2: the older form": (registry_token.payload_type, token_secret(), Status.OK, "agree"),
    "2: Opaque": (registry_token.payload_type, token_secret(type_="Opaque"), Status.PROBLEM, "passes over"),
    "3: an entry with a token": (registry_token.payload_decodes, token_secret(), Status.OK, "decoded"),
    "3: auths inside .dockercfg": (registry_token.payload_decodes, NESTED, Status.PROBLEM, "host called auths"),
    "4: the domain of the image": (registry_token.registry_covered, token_secret(), Status.OK, "covered"),
    "4: the old domain": (
        registry_token.registry_covered,
        token_secret("registry.ng.bluemix.net"),
        Status.PROBLEM,
        "two names of one registry",
    ),
    "4: another old domain": (
        registry_token.registry_covered,
        token_secret("registry.eu-de.bluemix.net"),
        Status.PROBLEM,
        "they hold registry.eu-de.bluemix.net",
    ),
}


@pytest.mark.parametrize(("step", "held", "status", "said"), TOKENS.values(), ids=TOKENS)
def test_token_1_to_4(step, held, status, said):
    found = outcome(step, pod_secrets(held))
    assert (found.status, said in found.summary) == (status, True), found.summary


def test_token_3_says_that_the_documents_sample_is_the_fault():
    found = outcome(registry_token.payload_decodes, pod_secrets(NESTED))
    assert "Its sample" in evidence(found)["where the document is outdated"]


def test_token_4_never_asks_for_another_token():
    found = outcome(registry_token.registry_covered, pod_secrets(token_secret("registry.eu-de.bluemix.net")))
    assert any("no token can be made any more" in a.text for a in found.next)
    assert "token-add" not in commands(found)
