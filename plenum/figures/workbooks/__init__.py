"""Returns as workbooks: a form to take away, fill in offline and bring back, with what is wrong marked in its cells.

A *stamp* in the workbook says which returns it holds and which edition of each its reader saw; it is signed, so that a
workbook of another unit, or with other editions, cannot pass for this one. An *entry* is one return in a workbook.
"""
