"""Targets of units: what was assigned, on what basis, to which leader, and how it stands.

A *verdict* says how a figure stands against its target and why; a *statement* is a figure or percentage that
somebody has stated, kept beside what the arithmetic gives.
"""
