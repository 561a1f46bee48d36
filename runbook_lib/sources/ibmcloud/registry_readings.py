"""Readings of the registry's API, in the region that the image's own host names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from runbook_lib.model.account import (
    AccountFlags,
    ListedImage,
    Namespace,
    Namespaces,
    Plan,
    Quota,
    RegistryImages,
)
from runbook_lib.model.image_ref import RegistryHost
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.ibmcloud import registry_wire as wire
from runbook_lib.sources.ibmcloud.connection import Access, Connection
from runbook_lib.sources.ibmcloud.endpoints import registry_api_host
from runbook_lib.sources.ibmcloud.failure import Question, broken

Taken = TypeVar("Taken")
_READER = "Reader or Manager on container-registry for the namespace (Writer may pull, but not list)"
_ACCOUNT_WIDE = "on container-registry for the whole account (no namespace, no resource group in the policy)"


def images(connection: Connection, host: RegistryHost, namespace: str, repository: str) -> RegistryImages | Unavailable:
    """Lists a namespace's images: manifest lists included, and untagged ones by the listing of digests."""
    question = Question(f"the images of the namespace {namespace} at {host}", _READER)

    def read(access: Access, api: str) -> RegistryImages:
        client = access.registry(api)
        tagged = client.list_images(
            namespace=namespace,
            repository=repository or None,
            include_ibm=False,
            include_private=True,
            include_manifest_lists=True,
            vulnerabilities=False,
        ).get_result()
        found = list(_of_images(msgspec.convert(tagged or [], list[wire.Image])))
        unread: Unavailable | None = None
        try:
            listed = client.list_image_digests(exclude_tagged=False, exclude_va=True, include_ibm=False).get_result()
            found += _of_digests(msgspec.convert(listed or [], list[wire.Digest]))
        except Exception as failure:  # the tagged ones are worth having alone
            unread = broken(Question(f"the untagged images of the namespace {namespace} at {host}", _READER), failure)
        wanted = [i for i in found if i.repository.partition("/")[0] == namespace]
        wanted = [i for i in wanted if not repository or i.repository == repository]
        return RegistryImages(api, access.account_id, namespace, _joined(wanted), repository, unread)

    return _ask(connection, host, question, read)


def quota(connection: Connection, host: RegistryHost) -> Quota | Unavailable:
    """Reads limits and use of storage and pull traffic."""
    question = Question(f"the quota at {host}", f"Reader, Writer or Manager {_ACCOUNT_WIDE}")

    def read(access: Access, api: str) -> Quota:
        said = msgspec.convert(access.registry(api).get_quota().get_result(), wire.Quota)
        return Quota(
            api,
            access.account_id,
            traffic_limit=said.limit.traffic_bytes,
            traffic_used=said.usage.traffic_bytes,
            storage_limit=said.limit.storage_bytes,
            storage_used=said.usage.storage_bytes,
        )

    return _ask(connection, host, question, read)


def plan(connection: Connection, host: RegistryHost) -> Plan | Unavailable:
    """Reads the pricing plan."""
    question = Question(f"the plan at {host}", f"Manager {_ACCOUNT_WIDE}")

    def read(access: Access, api: str) -> Plan:
        said = msgspec.convert(access.registry(api).get_plans().get_result(), wire.Plan)
        return Plan(api, access.account_id, said.plan)

    return _ask(connection, host, question, read)


def namespaces(connection: Connection, host: RegistryHost) -> Namespaces | Unavailable:
    """Lists the account's namespaces with their resource groups."""
    question = Question(f"the namespaces at {host}", "Reader or Manager on container-registry")

    def read(access: Access, api: str) -> Namespaces:
        said = msgspec.convert(access.registry(api).list_namespace_details().get_result() or [], list[wire.Namespace])
        return Namespaces(
            api,
            access.account_id,
            tuple(Namespace(n.name, n.resource_group or "", n.crn or "", n.created_date or "") for n in said),
        )

    return _ask(connection, host, question, read)


def account_flags(connection: Connection, host: RegistryHost) -> AccountFlags | Unavailable:
    """Reads whether the account takes private connections only."""
    question = Question(f"the account's settings at {host}", f"Manager {_ACCOUNT_WIDE}")

    def read(access: Access, api: str) -> AccountFlags:
        said = msgspec.convert(access.registry(api).get_auth().get_result(), wire.AccountFlags)
        return AccountFlags(api, access.account_id, bool(said.private_only), said.iam_authz)

    return _ask(connection, host, question, read)


def _ask(
    connection: Connection, host: RegistryHost, question: Question, read: Callable[[Access, str], Taken]
) -> Taken | Unavailable:
    api = registry_api_host(host)
    if api is None:
        return Unavailable(question.what, Why.NOT_APPLICABLE, f"{host} is not IBM Cloud Container Registry")
    return connection.ask(question, lambda access: read(access, api))


def _of_images(listed: list[wire.Image]) -> Iterator[ListedImage]:
    for image in listed:
        size, created, kind = image.size or 0, image.created or 0, image.manifest_type or ""
        digests = dict(map(_split_digest, image.repo_digests or []))
        for repository, digest in digests.items():
            yield ListedImage(repository, digest, (), kind, created, size)
        for digest, tagged in (image.digest_tags or {}).items():
            for repository, tag in map(_split_tag, tagged or []):
                yield ListedImage(repository, digest, (tag,), kind, created, size)
        for repository, tag in map(_split_tag, image.repo_tags or []):
            yield ListedImage(repository, digests.get(repository, ""), (tag,), kind, created, size)


def _of_digests(listed: list[wire.Digest]) -> Iterator[ListedImage]:
    for image in listed:
        for name, tags in (image.repo_tags or {}).items():
            kind = image.manifest_type or ""
            yield ListedImage(_repository(name), image.id, tuple(tags or ()), kind, image.created or 0, image.size or 0)


def _joined(found: list[ListedImage]) -> tuple[ListedImage, ...]:
    """Makes one of what both listings say of a digest of a repository; a tag whose digest is not told stays
    alone.
    """
    by_digest: dict[tuple[str, str], list[ListedImage]] = defaultdict(list)
    tagged = {(i.repository, tag) for i in found if i.digest for tag in i.tags}
    for image in found:
        if image.digest or any((image.repository, tag) not in tagged for tag in image.tags):
            by_digest[image.repository, image.digest or image.tags[0]].append(image)
    return tuple(_merged(group) for _, group in sorted(by_digest.items()))


def _merged(group: list[ListedImage]) -> ListedImage:
    return ListedImage(
        group[0].repository,
        group[0].digest,
        tuple(sorted({tag for image in group for tag in image.tags})),
        next((image.manifest_type for image in group if image.manifest_type), ""),
        max(image.created for image in group),
        max(image.size for image in group),
    )


def _repository(name: str) -> str:
    """Takes the host off `us.icr.io/namespace/name`."""
    host, slash, rest = name.partition("/")
    return rest if slash and ("." in host or ":" in host) else name


def _split_tag(name: str) -> tuple[str, str]:
    repository, _, tag = name.rpartition(":")
    return _repository(repository), tag


def _split_digest(name: str) -> tuple[str, str]:
    repository, _, digest = name.partition("@")
    return _repository(repository), digest
