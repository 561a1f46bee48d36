"""Views of raw objects: which image a container waits for, its own or one that it mounts as a volume."""

from __future__ import annotations

from typing import Any

import pytest

from runbook_lib.model.kube import Container, cronjob_of
from runbook_lib.model.kube_raw import pod_from

OWN, MOUNTED = "us.icr.io/shop/web:1.0", "quay.io/models/large:1"


def container(message: str, *, volumes: Any = ({"name": "model", "image": {"reference": MOUNTED}},)) -> Container:
    """The container of a pod that waits with this message and mounts an image."""
    state = {"waiting": {"reason": "ImagePullBackOff", "message": message}}
    raw = {
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"containers": [{"name": "app", "image": OWN, "imagePullPolicy": "Always"}], "volumes": volumes},
        "status": {"containerStatuses": [{"name": "app", "state": state}]},
    }
    return pod_from(raw).containers[0]


def test_a_container_waits_for_its_own_image():
    seen = container(f'Back-off pulling image "{OWN}"')
    assert (seen.image, seen.image_volume, seen.pull_policy) == (OWN, "", "Always")
    assert seen.field_path == "spec.containers{app}"


def test_a_container_waits_for_the_image_of_a_volume_where_its_message_names_that_one():
    seen = container(f'Back-off pulling image "{MOUNTED}"')
    assert (seen.image, seen.image_volume, seen.pull_policy) == (MOUNTED, "model", "")
    assert seen.field_path == ""


@pytest.mark.parametrize(
    "volumes",
    [None, (), "odd", [{"name": "x", "image": "odd"}], [{"name": "x", "image": {"reference": None}}], [{"name": "x"}]],
    ids=str,
)
def test_volumes_of_any_shape_leave_the_container_its_own_image(volumes):
    assert container(f'Back-off pulling image "{MOUNTED}"', volumes=volumes).image == OWN


@pytest.mark.parametrize(("job", "cronjob"), [("report-28812345", "report"), ("report-1", ""), ("report", "")])
def test_a_scheduled_job_is_named_after_its_cronjob_and_minute(job, cronjob):
    assert cronjob_of(job) == cronjob
