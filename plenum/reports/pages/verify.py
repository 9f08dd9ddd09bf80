"""The public page that says whether a document was issued: to anybody, and nothing more than that."""

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from plenum.access.answers import REFUSED
from plenum.reports.forms import LARGEST_DOCUMENT, FileForm, VerifyForm
from plenum.reports.guesses import count_guess, refuse_guessing
from plenum.reports.powers import FORMAT_NAMES
from plenum.reports.queries.issued import Verified, verified
from plenum.reports.rules import read_code

ENVELOPE = 20_000
"""Bytes that a form takes around the file that it carries."""


@csrf_exempt  # changes nothing, and so the size is looked at before anything of the form is read
@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest) -> HttpResponse:
    """Ask for a code, or for a document itself: by its hash it is found as well."""
    if too_large(request):
        return _refused_size(request, VerifyForm(), "reports/verify.html")
    form = VerifyForm(*_sent(request))
    if request.method == "POST" and form.is_valid():
        refuse_guessing(request)
        file, code = form.cleaned_data["file"], form.cleaned_data["code"]
        found = verified(code or sha256_of(file))
        if found is not None and file is None:
            return HttpResponseRedirect(reverse("reports:verified", args=[found.code]))
        if found is not None:
            return _answer(request, found, FileForm(), sha256_of(file))
        count_guess(request)
        if code:
            form.add_error(
                "code", _("No document with this code was issued here. Compare it with the document.")
            )
        else:
            form.add_error(
                "file", _("This file was not issued here, or it has been changed. Try its verification code.")
            )
    return render(request, "reports/verify.html", {"form": form}, status=REFUSED if form.errors else 200)


@csrf_exempt  # changes nothing, and so the size is looked at before anything of the form is read
@require_http_methods(["GET", "HEAD", "POST"])
def verified_page(request: HttpRequest, code: str) -> HttpResponse:
    """What was issued with this code, and whether a file that is chosen is identical to it."""
    read = read_code(code)
    if read is not None and read != code:
        return HttpResponseRedirect(reverse("reports:verified", args=[read]))
    refuse_guessing(request)
    found = verified(read) if read is not None else None
    if found is None:
        count_guess(request)
        asked = VerifyForm({"code": code[:40]})
        if not asked.errors:
            asked.add_error(
                "code", _("No document with this code was issued here. Compare it with the document.")
            )
        return render(request, "reports/verify.html", {"form": asked}, status=404)
    if too_large(request):
        return _refused_size(request, FileForm(), "reports/verified.html", found)
    form = FileForm(*_sent(request))
    if request.method == "POST" and form.is_valid():
        return _answer(request, found, FileForm(), sha256_of(form.cleaned_data["file"]))
    return _answer(request, found, form)


def sha256_of(file: "UploadedFile[bytes]") -> str:
    """The hash of a file, read in pieces; nothing of it is kept."""
    found = hashlib.sha256()
    for piece in file.chunks():
        found.update(piece)
    return found.hexdigest()


def too_large(request: HttpRequest) -> bool:
    """Whether a form carries more than any document that is issued; said by its sender, before it is read."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_DOCUMENT + ENVELOPE


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    """What a form has brought, even if that is nothing; None twice while it is only shown."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _answer(
    request: HttpRequest, found: Verified, form: FileForm, sha256: str | None = None, status: int = 200
) -> HttpResponse:
    identical = found.format_of(sha256) if sha256 else None
    return render(
        request,
        "reports/verified.html",
        {
            "found": found,
            "form": form,
            "hashes": [
                (FORMAT_NAMES[format], known, format == identical) for format, known in found.hashes.items()
            ],
            "sha256": sha256,
            "identical": FORMAT_NAMES[identical] if identical else "",
        },
        status=REFUSED if form.errors else status,
    )


def _refused_size(
    request: HttpRequest, form: VerifyForm | FileForm, template: str, found: Verified | None = None
) -> HttpResponse:
    context = {"form": form, "largest": LARGEST_DOCUMENT, "found": found}
    return render(request, template, context, status=413)
