"""Jobs: work that takes longer than a page may wait, done by a worker as whoever has started it.

A *kind* of job is declared by the room whose work it is, in its `jobs.py`. A job *waits*, *runs*, and ends: finished,
failed, refused (the powers of its starter have ended meanwhile) or cancelled. It is done whole or not at all.
"""
