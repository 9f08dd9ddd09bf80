"""Rule packs: the rules of one organisation as dated data that cite their source.

A *pack* holds kinds of units, forms, indicators, document kinds, sets of powers and rules; each has words in
four languages and, where it is a rule, its validity, document and article.
"""

from plenum.packs.loader import pack

__all__ = ["pack"]
