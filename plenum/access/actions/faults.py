"""The words for what the rules find wrong."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plenum.access import guessable, rules


def refuse_bad_login(login: str) -> None:
    """Raise ValidationError on ``login`` unless it may be one."""
    words = {
        "length": _("Write a login of %(shortest)s to %(longest)s characters.")
        % {"shortest": rules.SHORTEST_LOGIN, "longest": rules.LONGEST_LOGIN},
        "characters": _(
            "Use only letters without accents, digits and . - _ @, with a letter or digit at both ends."
        ),
    }
    if faults := rules.login_faults(login):
        raise ValidationError({"login": [words[fault] for fault in faults]})


def refuse_weak_password(password: str, login: str, name: str, unit_ids: Iterable[int], on: date) -> None:
    """Raise ValidationError on ``password`` if it is easy to guess, also for who knows the person and their units."""
    words = {
        "short": _(
            "Choose a password of at least %(shortest)s characters. A few words in a row are easy to keep."
        )
        % {"shortest": rules.SHORTEST_PASSWORD},
        "long": _("Choose a password of at most %(longest)s characters.")
        % {"longest": rules.LONGEST_PASSWORD},
        "like_login": _("Choose a password that does not contain the login."),
        "one_character": _("Choose a password of more than one character repeated."),
    }
    messages = [words[fault] for fault in rules.password_faults(password, login)]
    if not messages:
        known = guessable.known_words(login, name, unit_ids, on)
        if rules.is_made_of(guessable.folded(password), known):
            messages = [
                _("This password is made of names that everybody knows here. Choose words far from them.")
            ]
        elif _is_common(password) or guessable.is_on_the_list(password):
            messages = [_("This password is among those tried first by anybody who guesses. Choose another.")]
    if messages:
        raise ValidationError({"password": messages})


def _is_common(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False
