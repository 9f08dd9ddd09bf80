"""What a page answers when an act has refused."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


def put_errors(form: forms.Form, error: ValidationError, names: Mapping[str, str] | None = None) -> None:
    """Show what an act refused: at the field it names (``names``: field of the act to field of the form)."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for act_field, errors in error.error_dict.items():
        field = (names or {}).get(act_field, act_field)
        form.add_error(field if field in form.fields and field != NON_FIELD_ERRORS else None, errors)
