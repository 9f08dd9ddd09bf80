"""What may be done with reports, with what reach, and the acts the journal names."""

from django.utils.translation import gettext_lazy as _

from plenum.access.powers import Power, Reach, language_name
from plenum.journal.acts import Act
from plenum.journal.words import Field, Subject
from plenum.packs import naming

READ = Power("reports.read", reach=Reach.UNIT_AND_BELOW, label=_("Read boards and review reports"))
WRITE = Power("reports.write", reach=Reach.UNIT, label=_("Write the review report"))
ISSUE = Power("reports.issue", reach=Reach.UNIT, label=_("Issue the review report"))

FORMAT_NAMES = {"pdf": "PDF", "docx": "Word (DOCX)", "md": "Markdown", "json": "JSON"}

SAVE_REVIEW = Act("reports.save_review", _("Review report written"))
ISSUE_REVIEW = Act("reports.issue_review", _("Review report issued"))

Subject("reports.Review", reads=naming.period)
Subject("reports.IssuedReport", reads=naming.period)

Field("reports.language", _("Language"), reads=language_name)
Field("reports.achievements", _("Achievements"))
Field("reports.shortcomings", _("Shortcomings"))
Field("reports.causes", _("Causes"))
Field("reports.tasks", _("Tasks of the next period"))
Field("reports.number", _("Number"))
Field("reports.place", _("Place"))
Field("reports.dated", _("Date"), reads=naming.day)
Field("reports.signer_post", _("Post of the person who signs"))
Field("reports.signer_name", _("Name of the person who signs"))
Field("reports.recipients", _("Recipients"))
Field("reports.edition", hidden=True)
Field("reports.issue", _("Edition"))
Field("reports.code", _("Verification code"))
Field("reports.reason", _("Reason for a new edition"))
Field(
    "reports.sha256",
    _("SHA-256"),
    parts=lambda _language: {code: f"SHA-256 ({name})" for code, name in FORMAT_NAMES.items()},
)
