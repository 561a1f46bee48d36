"""What nodes say of a failed pull; `{i}` stands for the image."""

from __future__ import annotations

_CTR = 'Failed to pull image "{i}": failed to pull and unpack image "{i}": '
ANONYMOUS_401 = (
    _CTR + 'failed to resolve reference "{i}": failed to authorize: failed to fetch anonymous token: unexpected status '
    "from GET request to https://{h}/oauth/token?scope=repository%3Ar%3Apull&service=registry: 401 Unauthorized"
)
OAUTH_401 = (
    _CTR + 'failed to resolve reference "{i}": failed to authorize: failed to fetch oauth token: unexpected status '
    "from POST request to https://{h}/oauth/token: 401 Unauthorized"
)
FORBIDDEN = (
    _CTR + 'failed to resolve reference "{i}": unexpected status from HEAD request to '
    "https://{h}/v2/{r}/manifests/{t}: 403 Forbidden"
)
SCOPE = (
    _CTR + 'failed to resolve reference "{i}": pull access denied, repository does not exist or may require '
    "authorization: server message: insufficient_scope: authorization failed"
)
NOT_FOUND = _CTR + 'failed to resolve reference "{i}": {i}: not found'
REFUSED = (
    _CTR + 'failed to resolve reference "{i}": failed to do request: Head "https://{h}/v2/{r}/manifests/{t}": dial tcp '
    "10.1.2.3:443: connect: connection refused"
)
NO_SUCH_HOST = (
    _CTR + 'failed to resolve reference "{i}": failed to do request: Head "https://{h}/v2/{r}/manifests/{t}": dial tcp'
    ": lookup {h} on 172.21.0.10:53: no such host"
)
BLOB_403 = _CTR + (
    "failed to copy: httpReadSeeker: failed open: unexpected status code https://{h}/v2/{r}/blobs/sha256:aa: "
    "403 Forbidden"
)
HUB_429 = _CTR + (
    "failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/{r}/manifests/"
    "sha256:aa: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull "
    "rate limit."
)
ODD_UNPACK = _CTR + "failed to extract layer sha256:aa: mount callback failed on /var/lib/x: something odd"
ODD = 'Failed to pull image "{i}": rpc error: code = Unknown desc = an error that nobody has seen yet'
NO_PLATFORM = _CTR + "no match for platform in manifest: not found"
PROXY_407 = (
    _CTR + 'failed to resolve reference "{i}": failed to do request: Head "https://{h}/v2/{r}/manifests/{t}": '
    "Proxy Authentication Required"
)
PROXY_CLOSED = (
    _CTR + 'failed to resolve reference "{i}": failed to do request: Head "https://{h}/v2/{r}/manifests/{t}": Forbidden'
)
CRIO_PROXY_CLOSED = (
    'Failed to pull image "{i}": rpc error: code = Unknown desc = initializing source docker://{i}: pinging container '
    'registry {h}: Get "https://{h}/v2/": Forbidden'
)
UNPARSABLE = 'Failed to pull image "{i}": unable to parse auth field, must be formatted as base64(username:password)'
_CRIO = 'Failed to pull image "{i}": rpc error: code = Unknown desc = initializing source docker://{i}: '
CRIO_401 = _CRIO + "unable to retrieve auth token: invalid username/password: unauthorized: authentication required"
CRIO_HUB_PASSWORD = (
    _CRIO + "unable to retrieve auth token: invalid username/password: unauthorized: incorrect username or password"
)
CRIO_DENIED = (
    _CRIO + "reading manifest {t} in {h}/{r}: denied: You are not authorized to access the specified resource."
)
CRIO_PROXY_PAGE = (
    _CRIO + 'pinging container registry {h}: StatusCode: 403, "<!DOCTYPE html><html><head><title>Access denied by the '
    'proxy</title>"'
)
