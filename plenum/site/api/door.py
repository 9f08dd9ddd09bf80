"""The API itself: the routers of all rooms under one address, its description and its pages for people."""

from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Swagger

from plenum import __version__
from plenum.site.api import exports
from plenum.site.api.describing import DESCRIPTION, described
from plenum.site.api.problems import answer_to
from plenum.site.api.who import Session, Token
from plenum.site.rooms import rooms_with

LABELS = {
    "access": "Accounts and grants",
    "jobs": "Jobs",
    "organisation": "Units and journal",
    "directives": "Documents",
    "figures": "Returns and figures",
    "targets": "Targets and verdicts",
    "reports": "Boards and reports",
}


class Docs(Swagger):
    """The description as pages that can be tried out; nothing of it comes from elsewhere."""

    template = "api/docs.html"


class PlenumAPI(NinjaAPI):
    """The API, whose description says all that can happen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._described: dict[str, Any] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> Any:
        """The OpenAPI document with paths below a prefix, put together once: it takes a second and never changes."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if prefix not in self._described:
            self._described[prefix] = described(super().get_openapi_schema(path_prefix=prefix))
        return self._described[prefix]

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        """The problem for what was refused; a fault of ours is raised."""
        answer = answer_to(request, exc)
        if answer is None:
            raise exc
        return answer


def collected() -> PlenumAPI:
    """The API with the routers of all rooms."""
    made = PlenumAPI(
        title="Plenum",
        version=__version__,
        description=DESCRIPTION,
        urls_namespace="api",
        docs=Docs(settings={"defaultModelsExpandDepth": 0, "docExpansion": "none"}),
        auth=[Token(), Session()],
    )
    for room in rooms_with("api"):
        made.add_router("", import_module(f"plenum.{room}.api").router, tags=[LABELS.get(room, room)])
    made.add_router("", exports.router, tags=["Everything at once"])
    return made


api = collected()
