"""Fields and controls that the forms of every room use."""

from django import forms


class DayInput(forms.DateInput):
    """The browser's own control for a day; its value is always ISO."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
