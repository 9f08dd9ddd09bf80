"""What may be done with documents, with what reach, and the acts the journal names."""

from django.utils.translation import gettext_lazy as _

from plenum.access.powers import Power, Reach
from plenum.journal.acts import Act
from plenum.journal.words import Field
from plenum.packs import naming

READ = Power("directives.read", reach=Reach.LINE, label=_("Read documents"))
REGISTER = Power("directives.register", reach=Reach.UNIT, label=_("Register documents"))

REGISTER_DOCUMENT = Act("directives.register_document", _("Document registered"))
CORRECT_DOCUMENT = Act("directives.correct_document", _("Document corrected"))

Field("directives.kind", _("Kind"), reads=naming.document_kind)
Field("directives.number", _("Number"))
Field("directives.symbol", _("Symbol"))
Field("directives.date", _("Date"), reads=naming.day)
Field("directives.issuer", _("Issued by the unit"))
Field("directives.issuer_id", hidden=True)
Field("directives.issuing_body", _("Issued by the body"))
Field("directives.title", _("Title"))
Field("directives.illustrative", _("Illustrative"))
Field("directives.reason", _("Reason"))
