"""Container registries, asked about one image with one credential or with none."""

from runbook_lib.sources.registry.source import RegistrySource

__all__ = ["RegistrySource"]
