"""What registries hold and how each behaves: plain data, as a scenario's YAML states it.

Keys of `registries` are host names. A repository maps tags to images; an image is described (platforms,
format), and its blobs and digests are made from the description, the same at every start.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

DialectName = Literal["icr", "hub", "quay", "harbor", "distribution", "basic", "open"]


class Plain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of the lab's state: frozen, and a misspelt key is refused with its place."""


class Image(Plain, frozen=True):
    """One image: `platforms` as `os/arch` or `os/arch/variant`; several, or `index`, make it an image index.

    `seed` names the content: two images of one seed have the same digests.
    """

    platforms: tuple[str, ...] = ("linux/amd64",)
    format: Literal["docker", "oci", "schema1"] = "docker"
    index: bool = False
    layers: int = 1
    seed: str = ""
    created: str = "2026-10-01T08:00:00Z"


class Repository(Plain, frozen=True):
    """The tagged and untagged images of one repository; `public` ones are readable by anyone."""

    tags: dict[str, Image | None] = msgspec.field(default_factory=dict)
    untagged: tuple[Image, ...] = ()
    public: bool = False


class RegistryUser(Plain, frozen=True):
    """A login of a registry that is not IBM's: what it may pull, as patterns of repository names."""

    password: str
    may_pull: tuple[str, ...] = ("*",)

    def __repr__(self) -> str:
        return f"RegistryUser(password=***, may_pull={self.may_pull!r})"


class Registry(Plain, frozen=True):
    """One registry: its manner (`dialect`), its deviations from that manner, its users and its repositories.

    - `challenge`: how WWW-Authenticate is written; `mixed` quotes it at /v2/ only.
    - `denial`: a login without the right gets 403, or a 401 challenge with `insufficient_scope`; empty: the
      manner.
    - `rejection`: the status for a wrong password at the token endpoint; 0: the manner.
    - `anonymous`: whether a token is granted without a login (for nothing but public repositories) or
      refused.
    - `redirect`: blobs are redirected to the store at `store` (`{host}` is the registry's canonical name).
    """

    dialect: DialectName = "distribution"
    challenge: Literal["quoted", "unquoted", "mixed"] = "quoted"
    denial: Literal["", "forbidden", "challenge"] = ""
    rejection: int = 0
    anonymous: Literal["", "refuse", "grant"] = ""
    realm: str = ""
    redirect: bool = False
    store: str = "dd0.{host}"
    token_seconds: int = 300
    aliases: tuple[str, ...] = ()
    users: dict[str, RegistryUser] = msgspec.field(default_factory=dict)
    repositories: dict[str, Repository] = msgspec.field(default_factory=dict)


class RegistryState(Plain, frozen=True):
    """All registries of the lab by host name."""

    registries: dict[str, Registry] = msgspec.field(default_factory=dict)

    @classmethod
    def load(cls, data: dict[str, Any]) -> RegistryState:
        """Returns the state written in `data` (`{host: {dialect: …, repositories: …}}`); raises
        msgspec.ValidationError.
        """
        return cls(registries=msgspec.convert(data, dict[str, Registry]))
