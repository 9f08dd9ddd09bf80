"""Addresses of reforms."""

from django.urls import path

from plenum.reorganisations.pages import plans, reforms, work

app_name = "reorganisations"

urlpatterns = [
    path("reforms/", reforms.reforms_page, name="reforms"),
    path("reforms/<int:pk>/", reforms.reform_page, name="reform"),
    path("reforms/<int:pk>/deed/", reforms.deed, name="deed"),
    path("reforms/<int:pk>/steps/", plans.steps_page, name="steps"),
    path("reforms/<int:pk>/plan.toml", reforms.plan_toml, name="plan_toml"),
    path("reforms/<int:pk>/plan.xlsx", reforms.plan_xlsx, name="plan_xlsx"),
    path("reforms/work/", work.work_page, name="work"),
    path("reforms/work/<int:pk>/", work.finish, name="finish_work"),
    path("units/<slug:code>/reforms/draft/", plans.draft_page, name="draft"),
]
