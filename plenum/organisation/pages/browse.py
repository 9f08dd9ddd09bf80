"""The tree browser: from where a person stands, with search and a list by kind."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plenum.access.paging import page_of
from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.organisation import queries
from plenum.organisation.powers import READ
from plenum.organisation.wording import kind_name, plural_kind_name
from plenum.packs import pack
from plenum.tree.queries import search, unit_view, unit_views

ON_A_PAGE = 100
LONGEST_SEARCH = 100
MOST_HITS = 50
ALL_KINDS = "all"


@require_safe
@signed_in
def tree(request: AuthedRequest) -> HttpResponse:
    """The tree; with `?q=` what the search finds, with `?kind=` all units of a kind, with `?open=` opened to one."""
    lens = request.lens
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    kind = request.GET.get("kind", "")
    context: dict[str, object] = {
        "text": text,
        "kind": kind,
        "kinds": [(code, plural_kind_name(code)) for code in pack().kinds],
    }
    if text:
        within = queries.reachable_units(request.actor, lens.today)
        hits = search(text, lens.as_of, within, most=MOST_HITS + 1)
        context["more"] = len(hits) > MOST_HITS
        hits = hits[:MOST_HITS]
        parents = unit_views({hit.unit.parent_id for hit in hits if hit.unit.parent_id}, lens.as_of)
        context["seen"] = queries.in_reach(
            request.actor, lens.today, {heir.id for hit in hits for heir in hit.heirs}
        )
        context["hits"] = [
            (hit, kind_name(hit.unit.kind), parents.get(hit.unit.parent_id or 0)) for hit in hits
        ]
    elif kind in pack().kinds or kind == ALL_KINDS:
        of_kind = None if kind == ALL_KINDS else kind
        names = queries.names_of_kind(request.actor, lens.today, lens.as_of, of_kind)
        page = page_of(request, names, ON_A_PAGE)
        ids = [name.unit_id for name in page.object_list]
        views = unit_views(ids, lens.as_of)
        parents = unit_views({view.parent_id for view in views.values() if view.parent_id}, lens.as_of)
        context |= {
            "page": page,
            "seen": queries.in_reach(request.actor, lens.today, parents),
            "any_illustrative": any(view.illustrative for view in views.values()),
            "kind_name": plural_kind_name(of_kind) if of_kind else _("Units"),
            "listed": [
                (views[pk], parents.get(views[pk].parent_id or 0), kind_name(views[pk].kind)) for pk in ids
            ],
        }
    else:
        code = request.GET.get("open", "")
        opened = (
            queries.reachable_units(request.actor, lens.today).filter(code=code).first() if code else None
        )
        nodes = queries.tree(request.actor, lens.today, lens.as_of, opened)
        context |= {"nodes": nodes, "any_illustrative": any(queries.is_illustrative(node) for node in nodes)}
    return render(request, "organisation/tree.html", context)


@require_safe
@signed_in
def branch(request: AuthedRequest, code: str) -> HttpResponse:
    """One unit of the tree with its sub-units open, for a page that opens it in place."""
    unit = unit_for(request, code, READ)
    view = unit_view(unit, request.lens.as_of)
    node = queries.branch(request.actor, request.lens.today, view, request.lens.as_of)
    return render(request, "organisation/node.html", {"node": node})
