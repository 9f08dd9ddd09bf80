"""Accounts, grants and reach: who may do what, where in the tree, on which day.

A *power* is the right to one kind of act; a *grant* gives an account a set of powers at a unit for a span;
*reach* says how far from that unit a power extends.
"""
