"""Rule packs: the rules of one organisation as dated data that cite their source.

A *pack* holds kinds of units, forms, indicators, document kinds, sets of powers and rules; each has words in
four languages and, where it is a rule, its validity, document and article.
"""

from plenum.packs.faults import Fault, PackError
from plenum.packs.loader import load_pack, pack
from plenum.packs.values import (
    LANGUAGES,
    Behaviour,
    Better,
    Check,
    CheckKind,
    Dated,
    DocumentKind,
    Form,
    Heading,
    Indicator,
    IndicatorType,
    Kind,
    Pack,
    PackLookupError,
    PowerSet,
    Rule,
    Schedule,
    Slot,
    Source,
    Under,
    Words,
)

__all__ = [
    "LANGUAGES",
    "Behaviour",
    "Better",
    "Check",
    "CheckKind",
    "Dated",
    "DocumentKind",
    "Fault",
    "Form",
    "Heading",
    "Indicator",
    "IndicatorType",
    "Kind",
    "Pack",
    "PackError",
    "PackLookupError",
    "PowerSet",
    "Rule",
    "Schedule",
    "Slot",
    "Source",
    "Under",
    "Words",
    "load_pack",
    "pack",
]
