"""Reforms of the tree: planned as a document of steps, rehearsed until nothing is left open, executed in one stroke.

A *step* is one thing that happens to units on a day. A *rehearsal* works out what the tree would be and what would be
left without an owner; a *disposition* is what becomes of the rows of another room that refer to a unit; a *decision*
settles one of them. The *digest* of a rehearsal is what its execution must come to.
"""
