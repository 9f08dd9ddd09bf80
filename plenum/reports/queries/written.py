"""What the officer has written for a review, as a form shows it."""

from typing import Any

from plenum.periods import Period
from plenum.reports.models import Review

HEADING = ("number", "place", "dated", "signer_post", "signer_name", "recipients")


def as_written(unit_id: int, period: Period, language: str) -> dict[str, Any]:
    """The head, the texts in one language, and the edition that they belong to: 0 when nothing is written yet."""
    kept = Review.objects.filter(unit=unit_id, period_code=period.code).first()
    if kept is None:
        return {"edition": 0}
    texts = {text.section: text.text for text in kept.texts.filter(language=language)}
    return {"edition": kept.edition, **{name: getattr(kept, name) for name in HEADING}, **texts}
