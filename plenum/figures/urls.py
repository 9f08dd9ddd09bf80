"""Addresses of returns, obligations and indicators."""

from django.urls import path

from plenum.figures.pages.acceptance import acceptance_page
from plenum.figures.pages.collection import collection_file, collection_page, collections_page
from plenum.figures.pages.enter import enter_page
from plenum.figures.pages.indicator import indicator_page
from plenum.figures.pages.obligations import obligations_page
from plenum.figures.pages.one_return import return_page
from plenum.figures.pages.returns import returns_page
from plenum.figures.pages.workbook import workbook_file, workbook_page

app_name = "figures"

urlpatterns = [
    path("units/<slug:code>/returns/", returns_page, name="returns"),
    path("units/<slug:code>/returns/<slug:form>/<str:period>/", enter_page, name="enter"),
    path("units/<slug:code>/workbook/<str:period>.xlsx", workbook_file, name="workbook_file"),
    path("units/<slug:code>/workbook/<str:period>/", workbook_page, name="workbook"),
    path("units/<slug:code>/workbooks/", collections_page, name="collections"),
    path(
        "units/<slug:code>/workbooks/<slug:form>/<str:period>.xlsx", collection_file, name="collection_file"
    ),
    path("units/<slug:code>/workbooks/<slug:form>/<str:period>/", collection_page, name="collection"),
    path("returns/<int:pk>/", return_page, name="return"),
    path("units/<slug:code>/acceptance/", acceptance_page, name="acceptance"),
    path("units/<slug:code>/obligations/", obligations_page, name="obligations"),
    path("units/<slug:code>/indicators/<str:indicator>/", indicator_page, name="indicator"),
]
