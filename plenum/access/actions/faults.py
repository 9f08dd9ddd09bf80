"""The words for what the rules find wrong."""

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plenum.access import rules


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


def refuse_weak_password(password: str, login: str) -> None:
    """Raise ValidationError on ``password`` if it is easy to guess."""
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
        try:
            CommonPasswordValidator().validate(password)
        except ValidationError:
            messages = [_("This password is among those tried first by anybody who guesses. Choose another.")]
    if messages:
        raise ValidationError({"password": messages})
