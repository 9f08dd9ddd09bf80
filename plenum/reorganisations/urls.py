"""Addresses of reforms."""

from django.urls import path

from plenum.reorganisations.pages import (
    deeds,
    difference,
    execution,
    payroll,
    plans,
    reforms,
    step,
    steps,
    work,
)

app_name = "reorganisations"

urlpatterns = [
    path("reforms/", reforms.reforms_page, name="reforms"),
    path("reforms/<int:pk>/", reforms.reform_page, name="reform"),
    path("reforms/<int:pk>/deed/", deeds.deed, name="deed"),
    path("reforms/<int:pk>/execution/", execution.execution_page, name="execution"),
    path("reforms/<int:pk>/steps/", steps.steps_page, name="steps"),
    path("reforms/<int:pk>/step/", step.step_page, name="step"),
    path("reforms/<int:pk>/payroll/", payroll.payroll_page, name="payroll"),
    path("reforms/<int:pk>/plan.toml", reforms.plan_toml, name="plan_toml"),
    path("reforms/<int:pk>/plan.xlsx", reforms.plan_xlsx, name="plan_xlsx"),
    path("reforms/<int:pk>/difference/", difference.difference_page, name="difference"),
    path("reforms/work/", work.work_page, name="work"),
    path("reforms/work/units/", work.progress_page, name="progress"),
    path("reforms/work/<int:pk>/", work.finish, name="finish_work"),
    path("units/<slug:code>/reforms/draft/", plans.draft_page, name="draft"),
]
