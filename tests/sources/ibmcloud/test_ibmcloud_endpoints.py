"""Only what the table holds can be sent: reads, the exchange of a key, and one listing by POST."""

from __future__ import annotations

import socket
import threading

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from ibm_cloud_sdk_core.authenticators import NoAuthAuthenticator
from ibm_cloud_sdk_core.http_adapter import SSLHTTPAdapter
from ibm_container_registry.container_registry_v1 import ContainerRegistryV1
from ibm_platform_services import IamIdentityV1

from runbook_lib.model.image_ref import RegistryHost
from runbook_lib.sources.ibmcloud.connection import Access
from runbook_lib.sources.ibmcloud.endpoints import ENDPOINTS, allowed_endpoint, registry_api_host
from runbook_lib.sources.ibmcloud.token import token_of
from runbook_lib.sources.ibmcloud.transport import ClosedAdapter, GuardedSession, NotAllowedError

from .ibm_cloud_server import Cloud, token_for


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", "https://us.icr.io/api/v1/images?namespace=ns"),
        ("GET", "https://icr.io/api/v1/quotas"),
        ("POST", "https://in2.icr.io/api/v1/images/digests"),
        ("POST", "https://iam.cloud.ibm.com/identity/token"),
        ("GET", "https://iam.cloud.ibm.com/v1/serviceids/ServiceId-1bee35e7-41fe"),
        ("GET", "https://iam.cloud.ibm.com:443/v2/policies?account_id=a"),
        ("GET", "https://cbr.cloud.ibm.com/v1/rules"),
        ("GET", "https://containers.cloud.ibm.com/global/v2/getCluster?cluster=c&v1-compatible"),
    ],
)
def test_what_the_readings_need_is_allowed(method: str, url: str) -> None:
    assert allowed_endpoint(method, url)


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("DELETE", "https://us.icr.io/api/v1/images"),
        ("PATCH", "https://us.icr.io/api/v1/quotas"),
        ("POST", "https://us.icr.io/api/v1/images/bulkdelete"),
        ("POST", "https://us.icr.io/api/v1/images"),
        ("POST", "https://iam.cloud.ibm.com/v1/apikeys"),
        ("POST", "https://iam.cloud.ibm.com/v2/policies"),
        ("DELETE", "https://iam.cloud.ibm.com/v1/serviceids/ServiceId-1"),
        ("GET", "https://iam.cloud.ibm.com/v1/serviceids/../apikeys"),
        ("POST", "https://containers.cloud.ibm.com/global/v2/enablePullSecret"),
        ("GET", "http://us.icr.io/api/v1/quotas"),
        ("GET", "https://us.icr.io:8443/api/v1/quotas"),
        ("GET", "https://user:password@us.icr.io/api/v1/quotas"),
        ("GET", "https://us.icr.io.example.com/api/v1/quotas"),
        ("GET", "https://cp.icr.io/api/v1/quotas"),
        ("POST", "https://example.com/identity/token"),
        ("POST", "https://us.icr.io/identity/token"),
        ("GET", "https://iam.cloud.ibm.com/v1/apikeys/details/more"),
        ("GET", ""),
    ],
)
def test_everything_else_is_refused(method: str, url: str) -> None:
    assert allowed_endpoint(method, url) is None


def test_the_table_holds_reads_the_exchange_and_one_listing() -> None:
    writing = [(e.method, e.path) for e in ENDPOINTS if e.method != "GET"]
    assert writing == [("POST", r"/api/v1/images/digests"), ("POST", r"/identity/token")]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["PUT", "PATCH", "DELETE", "HEAD"]), st.sampled_from(ENDPOINTS), st.text(max_size=20))
def test_no_other_method_is_ever_allowed(method: str, endpoint: object, tail: str) -> None:
    path = getattr(endpoint, "path", "")
    for host in ("us.icr.io", "iam.cloud.ibm.com", "cbr.cloud.ibm.com", "containers.cloud.ibm.com"):
        assert allowed_endpoint(method, f"https://{host}{path}{tail}") is None


@pytest.mark.parametrize(
    ("image_host", "api"),
    [
        ("us.icr.io", "us.icr.io"),
        ("icr.io", "icr.io"),
        ("es.icr.io", "es.icr.io"),
        ("ca2.icr.io", "ca2.icr.io"),
        ("private.de.icr.io", "de.icr.io"),
        ("registry.ng.bluemix.net", "us.icr.io"),
        ("registry.bluemix.net", "icr.io"),
        ("cp.icr.io", None),
        ("docker.io", None),
        ("us.icr.io.example.com", None),
    ],
)
def test_the_api_is_asked_where_the_image_is(image_host: str, api: str | None) -> None:
    """The SDK's own table of regions lacks Madrid, Montreal, Chennai and Mumbai."""
    assert registry_api_host(RegistryHost(image_host)) == api


def test_the_sdks_cannot_write_through_the_session(cloud: Cloud) -> None:
    token = token_of(token_for())
    assert token
    access = Access(GuardedSession(5.0), token)
    with pytest.raises(NotAllowedError):
        access.registry("us.icr.io").delete_image("us.icr.io/ns/app:1")
    with pytest.raises(NotAllowedError):
        access.registry("us.icr.io").update_quota(traffic_megabytes=1)
    with pytest.raises(NotAllowedError):
        access.identity().create_service_id(account_id="a", name="n")
    assert cloud.records == ()


def test_the_sdks_have_no_way_past_the_session(cloud: Cloud) -> None:
    """What an SDK makes for itself sends nothing, and reads no certificates for it."""
    token = token_of(token_for())
    assert token
    client = Access(GuardedSession(5.0), token).registry("us.icr.io")
    session = requests.Session()
    session.mount("https://", client.http_adapter)
    with pytest.raises(NotAllowedError):
        session.get("https://us.icr.io/api/v1/quotas")
    assert cloud.records == ()
    own = IamIdentityV1(authenticator=NoAuthAuthenticator())  # somebody's own client, in a notebook say, is as ever
    assert type(own.http_adapter) is SSLHTTPAdapter


def test_a_client_that_another_thread_makes_meanwhile_is_as_ever(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a notebook, where somebody works with the SDKs while a step runs."""
    token, made = token_of(token_for()), []
    assert token
    usual = ContainerRegistryV1.__init__

    def slowly(self: ContainerRegistryV1, **named: object) -> None:
        other = threading.Thread(target=lambda: made.append(IamIdentityV1(authenticator=NoAuthAuthenticator())))
        other.start()
        other.join(10)
        usual(self, **named)

    monkeypatch.setattr(ContainerRegistryV1, "__init__", slowly)
    ours = Access(GuardedSession(5.0), token).registry("us.icr.io")
    assert [type(client.http_adapter) for client in made] == [SSLHTTPAdapter]
    assert type(ours.http_adapter) is ClosedAdapter


def test_a_proxy_holds_no_body_back() -> None:
    """For proxies urllib3 leaves Nagle's algorithm on, which costs 40 ms a POST."""
    adapter = GuardedSession(5.0).get_adapter("https://iam.cloud.ibm.com")
    manager = adapter.proxy_manager_for("http://127.0.0.1:3128")
    pool = manager.connection_from_url("https://iam.cloud.ibm.com")
    assert (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1) in pool.conn_kw["socket_options"]


def test_the_session_has_no_way_without_tls(cloud: Cloud) -> None:
    with pytest.raises(requests.exceptions.InvalidSchema):
        GuardedSession(5.0).get("http://us.icr.io/api/v1/quotas")
    assert cloud.records == ()
