"""Image references are read as the container runtimes read them, and IBM Cloud's hosts are known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.model.image_ref import RegistryHost, RegistryKind, parse_image

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("us.icr.io/demo/hello:1.0", "us.icr.io", "demo/hello", "1.0", ""),
        ("hello", "docker.io", "library/hello", "latest", ""),
        ("demo/hello", "docker.io", "demo/hello", "latest", ""),
        ("docker.io/hello", "docker.io", "library/hello", "latest", ""),
        ("localhost:5000/x", "localhost:5000", "x", "latest", ""),
        (f"icr.io/a/b@{DIGEST}", "icr.io", "a/b", "", DIGEST),
        (f"icr.io/a/b:1@{DIGEST}", "icr.io", "a/b", "1", DIGEST),
        ("registry.ng.bluemix.net/ns/img:2", "registry.ng.bluemix.net", "ns/img", "2", ""),
        ("us.icr.io:4443/demo/hello:1.0", "us.icr.io:4443", "demo/hello", "1.0", ""),
    ],
)
def test_a_reference_has_registry_repository_tag_and_digest(text, registry, repository, tag, digest):
    ref = parse_image(text).ref
    assert ref is not None
    assert (str(ref.registry), ref.repository, ref.tag, ref.digest) == (registry, repository, tag, digest)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("us.icr.io/Demo/hello:1.0", "must be lowercase"),
        ("", "at least one component"),
        ("https://us.icr.io/x", "invalid reference format"),
        ("us.icr.io//x", "invalid reference format"),
        ("a b", "invalid reference format"),
        ("x:" + "t" * 200, "invalid reference format"),
        ("foo/" + "b" * 300, "not be more than 255"),
        ("None:None", "lowercase"),
    ],
)
def test_what_is_no_reference_is_a_value_that_says_why(text, says):
    image = parse_image(text)
    assert image.ref is None
    assert says in image.problem


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_exception(text):
    image = parse_image(text)
    assert (image.ref is None) == bool(image.problem)


@pytest.mark.parametrize(
    ("host", "kind", "region", "modern", "private"),
    [
        ("us.icr.io", RegistryKind.ICR, "us-south", "us.icr.io", False),
        ("icr.io", RegistryKind.ICR, "global", "icr.io", False),
        ("private.de.icr.io", RegistryKind.ICR, "eu-de", "private.de.icr.io", True),
        ("private.icr.io", RegistryKind.ICR, "global", "private.icr.io", True),
        ("jp2.icr.io", RegistryKind.ICR, "jp-osa", "jp2.icr.io", False),
        ("es.icr.io", RegistryKind.ICR, "eu-es", "es.icr.io", False),
        ("in2.icr.io", RegistryKind.ICR, "in-mum", "in2.icr.io", False),
        ("zz.icr.io", RegistryKind.ICR, "", "zz.icr.io", False),
        ("cp.icr.io", RegistryKind.ICR_ENTITLED, "", "cp.icr.io", False),
        ("registry.bluemix.net", RegistryKind.ICR_LEGACY, "global", "icr.io", False),
        ("registry.ng.bluemix.net", RegistryKind.ICR_LEGACY, "us-south", "us.icr.io", False),
        ("registry.eu-gb.bluemix.net", RegistryKind.ICR_LEGACY, "eu-gb", "uk.icr.io", False),
        ("eu-de.registry.bluemix.net", RegistryKind.ICR_LEGACY, "eu-de", "de.icr.io", False),
        ("au-syd.registry.bluemix.net", RegistryKind.ICR_LEGACY, "au-syd", "au.icr.io", False),
        ("registry.xx.bluemix.net", RegistryKind.ICR_LEGACY, "", "registry.xx.bluemix.net", False),
        (
            "image-registry.openshift-image-registry.svc:5000",
            RegistryKind.OPENSHIFT_INTERNAL,
            "",
            None,
            False,
        ),
        ("172.30.1.1:5000", RegistryKind.OPENSHIFT_INTERNAL, "", None, False),
        ("docker.io", RegistryKind.OTHER, "", "docker.io", False),
        ("evil-icr.io", RegistryKind.OTHER, "", "evil-icr.io", False),
        ("us.icr.io.example.com", RegistryKind.OTHER, "", "us.icr.io.example.com", False),
    ],
)
def test_a_host_tells_who_runs_it_and_where(host, kind, region, modern, private):
    registry = RegistryHost(host)
    assert (registry.kind, registry.region, registry.is_private) == (kind, region, private)
    if modern is not None:
        assert registry.modern == modern


@pytest.mark.parametrize(
    ("host", "by_nodes"),
    [
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com", True),
        ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", True),
        ("shop.azurecr.io", True),
        ("eu.gcr.io", True),
        ("europe-west4-docker.pkg.dev", True),
        ("registry.redhat.io", True),
        ("us.icr.io", False),
        ("quay.io", False),
        ("azurecr.io.example.com", False),
        ("notgcr.io", False),
    ],
)
def test_registries_of_clouds_are_those_to_which_nodes_log_in_by_themselves(host, by_nodes):
    assert RegistryHost(host).nodes_log_in is by_nodes


def test_old_and_new_names_lead_to_the_same_registry():
    assert RegistryHost("registry.ng.bluemix.net").same_registry(RegistryHost("us.icr.io"))
    assert not RegistryHost("registry.ng.bluemix.net").same_registry(RegistryHost("uk.icr.io"))
    assert not RegistryHost("registry.example.com").same_registry(RegistryHost("docker.io"))


def test_a_tag_beside_a_digest_is_kept_and_the_digest_is_asked_for():
    ref = parse_image(f"icr.io/a/b:1@{DIGEST}").ref
    assert ref is not None
    assert ref.wanted == DIGEST
    assert str(ref) == f"icr.io/a/b:1@{DIGEST}"
