"""The kubelet tries every credential that matches and lists one error for each."""

from __future__ import annotations

from runbook_lib.model.pull_error import CredentialSent, Kind, parse

IMAGE = "us.icr.io/shop/web:1"
PULL = f'failed to pull and unpack image "{IMAGE}": failed to resolve reference "{IMAGE}": '
REFUSED = f"{PULL}failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized"
DENIED = (
    f"{PULL}pull access denied, repository does not exist or may require authorization: server message: "
    "insufficient_scope: authorization failed"
)
MISSING = f"rpc error: code = NotFound desc = {PULL}{IMAGE}: not found"


def listed(*errors: str) -> str:
    return f'Failed to pull image "{IMAGE}": [{", ".join(errors)}]'


def test_one_attempt_a_credential_in_order() -> None:
    """Each attempt is parsed for itself; commas inside an error do not part it."""
    error = parse(listed(REFUSED, DENIED, MISSING))
    assert [attempt.kind for attempt in error.attempts] == [
        Kind.UNAUTHORIZED,
        Kind.ACCESS_DENIED,
        Kind.NOT_FOUND_REPO_OR_TAG,
    ]


def test_the_attempt_that_came_furthest_speaks() -> None:
    """A refused login hides what lies behind it, whichever comes first; the rest stay rivals."""
    for errors in ((REFUSED, MISSING), (MISSING, REFUSED)):
        error = parse(listed(*errors))
        assert error.kind is Kind.NOT_FOUND_REPO_OR_TAG
        assert Kind.UNAUTHORIZED in error.also


def test_a_list_shows_that_credentials_were_sent() -> None:
    """The kubelet asks without a credential only once and lists nothing then."""
    assert parse(listed(DENIED, f"{DENIED} ")).credential_sent is CredentialSent.YES


def test_a_cut_list_is_still_a_list() -> None:
    """Events are cut at a kilobyte, so that the closing bracket may be missing."""
    error = parse(listed(REFUSED, DENIED)[:-30])
    assert len(error.attempts) == 2


def test_brackets_of_an_address_are_no_list() -> None:
    """An IPv6 address has brackets of its own."""
    error = parse('pinging container registry localhost: Get "https://localhost/v2/": dial tcp [::1]:443: '
                  "connect: connection refused")  # fmt: skip
    assert (error.attempts, error.kind) == ((), Kind.CONNECTION_REFUSED)
