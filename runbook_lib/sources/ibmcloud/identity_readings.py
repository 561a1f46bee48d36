"""Readings of IAM's identity service: service IDs, keys and whose they are, allowed addresses."""

from __future__ import annotations

import msgspec

from runbook_lib.model.account import AllowedAddresses, ApiKeyDetails, KeyOwner, ServiceId, ServiceIds
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.ibmcloud import identity_wire as wire
from runbook_lib.sources.ibmcloud.connection import Access, Connection
from runbook_lib.sources.ibmcloud.failure import Question
from runbook_lib.sources.ibmcloud.paging import PAGE_SIZE, all_pages, query_value
from runbook_lib.sources.ibmcloud.token import exchange
from runbook_lib.vault import Secret, vault

_VIEWER = "Viewer on the IAM Identity service (iam-identity)"


def key_owner(connection: Connection, key: Secret) -> KeyOwner | Unavailable:
    """Learns whose key it is, by exchanging it: the token that IAM gives names its owner and account."""
    got = exchange(connection.session, key, "whose API key it is")
    return got if isinstance(got, KeyOwner | Unavailable) else got.owner


def api_key_details(connection: Connection, key: Secret) -> ApiKeyDetails | Unavailable:
    """Reads what IAM keeps on a key, found by its value; the operator needs a right to the key's owner.

    Whether a key that is not found here works at all, `key_owner` tells.
    """
    right = "the Operator role on the IAM Identity service (iam-identity), or let the key's owner look"
    question = Question("the details of the API key", right, of_one=True)

    def read(access: Access) -> ApiKeyDetails:
        result = access.identity().get_api_keys_details(iam_api_key=key.reveal(), include_history=False).get_result()
        if isinstance(result, dict) and isinstance(result.get("apikey"), str) and result["apikey"]:
            vault().register(result["apikey"], "key")
        said = msgspec.convert(result, wire.ApiKey)
        return ApiKeyDetails(
            said.id,
            said.name,
            said.iam_id,
            said.account_id,
            disabled=said.disabled,
            locked=said.locked,
            description=said.description or "",
            created_at=said.created_at or "",
            expires_at=said.expires_at or "",
            action_when_leaked=said.action_when_leaked or "",
        )

    return connection.ask(question, read)


def service_id(connection: Connection, iam_id: str) -> ServiceId | Unavailable:
    """Reads one service ID by its IAM id (`iam-ServiceId-…`) or its own id (`ServiceId-…`)."""
    what = f"the service ID {iam_id}"
    own_id = iam_id.removeprefix("iam-")
    if not own_id.startswith("ServiceId-"):
        return Unavailable(what, Why.NOT_APPLICABLE, f"{iam_id} is not a service ID")

    def read(access: Access) -> ServiceId:
        return _service_id(msgspec.convert(access.identity().get_service_id(own_id).get_result(), wire.ServiceId))

    got = connection.ask(Question(what, _VIEWER, of_one=True), read)
    if isinstance(got, Unavailable) and got.says_absent:
        access = connection.access()
        account = "" if isinstance(access, Unavailable) else access.account_id
        return ServiceId(f"iam-{own_id}", account, exists=False)
    return got


def service_ids(connection: Connection) -> ServiceIds | Unavailable:
    """Lists the account's service IDs that the login may see, page after page."""

    def read(access: Access) -> ServiceIds:
        client = access.identity()

        def page(token: str | None) -> tuple[list[ServiceId], str | None]:
            result = client.list_service_ids(
                account_id=access.account_id, pagesize=PAGE_SIZE, pagetoken=token
            ).get_result()
            said = msgspec.convert(result, wire.ServiceIdPage)
            return [_service_id(s) for s in said.serviceids or []], query_value(said.next, "pagetoken")

        return ServiceIds(access.account_id, tuple(all_pages(page)))

    return connection.ask(Question("the service IDs of the account", _VIEWER), read)


def allowed_addresses(connection: Connection) -> AllowedAddresses | Unavailable:
    """Reads the addresses from which the account takes requests."""
    question = Question("the allowed addresses of the account", "Viewer on all account management services")

    def read(access: Access) -> AllowedAddresses:
        result = access.identity().get_account_settings(account_id=access.account_id).get_result()
        text = msgspec.convert(result, wire.AccountSettings).allowed_ip_addresses or ""
        return AllowedAddresses(access.account_id, tuple(part.strip() for part in text.split(",") if part.strip()))

    return connection.ask(question, read)


def _service_id(said: wire.ServiceId) -> ServiceId:
    return ServiceId(
        said.iam_id,
        said.account_id,
        name=said.name,
        description=said.description or "",
        locked=said.locked,
        created_at=said.created_at or "",
    )
