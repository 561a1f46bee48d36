"""The credentials and the registry that the cases share; none is anybody's."""

from __future__ import annotations

from .cluster import ACCEPTED, registry

GOOD = ("iamapikey", "made-up-good-key-0000000000000000000000000")
BAD = ("iamapikey", "made-up-bad-key-00000000000000000000000000")
THIRD = ("iamapikey", "made-up-third-key-000000000000000000000000")
KNOWS_GOOD = registry({GOOD[1]: ACCEPTED})
