"""Installations for the tests of operations."""

from plenum.site.tests.conftest import homes, installation

__all__ = ["homes", "installation"]
