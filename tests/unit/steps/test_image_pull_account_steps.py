"""image-pull/1, 2 and 4.1 with IBM Cloud's readings: the listing, the quota, the cluster's pull secrets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runbook_lib.model.account import ClusterInfo
from runbook_lib.model.account_readings import ClusterAccount
from runbook_lib.model.counter_tests import Origin
from runbook_lib.model.finding import Status
from runbook_lib.model.readings import DefaultSecrets
from runbook_lib.model.registry_answer import Answer
from runbook_lib.steps import image_pull

from .step_readings import (
    FORBIDDEN,
    KEY,
    NOT_FAILING,
    OVER_QUOTA,
    TAKEN,
    answer,
    counter_tests,
    evidence,
    failing,
    image,
    outcome,
    registry_account,
    secret,
    trial,
    unavailable,
)

NO_TAG = counter_tests(trial(Origin.POD, answer(Answer.TAG_UNKNOWN, close_names=("1.1",))))
NAMES = {
    "listed": ((registry_account(),), Status.OK, "is listed in your account"),
    "the repository is listed without the tag": (
        (registry_account(tags=("1.0.1", "2.0")),),
        Status.PROBLEM,
        "without 1.0. It has: 1.0.1",
    ),
    "not listed at all": ((registry_account(tags=()),), Status.UNKNOWN, "not known"),
    "no login to IBM Cloud": ((), Status.UNKNOWN, "not known"),
    "the registry has it, asked from here": (
        (registry_account(tags=()), counter_tests(trial(Origin.POD, TAKEN))),
        Status.OK,
        "asked from here",
    ),
    "the registry has not got the tag, asked from here": (
        (registry_account(tags=()), NO_TAG),
        Status.PROBLEM,
        "It has: 1.1",
    ),
    "no pull fails": ((NOT_FAILING,), Status.OK, "the node has it"),
}


@pytest.mark.parametrize(("readings", "status", "said"), NAMES.values(), ids=NAMES)
def test_1_the_image_is_looked_for_at_the_registry_and_in_the_account(readings, status, said):
    found = outcome(image_pull.image_name_and_tag, failing(FORBIDDEN), *readings)
    assert (found.status, said in found.summary) == (status, True), found.summary


def test_1_what_is_not_listed_here_may_exist_elsewhere():
    found = outcome(image_pull.image_name_and_tag, failing(FORBIDDEN), registry_account(tags=()))
    assert "another account or region may have it" in evidence(found)["listed in your account"]


def test_1_an_untagged_digest_is_not_missing_where_untagged_ones_could_not_be_listed():
    by_digest = image("us.icr.io/shop/web@sha256:" + "2" * 64)
    account = registry_account()
    found = outcome(image_pull.image_name_and_tag, by_digest, failing(FORBIDDEN), account)
    assert found.status is Status.PROBLEM
    partly = replace(account, images=replace(account.images, untagged_unread=unavailable()))
    found = outcome(image_pull.image_name_and_tag, by_digest, failing(FORBIDDEN), partly)
    assert found.status is Status.UNKNOWN


USED = (100, 100)
QUOTAS = {
    "below the limit": (registry_account(), FORBIDDEN, Status.OK, "below its limit"),
    "unlimited": (registry_account(traffic=(10**12, -1)), FORBIDDEN, Status.OK, "below its limit"),
    "used up": (registry_account(traffic=USED), FORBIDDEN, Status.PROBLEM, "used up"),
    "used up, in an account that does not list the namespace": (
        registry_account(traffic=USED, namespaces=("tools",)),
        FORBIDDEN,
        Status.UNKNOWN,
        "not listed there",
    ),
    "the storage is full": (registry_account(storage=USED), FORBIDDEN, Status.OK, "blocks pushes only"),
    "the node was told, whatever the account says": (registry_account(), OVER_QUOTA, Status.PROBLEM, "told the node"),
}


@pytest.mark.parametrize(("account", "text", "status", "said"), QUOTAS.values(), ids=QUOTAS)
def test_2_used_up_traffic_blocks_pulls_and_full_storage_does_not(account, text, status, said):
    found = outcome(image_pull.traffic_and_quota, account, failing(text))
    assert (found.status, said in found.summary) == (status, True), found.summary


def test_2_plan_and_use_are_in_the_evidence():
    told = evidence(outcome(image_pull.traffic_and_quota, registry_account(traffic=(3 * 2**20, 5120 * 2**20))))
    assert told["plan"] == "Free"
    assert told["pull traffic of the month"] == "3 MB of 5120 MB"


def test_2_is_unknown_without_a_login_and_a_failing_pull_and_fine_without_a_failing_one():
    assert outcome(image_pull.traffic_and_quota).status is Status.UNKNOWN
    assert outcome(image_pull.traffic_and_quota, NOT_FAILING).status is Status.OK


def test_2_other_registries_have_no_such_quota():
    assert outcome(image_pull.traffic_and_quota, image("quay.io/shop/web:1.0")).status is Status.SKIPPED


def cluster(applied: bool | None) -> ClusterAccount:
    return ClusterAccount(ClusterInfo("c-1", "shop-prod", applied))


@pytest.mark.parametrize(("applied", "said"), [(True, "yes"), (False, "no")])
def test_4_1_says_what_ibm_cloud_knows_of_the_pull_secrets(applied, said):
    told = evidence(outcome(image_pull.default_project_secrets, cluster(applied)))
    assert told["IBM Cloud has applied the pull secrets to shop-prod"] == said


def test_4_1_says_it_also_where_the_secrets_may_not_be_listed():
    found = outcome(image_pull.default_project_secrets, cluster(True), without=DefaultSecrets)
    assert found.status is Status.UNKNOWN
    assert "IBM Cloud has applied the pull secrets to shop-prod" in evidence(found)


def test_4_1_is_silent_where_ibm_cloud_does_not_say():
    assert list(evidence(outcome(image_pull.default_project_secrets, cluster(None)))) == ["icr-io secrets"]


DEFAULTS = {
    "the region is covered": ((secret(namespace="default"),), Status.OK),
    "another region only": ((secret("default-de-icr-io", {"de.icr.io": ("iamapikey", KEY)}),), Status.PROBLEM),
    "none": ((), Status.PROBLEM),
}


@pytest.mark.parametrize(("held", "status"), DEFAULTS.values(), ids=DEFAULTS)
def test_4_1_default_holds_a_secret_for_the_images_region(held, status):
    assert outcome(image_pull.default_project_secrets, DefaultSecrets(held)).status is status


def test_4_1_a_secret_for_the_new_name_of_the_registry_is_there():
    found = outcome(image_pull.default_project_secrets, image("registry.ng.bluemix.net/shop/web:1.0"))
    assert found.status is Status.OK
    assert "name the registry so in the image" in found.summary
