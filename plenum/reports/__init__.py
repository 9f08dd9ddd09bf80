"""Reads across the rooms: the home board of a unit and its review report in four languages."""
