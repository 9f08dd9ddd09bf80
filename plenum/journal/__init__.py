"""Who did what, when, for which unit and by which power: hash-chained and append-only.

An *act* is a kind of deed with a name people read; an *entry* is one deed done; an *actor* is who did it.
Entries of one unit form a *chain*: each carries the hash of the one before.
"""
