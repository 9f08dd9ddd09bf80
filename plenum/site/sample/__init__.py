"""Samples: installations of the size of a country, with real names and made-up figures, for trying and measuring.

A *country* is the tree from the centre to the cells, a *course* how the returns of one unit went through a year.
Everything but the names of provinces, districts and communes is generated from a seed and marked illustrative; the
same seed gives the same rows, and a smaller scale a part of the larger one.
"""
