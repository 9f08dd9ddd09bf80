"""What is wrong with a value that is not of the form asked for, in sentences of the reader's language."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

gettext_noop("Write a number with a decimal point, as 90 or 113.34.")  # said in plenum.access.programs

WHOLE_NUMBER = gettext_lazy("Send a whole number.")
AN_OBJECT = gettext_lazy("Send an object with named fields.")
PLAIN = {
    "missing": gettext_lazy("This is missing."),
    "extra_forbidden": gettext_lazy("There is no field of this name."),
    "string_type": gettext_lazy("Send a text."),
    "int_type": WHOLE_NUMBER,
    "int_parsing": WHOLE_NUMBER,
    "int_from_float": WHOLE_NUMBER,
    "int_parsing_size": gettext_lazy("This number is too large."),
    "bool_type": gettext_lazy("Send true or false."),
    "bool_parsing": gettext_lazy("Send true or false."),
    "list_type": gettext_lazy("Send a list."),
    "dict_type": AN_OBJECT,
    "model_type": AN_OBJECT,
    "model_attributes_type": AN_OBJECT,
    "string_pattern_mismatch": gettext_lazy("This is not written as the description asks for."),
    "json_invalid": gettext_lazy("What was sent is not valid JSON."),
}
"""What is said of a fault, by pydantic's name of it."""


def sentence(fault: Mapping[str, Any]) -> str:
    """One fault that pydantic has found. What was sent is not repeated."""
    kind, more = str(fault.get("type", "")), fault.get("ctx") or {}
    if kind in PLAIN:
        return str(PLAIN[kind])
    match kind:
        case "string_too_long":
            most = more["max_length"]
            return ngettext(
                "Write at most %(most)s character.", "Write at most %(most)s characters.", most
            ) % {"most": most}
        case "string_too_short":
            least = more["min_length"]
            return ngettext(
                "Write at least %(least)s character.", "Write at least %(least)s characters.", least
            ) % {"least": least}
        case "too_long":
            most = more["max_length"]
            return ngettext("Send at most %(most)s item.", "Send at most %(most)s items.", most) % {
                "most": most
            }
        case "too_short":
            least = more["min_length"]
            return ngettext("Send at least %(least)s item.", "Send at least %(least)s items.", least) % {
                "least": least
            }
        case "greater_than_equal":
            return _("Send a number that is not below %(limit)s.") % {"limit": more["ge"]}
        case "less_than_equal":
            return _("Send a number that is not above %(limit)s.") % {"limit": more["le"]}
        case "literal_error" | "enum":
            choices = re.findall(r"'([^']*)'", str(more.get("expected", "")))
            return _("Send one of these: %(choices)s.") % {"choices": ", ".join(choices)}
        case "value_error":
            return _(str(more.get("error") or "").strip() or str(PLAIN["string_pattern_mismatch"]))
    return str(PLAIN["string_pattern_mismatch"])
