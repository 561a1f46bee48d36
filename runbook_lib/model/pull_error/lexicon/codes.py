"""The error codes of the distribution specification, and the plain words that are left when there is none."""

from __future__ import annotations

from runbook_lib.model.pull_error.value import CredentialSent, Detail, Kind, Phase

from .meaning import Meaning, Phrases, Weight, mean


def registry_codes() -> Phrases:
    """The error codes of the distribution specification, as JSON writes them and as Go prints them."""
    weight = Weight.CODE
    yield from mean(
        Meaning(Kind.NOT_FOUND_REPO_OR_TAG, weight, Phase.MANIFEST, Detail.MANIFEST_UNKNOWN,
        code="MANIFEST_UNKNOWN"),
        "manifest unknown", "manifest_unknown", "manifestunknown",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.NOT_FOUND_REPO_OR_TAG, weight, Phase.MANIFEST, Detail.REPOSITORY_UNKNOWN,
        code="NAME_UNKNOWN"),
        "name unknown", "name_unknown", "repository name not known to registry",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.NOT_FOUND_REPO_OR_TAG, weight, Phase.BLOB, also=(Kind.SERVER_ERROR, Kind.OTHER),
        code="BLOB_UNKNOWN"),
        "blob unknown", "blob_unknown", "unknown blob",
    )  # fmt: skip
    yield from mean(Meaning(Kind.UNAUTHORIZED, weight, code="UNAUTHORIZED"), "unauthorized:", '"unauthorized"')
    yield from mean(
        Meaning(Kind.UNAUTHORIZED, weight), "authentication required", "authorization required",
        "authentication is required",
        "unauthenticated:", "please login to", "login required", "invalid username/password", "not logged in",
        "invalid_token",
    )  # fmt: skip
    yield from mean(Meaning(Kind.ACCESS_DENIED, weight, Phase.MANIFEST, code="DENIED"), "denied:", '"denied"')
    yield from mean(Meaning(Kind.SERVER_ERROR, weight, code="UNAVAILABLE", also=(Kind.OTHER,)), ": unavailable: ")


def plain_words() -> Phrases:
    """Gives words that only hint, and count where nothing tells more."""
    hint = Weight.HINT
    yield from mean(
        Meaning(Kind.NOT_FOUND_REPO_OR_TAG, Weight.STATUS, Phase.MANIFEST),
        "repo not found", "repository not found", "no such image", "no such manifest",
        "was deleted or has expired",
        "tag not found", "image not found", "no such repository", "artifact not found",
        "locate any tags",
        "repositorynotfound", "manifest not found", "unable to find image", "imagenotfoundexception",
    )  # fmt: skip
    yield from mean(Meaning(Kind.NOT_FOUND_REPO_OR_TAG, hint, Phase.MANIFEST),
                    "not found", "notfound", "code = notfound",
        "does not exist",
                    "is not known")  # fmt: skip
    yield from mean(Meaning(Kind.UNAUTHORIZED, hint), "unauthorized", "not authorized",
        "authentication failed", "login failed",
                    "failed to fetch oauth token", "failed to fetch anonymous token",
                    "unable to retrieve auth token",
                    "code = unauthenticated", "unable to retrieve credentials")  # fmt: skip
    yield from mean(Meaning(Kind.ACCESS_DENIED, hint, Phase.MANIFEST), "forbidden", "access denied", "denied",
                    "code = permissiondenied", "not in the allowlist", "not in the whitelist")  # fmt: skip
    yield from mean(Meaning(Kind.OTHER, Weight.STATUS, Phase.UNPACK, also=(Kind.ACCESS_DENIED,)), ": permission denied")
    yield from mean(
        Meaning(Kind.SERVER_ERROR, hint), "internal server error", "bad gateway", "service unavailable",
        "gateway timeout",
        "gateway time-out", "unknown: unknown error", "internal error:",
    )  # fmt: skip
    yield from mean(Meaning(Kind.OTHER, hint, also=(Kind.SERVER_ERROR,)), "unknown error")
    yield from mean(Meaning(Kind.RATE_LIMITED, hint, Phase.MANIFEST), "increase-rate-limit")
    yield from mean(Meaning(Kind.NETWORK_TIMEOUT, hint), "code = deadlineexceeded", "timeout")
    yield from mean(Meaning(Kind.DISK_FULL, hint, Phase.UNPACK), "code = resourceexhausted")
    yield from mean(
        Meaning(Kind.ACCESS_DENIED, hint, Phase.MANIFEST, sent=CredentialSent.NO),
        "there are no credentials on this request",
    )
    yield from mean(
        Meaning(Kind.OTHER, hint, also=(Kind.SERVER_ERROR, Kind.NOT_FOUND_REPO_OR_TAG)),
        "invalid character '<' looking for beginning of value",
    )
