"""IBM Cloud as a source: one method a reading, each its value or why it could not be taken."""

from __future__ import annotations

from datetime import UTC, datetime

from runbook_lib.model.account import (
    AccountFlags,
    AllowedAddresses,
    ApiKeyDetails,
    CbrRules,
    ClusterInfo,
    KeyOwner,
    LoginInfo,
    Namespaces,
    Plan,
    Policies,
    Quota,
    RegistryImages,
    ServiceId,
    ServiceIds,
)
from runbook_lib.model.image_ref import RegistryHost
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.sources.budget import TimeBudget
from runbook_lib.sources.ibmcloud import (
    cluster_readings,
    identity_readings,
    policy_readings,
    registry_readings,
)
from runbook_lib.sources.ibmcloud.connection import Connection
from runbook_lib.sources.ibmcloud.login import WHAT, Login
from runbook_lib.vault import Secret


class IbmCloudSource:
    """Reads an account of IBM Cloud with the operator's login; changes nothing.

    Without a login every reading says so, but for `key_owner`, which needs none. `timeout` is the limit of
    one request in seconds, whatever the other side does; `budget` is the run's, a new one where None. May be
    used from several threads.
    """

    def __init__(
        self, login: Login | Unavailable | None, *, timeout: float = 10.0, budget: TimeBudget | None = None
    ) -> None:
        self._connection = Connection(login, timeout, budget=budget)

    def prepare(self) -> None:
        """Loads what the first question would have to wait for; nothing is sent."""
        self._connection.prepare()

    def login_info(self) -> LoginInfo | Unavailable:
        """Says who the operator is and in which account."""
        access, login = self._connection.access(), self._connection.login
        if isinstance(access, Unavailable):
            return Unavailable(WHAT, access.why, access.detail, access.remedy)
        if isinstance(login, Unavailable):
            return login
        owner, end = access.token.owner, access.token.claims.exp
        expires = datetime.fromtimestamp(end, UTC).isoformat() if end else ""
        return LoginInfo(owner.account_id, owner.iam_id, owner.kind, owner.name, login.source, login.region, expires)

    def images(self, host: RegistryHost, namespace: str, repository: str = "") -> RegistryImages | Unavailable:
        """Lists a namespace's images, or one repository's (`namespace/name`), with tags and digests."""
        return registry_readings.images(self._connection, host, namespace, repository)

    def quota(self, host: RegistryHost) -> Quota | Unavailable:
        """Reads limits and use of storage and pull traffic in the registry's region."""
        return registry_readings.quota(self._connection, host)

    def plan(self, host: RegistryHost) -> Plan | Unavailable:
        """Reads the pricing plan in the registry's region."""
        return registry_readings.plan(self._connection, host)

    def namespaces(self, host: RegistryHost) -> Namespaces | Unavailable:
        """Lists the account's namespaces in the registry's region."""
        return registry_readings.namespaces(self._connection, host)

    def account_flags(self, host: RegistryHost) -> AccountFlags | Unavailable:
        """Reads whether the account takes private connections only."""
        return registry_readings.account_flags(self._connection, host)

    def key_owner(self, key: Secret) -> KeyOwner | Unavailable:
        """Learns whose key it is, or what is wrong with it, from IAM itself; needs no right of the
        operator.
        """
        return identity_readings.key_owner(self._connection, key)

    def api_key_details(self, key: Secret) -> ApiKeyDetails | Unavailable:
        """Reads what IAM keeps on a key: name, state, expiry."""
        return identity_readings.api_key_details(self._connection, key)

    def service_id(self, iam_id: str) -> ServiceId | Unavailable:
        """Reads one service ID; one that IAM does not have is a value too (`exists`)."""
        return identity_readings.service_id(self._connection, iam_id)

    def service_ids(self) -> ServiceIds | Unavailable:
        """Lists the service IDs of the account that the login may see."""
        return identity_readings.service_ids(self._connection)

    def allowed_addresses(self) -> AllowedAddresses | Unavailable:
        """Reads the addresses from which the account takes requests."""
        return identity_readings.allowed_addresses(self._connection)

    def policies(self, iam_id: str, account_id: str = "") -> Policies | Unavailable:
        """Lists the policies of an identity, those of its access groups included."""
        return policy_readings.policies(self._connection, iam_id, account_id)

    def cbr_rules(self) -> CbrRules | Unavailable:
        """Lists the account's context-based restrictions on the registry."""
        return policy_readings.cbr_rules(self._connection)

    def cluster(self, id_or_name: str) -> ClusterInfo | Unavailable:
        """Reads a cluster, above all whether it has been given its pull secrets."""
        return cluster_readings.cluster(self._connection, id_or_name)
