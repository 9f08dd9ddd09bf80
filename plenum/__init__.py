"""Plenum: one system of record for membership organisations that work as a tree."""

__version__ = "0.1.0"
