"""IAM's token endpoint: an API key, a refresh token or a profile to assume, against an access token."""

from __future__ import annotations

import time
from dataclasses import dataclass

from runbook_lib.lab.cloud.directory import Directory, Identity, KeyFault
from runbook_lib.lab.cloud.errors import iam_token_error
from runbook_lib.lab.cloud.iam_tokens import API_KEY_GRANT, ASSUME_GRANT, LIFETIME, IamTokens
from runbook_lib.lab.wire import Reply, Request, json_reply

PATHS = ("/identity/token", "/oidc/token")


@dataclass(frozen=True, slots=True)
class TokenService:
    """Answers POST /identity/token; every refusal is HTTP 400, as IAM's is."""

    directory: Directory
    tokens: IamTokens

    def __call__(self, request: Request) -> Reply:
        """Answers one request."""
        if request.method != "POST":
            return iam_token_error(405, "BXNIM0111E", "The method is not allowed.")
        form = request.form
        grant = form.get("grant_type", "")
        if grant == API_KEY_GRANT:
            return self._for_key(form.get("apikey", ""), request)
        if grant == "refresh_token":
            identity = self.tokens.holder(form.get("refresh_token", ""), refresh=True)
            return self._granted(identity, request) if identity else self._unknown_token()
        if grant == ASSUME_GRANT:
            return self._for_profile(form, request)
        return iam_token_error(400, "BXNIM0124E", "The grant type is not supported.")

    def _for_key(self, value: str, request: Request) -> Reply:
        holder = self.directory.holder(value)
        if holder is KeyFault.DISABLED:
            return iam_token_error(400, "BXNIM0462E", "Provided API key is disabled.")
        if isinstance(holder, KeyFault):
            return iam_token_error(400, "BXNIM0415E", "Provided API key could not be found.")
        return self._granted(holder, request)

    def _for_profile(self, form: dict[str, str], request: Request) -> Reply:
        caller = self.tokens.holder(form.get("access_token", ""))
        found = self.directory.assumable(form.get("profile_id", ""))
        if caller is None:
            return self._unknown_token()
        if found is None or caller.name not in found[1].assumable_by:
            return iam_token_error(400, "BXNIM0513E", "The trusted profile could not be assumed.")
        return self._granted(self.directory.identities[found[0]], request, ASSUME_GRANT)

    def _granted(self, identity: Identity, request: Request, grant: str = API_KEY_GRANT) -> Reply:
        """Returns the token; a refresh token goes only to clients that name themselves, as the command line
        does.
        """
        refresh = self.tokens.refresh(identity) if request.basic else "not_supported"
        body = {
            "access_token": self.tokens.access(identity, grant),
            "refresh_token": refresh,
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "expiration": int(time.time()) + LIFETIME,
            "scope": "ibm openid",
        }
        return json_reply(200, body)

    @staticmethod
    def _unknown_token() -> Reply:
        return iam_token_error(400, "BXNIM0408E", "Provided token is not valid.")
