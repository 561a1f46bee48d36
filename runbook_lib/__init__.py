"""Runbooks for pods that cannot pull their image: steps, evidence, and the root cause with proof."""

__version__ = "0.1.0"
