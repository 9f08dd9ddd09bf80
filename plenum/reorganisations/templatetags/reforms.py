"""What templates of reforms need to say."""

from django import template

from plenum.organisation.wording import kind_name
from plenum.reorganisations.notes import note_in_words

register = template.Library()
register.filter("in_words", note_in_words)


@register.simple_tag
def kind_called(kind: str) -> str:
    """What a kind is called in the reader's language."""
    return kind_name(kind)
