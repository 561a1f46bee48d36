"""What the registry's own API says of an account: its images, namespaces, quota, plan and flags, one region
each.

Source: the API of IBM Cloud Container Registry. All listings are of the login's account in one region: an
image of another account or region is not listed, which does not mean that it does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.model.unavailable import Unavailable

UNLIMITED = -1
_LIST_TYPES = ("manifest.list", "image.index")


@dataclass(frozen=True, slots=True)
class ListedImage:
    """One image of a repository (`namespace/name`): its digest, the tags that lead to it, its manifest's
    type.
    """

    repository: str
    digest: str
    tags: tuple[str, ...] = ()
    manifest_type: str = ""
    created: int = 0  # seconds since 1970
    size: int = 0  # bytes

    @property
    def is_manifest_list(self) -> bool:
        """True for a list of manifests by platform (Docker's or OCI's)."""
        return any(name in self.manifest_type for name in _LIST_TYPES)


@dataclass(frozen=True, slots=True)
class RegistryImages:
    """The images of one namespace as the listing shows them; manifest lists and untagged ones included.

    What the login may not list is left out without a word: a Writer sees none. `repository` is set where only
    that one was asked for. `untagged_unread` says why untagged digests are missing.
    """

    host: str
    account_id: str
    namespace: str
    images: tuple[ListedImage, ...]
    repository: str = ""
    untagged_unread: Unavailable | None = None

    @property
    def repositories(self) -> tuple[str, ...]:
        """The repositories with at least one image, as `namespace/name`, sorted."""
        return tuple(sorted({image.repository for image in self.images}))

    def tags(self, repository: str) -> tuple[str, ...]:
        """Returns the tags of a repository, sorted."""
        return tuple(sorted({tag for i in self.images if i.repository == repository for tag in i.tags}))

    def find(self, repository: str, wanted: str) -> ListedImage | None:
        """Returns the image behind a tag or a digest, or None where it is not listed."""
        return next(
            (i for i in self.images if i.repository == repository and (wanted == i.digest or wanted in i.tags)),
            None,
        )


@dataclass(frozen=True, slots=True)
class Quota:
    """Limits and use of an account in one region, in bytes; -1 is unlimited.

    Used-up pull traffic of the month blocks pulls; used-up storage blocks pushes only.
    """

    host: str
    account_id: str
    traffic_limit: int
    traffic_used: int
    storage_limit: int
    storage_used: int

    @property
    def traffic_used_up(self) -> bool:
        """True where the month's pull traffic has reached its limit."""
        return self.traffic_limit != UNLIMITED and self.traffic_used >= self.traffic_limit

    @property
    def storage_used_up(self) -> bool:
        """True where the storage has reached its limit."""
        return self.storage_limit != UNLIMITED and self.storage_used >= self.storage_limit


@dataclass(frozen=True, slots=True)
class Plan:
    """The account's pricing plan in one region, as the API names it (Free, Standard)."""

    host: str
    account_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace of the registry; `resource_group` is empty where it is in none."""

    name: str
    resource_group: str = ""
    crn: str = ""
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class Namespaces:
    """The namespaces of the login's account in one region that the login may see.

    Names are unique in a region across all accounts; whose an unlisted one is, no API tells.
    """

    host: str
    account_id: str
    namespaces: tuple[Namespace, ...]

    def find(self, name: str) -> Namespace | None:
        """Returns the namespace of this name, or None where it is not listed."""
        return next((n for n in self.namespaces if n.name == name), None)

    def resource_group_of(self, name: str) -> str | None:
        """Returns its resource group: None where the namespace is not listed, empty where it is in none."""
        found = self.find(name)
        return found.resource_group if found else None


@dataclass(frozen=True, slots=True)
class AccountFlags:
    """The account's settings for one region: whether only private connections are taken, and whether IAM
    decides.
    """

    host: str
    account_id: str
    private_only: bool
    iam_authz: bool | None = None
