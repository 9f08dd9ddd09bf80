"""What the ledger refuses, in words."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError

from plenum.organisation.wording import words
from plenum.tree.rules import Refused


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what the ledger refuses into a ValidationError that names the fields and the remedy."""
    try:
        yield
    except Refused as refused:
        messages: dict[str, list[str]] = {}
        for finding in refused.findings:
            messages.setdefault(finding.field, []).append(words(finding))
        raise ValidationError(messages) from refused
