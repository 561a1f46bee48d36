"""The registries' own words: IBM Cloud Container Registry, Docker Hub, quay.io, ghcr.io, Google, Amazon,
Azure, Harbor,
Artifactory, Nexus, GitLab and OpenShift's internal registry."""

from __future__ import annotations

from runbook_lib.model.pull_error.value import CredentialSent, Detail, Kind, Phase, Runtime

from .meaning import Meaning, Phrases, Weight, mean

YES, NO = CredentialSent.YES, CredentialSent.NO
HIDDEN = (Kind.NOT_FOUND_REPO_OR_TAG, Kind.UNAUTHORIZED, Kind.MISSING_SECRET)


def registries() -> Phrases:
    """Gives the sentences that registries write themselves."""
    yield from mean(
        Meaning(Kind.QUOTA_EXCEEDED, Weight.WORDS, Phase.BLOB, Detail.PULL_TRAFFIC_QUOTA),
        "pull traffic quota", "quota for pull traffic", "pull traffic limit",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.QUOTA_EXCEEDED, Weight.WORDS, Phase.BLOB, Detail.STORAGE_QUOTA),
        "storage quota", "quota for storage", "exceeds the configured upper limit",
        "exceed the configured upper limit",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.QUOTA_EXCEEDED, Weight.CODE, Phase.BLOB, also=(Kind.RATE_LIMITED,)),
        "quota exceeded", "quota_exceeded", "exceeded your quota", "exceed the quota",
        "quota has been exceeded",
        "exceeded its quota", "over quota",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.RATE_LIMITED, Weight.WORDS, Phase.MANIFEST, code="TOOMANYREQUESTS"), "toomanyrequests",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.RATE_LIMITED, Weight.WORDS, Phase.MANIFEST),
        "too many requests", "rate limit", "rate exceeded", "throttled", "throttling", "rate-limit",
        "ratelimit", "quota exceeded for quota", "too many failed login attempts", "maximum number of pulls",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.RATE_LIMITED, Weight.WORDS, Phase.MANIFEST, sent=NO), "unauthenticated pull rate limit",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.ACCESS_DENIED, Weight.WORDS, Phase.MANIFEST, Detail.PRIVATE_ONLY),
        "private-only access is enabled", "must access this account over the private network",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.ACCESS_DENIED, Weight.WORDS, Phase.TOKEN, Detail.NETWORK_RESTRICTED),
        "is not allowed access", "context-based restriction", "ip address is not allowed",
        "not in the allowed ip",
        "network rules", "public network access", "blocked by firewall", "prohibited by organization's policy",
        "vpc service controls",
    )  # fmt: skip
    invalid = Meaning(Kind.INVALID_SECRET, Weight.WORDS, Phase.TOKEN, Detail.CREDENTIAL_REFUSED,
        (Kind.UNAUTHORIZED,),
                      sent=YES)  # fmt: skip
    yield from mean(
        invalid,
        "incorrect username or password", "wrong username", "bad username or password", "bad credentials",
        "invalid username or password", "password or token is incorrect", "could not find robot",
        ": invalid credentials",
        "personal access token is", "invalid login", "does not match expected scopes",
        "provided api key could not be found",
        "application not registered", "password is incorrect", "incorrect password", "account is locked",
        "username is incorrect", "bad_credential", "invalid clientid", "invalid client secret",
        "must log in with", "invalid api key", "api key is invalid", "api key not found", "invalid credential",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.UNAUTHORIZED, Weight.WORDS, Phase.TOKEN, Detail.CREDENTIAL_EXPIRED,
                (Kind.INVALID_SECRET, Kind.ACCESS_DENIED), sent=YES),
        "token has expired", "token is expired", "token failed verification", "credentials have expired",
        "token expired",
        "password has expired", "secret keys for app", "expired client secret", "expiredtoken",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.INVALID_SECRET, Weight.WORDS, Phase.TOKEN, Detail.AUTH_METHOD_UNSUPPORTED,
        (Kind.UNAUTHORIZED,),
                sent=YES),
        "requested authentication method is not supported",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.UNAUTHORIZED, Weight.WORDS, Phase.TOKEN, Detail.LOGIN_OR_ACCOUNT,
                (Kind.INVALID_SECRET, Kind.MISSING_SECRET)),
        "login credentials are not valid", "account is not active",
        "authenticating your request with ibm cloud",
    )  # fmt: skip
    yield from mean(Meaning(Kind.UNAUTHORIZED, Weight.WORDS, Phase.TOKEN, also=(Kind.MISSING_SECRET,),
        sent=NO),
                    "no basic auth credentials", "credentials not found",
                    "authorization header is missing", "missing authorization",
                    "no user/password was provided", "no credentials provided",
                    "anonymous access is not allowed")  # fmt: skip
    yield from mean(
        Meaning(Kind.UNAUTHORIZED, Weight.WORDS, Phase.TOKEN,
                also=(Kind.ACCESS_DENIED, Kind.MISSING_SECRET, Kind.INVALID_SECRET)),
        "you may have invalid credentials",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.ACCESS_DENIED, Weight.WORDS, Phase.MANIFEST, also=(Kind.UNAUTHORIZED,
        Kind.MISSING_SECRET), sent=NO),
        "unauthenticated request", "system:anonymous", "anonymous users are only", "anonymous caller does not have",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.ACCESS_DENIED, Weight.WORDS, Phase.MANIFEST, sent=YES),
        "not authorized to perform: ecr", "is not authorized to perform", "permission_denied:",
        "accessdeniedexception",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.ACCESS_DENIED, Weight.WORDS, Phase.MANIFEST, Detail.MAY_NOT_EXIST,
        (Kind.NOT_FOUND_REPO_OR_TAG,)),
        "or it may not exist",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.ACCESS_DENIED, Weight.WORDS, Phase.MANIFEST),
        "not authorized to access the specified resource", "you do not have permission",
        "caller does not have permission",
        "does not have permission", "you don't have permission", "user does not have",
        "imagestreams/layers",
        "access forbidden", "billing account", "requires billing", "enable billing", "not entitled",
        "payment required", "export control",
    )  # fmt: skip
    yield from mean(Meaning(Kind.ACCESS_DENIED, Weight.CODE, Phase.MANIFEST), "has been disabled")
    hidden = Meaning(Kind.ACCESS_DENIED, Weight.CODE, Phase.MANIFEST, Detail.MAY_NOT_EXIST, HIDDEN)
    yield from mean(hidden, "pull access denied", "requested access to the resource is denied")
    yield from mean(
        Meaning(Kind.ACCESS_DENIED, Weight.CODE, Phase.MANIFEST, Detail.MAY_NOT_EXIST, HIDDEN,
        runtime=Runtime.CONTAINERD),
        "or may require authorization",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.ACCESS_DENIED, Weight.CODE, Phase.MANIFEST, Detail.MAY_NOT_EXIST, HIDDEN,
        runtime=Runtime.DOCKER),
        "may require 'docker login'",
    )  # fmt: skip
    scope = Meaning(
        Kind.ACCESS_DENIED,
        Weight.CODE,
        Phase.MANIFEST,
        Detail.INSUFFICIENT_SCOPE,
        HIDDEN,
        "insufficient_scope",
    )
    yield from mean(scope, "insufficient_scope", "insufficient scope")
    yield from mean(
        Meaning(Kind.ACCESS_DENIED, Weight.WORDS, Phase.TOKEN, Detail.INSUFFICIENT_SCOPE,
                (Kind.UNAUTHORIZED, Kind.INVALID_SECRET), sent=YES),
        "token has insufficient scopes",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.NOT_FOUND_REPO_OR_TAG, Weight.CODE, Phase.MANIFEST, Detail.MAY_NOT_EXIST,
                (Kind.ACCESS_DENIED, Kind.UNAUTHORIZED), runtime=Runtime.DOCKER),
        "does not exist or no pull access",
    )  # fmt: skip
