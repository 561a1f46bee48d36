"""A challenge is read however a registry writes it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.sources.registry.challenge import Challenge, choose, parse_challenges

REALM = "https://cp.icr.io/oauth/token"
SCOPE = "repository:cp/app/server:pull"
WHOLE = {"realm": REALM, "service": "registry", "scope": SCOPE}

HEADERS = {
    "quoted": (f'Bearer realm="{REALM}",service="registry",scope="{SCOPE}"', [("bearer", WHOLE)]),
    "unquoted": (f"Bearer realm={REALM}, service=registry, scope={SCOPE}", [("bearer", WHOLE)]),
    "unquoted without spaces": (f"Bearer realm={REALM},service=registry,scope={SCOPE}", [("bearer", WHOLE)]),
    "mixed": (f'Bearer realm={REALM}, service="registry",scope="{SCOPE}"', [("bearer", WHOLE)]),
    "other case": (f'BEARER Realm="{REALM}" , SERVICE=registry,Scope="{SCOPE}"', [("bearer", WHOLE)]),
    "scope with two actions, unquoted": (
        f"Bearer realm={REALM}, scope=repository:a/b:pull,push, service=registry",
        [("bearer", {"realm": REALM, "scope": "repository:a/b:pull,push", "service": "registry"})],
    ),
    "comma and escapes in quotes": (
        r'Bearer realm="https://h/t",scope="repository:a:pull,push",note="say \"hi\""',
        [("bearer", {"realm": "https://h/t", "scope": "repository:a:pull,push", "note": 'say "hi"'})],
    ),
    "basic": ('Basic realm="Registry Realm"', [("basic", {"realm": "Registry Realm"})]),
    "two challenges": (
        f'Basic realm="x", Bearer realm="{REALM}",service="s"',
        [("basic", {"realm": "x"}), ("bearer", {"realm": REALM, "service": "s"})],
    ),
    "a scheme alone, then another": (
        'Negotiate, Basic realm="x"',
        [("negotiate", {}), ("basic", {"realm": "x"})],
    ),
    "a token after the scheme": (
        'Negotiate YWJj==, Basic realm="x"',
        [("negotiate", {}), ("basic", {"realm": "x"})],
    ),
    "with an error": (
        f'Bearer realm="{REALM}",error="insufficient_scope"',
        [("bearer", {"realm": REALM, "error": "insufficient_scope"})],
    ),
    "a realm with a query": (
        'Bearer realm="https://h/auth?account=a&scope=x=y",service=s',
        [("bearer", {"realm": "https://h/auth?account=a&scope=x=y", "service": "s"})],
    ),
    "an open quote": ('Bearer realm="https://h/t', [("bearer", {"realm": "https://h/t"})]),
    "empty": ("", []),
    "no scheme": ("=,=,", []),
}


@pytest.mark.parametrize(("header", "expected"), HEADERS.values(), ids=HEADERS.keys())
def test_challenges_are_read(header: str, expected: list[tuple[str, dict[str, str]]]) -> None:
    """Schemes and parameters come out in order, whatever the quoting."""
    assert [(c.scheme, c.parameters) for c in parse_challenges(header)] == expected


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet='Bearer realm="\\=, x:/\n', max_size=80) | st.text(max_size=80))
def test_any_header_is_read_without_an_exception(header: str) -> None:
    """What a registry sends may be anything; reading it ends."""
    for challenge in parse_challenges(header):
        assert challenge.scheme


@settings(max_examples=100, deadline=None)
@given(
    st.from_regex(r"https://[a-z.]{1,20}/[a-z/]{0,10}", fullmatch=True),
    st.from_regex(r"repository:[a-z]{1,8}/[a-z]{1,8}:pull", fullmatch=True),
    st.booleans(),
    st.sampled_from([",", ", ", " , "]),
)
def test_quoting_makes_no_difference(realm: str, scope: str, quoted: bool, comma: str) -> None:
    """The same challenge, quoted or not, gives the same parameters."""
    mark = '"' if quoted else ""
    header = f"Bearer realm={mark}{realm}{mark}{comma}scope={mark}{scope}{mark}"
    assert parse_challenges(header) == (Challenge("bearer", {"realm": realm, "scope": scope}),)


def test_bearer_is_preferred_to_basic() -> None:
    """Where both are offered, a token is fetched; what is neither cannot be answered."""
    both = parse_challenges('Basic realm="x", Bearer realm="https://h/t"')
    chosen = choose(both)
    assert chosen is not None
    assert chosen.scheme == "bearer"
    assert choose(parse_challenges("Negotiate")) is None


def test_a_parameter_that_is_not_there_reads_as_empty() -> None:
    """Callers need not ask whether a challenge names a service."""
    assert Challenge("bearer")["service"] == ""
