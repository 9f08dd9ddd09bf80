"""Time as values: days, spans of days and reporting periods. Pure: no Django, no clock.

A *span* is half-open: its first day belongs to it, its end does not. A *period* is a month, quarter, half-year, the
first nine months, or a year, and is written `2023-07`, `2023-Q3`, `2023-H2`, `2023-9M`, `2023`. A *lens* is how a
reader looks at the record: from which day, as it was known on which day, and on which tree.
"""

from plenum.periods.lens import Lens, Tree
from plenum.periods.period import Period, PeriodError, PeriodKind
from plenum.periods.span import Span, SpanError

__all__ = ["Lens", "Period", "PeriodError", "PeriodKind", "Span", "SpanError", "Tree"]
