"""Tokens of the own account, for programs: issue one, see how they are used, end them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from plenum.access import actions
from plenum.access.answers import put_errors
from plenum.access.forms import TokenForm
from plenum.access.models import ApiToken
from plenum.access.pages.second_factor import confirmed
from plenum.access.queries import actor_of, tokens_of, units_to_act_for
from plenum.access.reach import running_grants
from plenum.access.requests import AuthedRequest, account_of, signed_in
from plenum.tree.models import Unit
from plenum.tree.queries import unit_views


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@confirmed
def tokens(request: AuthedRequest) -> HttpResponse:
    """List the tokens of the account and issue another, which is shown once."""
    own, today = account_of(request), request.lens.today
    units = unit_views({unit.pk for unit in units_to_act_for(own, today)}, today)
    held = {code for grant in running_grants(actor_of(own), today) for code in grant.powers}
    form = TokenForm(request.POST or None, powers=held, units=units.values(), today=today)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            token, text = actions.issue_token(
                own,
                name=data["name"],
                chosen=data["powers"],
                unit=Unit.objects.get(pk=int(data["unit"])) if data["unit"] else None,
                until=form.until,
                on=today,
                by=request.actor,
            )
        except ValidationError as error:
            put_errors(form, error, {"until": "last_day"})
        else:
            response = render(request, "access/token_issued.html", {"token": token, "text": text})
            response.headers["Cache-Control"] = "no-store"
            return response
    found = tokens_of(own, today)
    places = unit_views({each.unit_id for each in found if each.unit_id}, today)
    rows = [(each, places.get(each.unit_id or 0)) for each in found]
    context = {"form": form, "tokens": rows}
    return render(request, "access/tokens.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@signed_in
def end_token(request: AuthedRequest, pk: int) -> HttpResponse:
    """End a token of one's own at once."""
    found = ApiToken.objects.filter(account=account_of(request), pk=pk).first()
    if found is None:
        raise Http404
    try:
        actions.end_token(found, on=request.lens.today, by=request.actor)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("The token is ended."))
    return redirect("access:tokens")
