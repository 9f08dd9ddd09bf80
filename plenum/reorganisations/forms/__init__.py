"""Forms of reforms."""

from plenum.reorganisations.forms.plan import (
    ChangeHeadForm,
    ExecuteForm,
    HeadForm,
    PlanFileForm,
    ProgressFilterForm,
    ReasonForm,
    ReformsFilterForm,
    WorkFilterForm,
)
from plenum.reorganisations.forms.shown import parts_of, shown_in_form, units_of
from plenum.reorganisations.forms.split import SplitForm
from plenum.reorganisations.forms.steps import (
    ChangeKindForm,
    DeedForm,
    DissolveForm,
    EndLevelForm,
    FoundForm,
    MergeForm,
    MoveForm,
    RenameForm,
)
from plenum.reorganisations.forms.units import OFFERED, Drawing

STEP_FORMS: dict[str, type[DeedForm]] = {
    "merge": MergeForm,
    "split": SplitForm,
    "move": MoveForm,
    "found": FoundForm,
    "rename": RenameForm,
    "change_kind": ChangeKindForm,
    "dissolve": DissolveForm,
    "end_level": EndLevelForm,
}
"""The form of each thing that a step can do, by its name in the format."""

__all__ = [
    "OFFERED",
    "STEP_FORMS",
    "ChangeHeadForm",
    "DeedForm",
    "Drawing",
    "ExecuteForm",
    "HeadForm",
    "PlanFileForm",
    "ProgressFilterForm",
    "ReasonForm",
    "ReformsFilterForm",
    "SplitForm",
    "WorkFilterForm",
    "parts_of",
    "shown_in_form",
    "units_of",
]
