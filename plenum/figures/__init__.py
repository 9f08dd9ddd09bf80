"""Forms, returns and what they add up to.

A *form* has numbered *slots*; a *return* is what one unit reports in one form for one period; an *indicator* is a slot
or a ratio of two; a *roll-up* is the sum below a unit on the tree of that month. Nothing reported is ever overwritten.
"""
