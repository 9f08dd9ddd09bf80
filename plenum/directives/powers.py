"""What may be done with documents, with what reach, and the acts the journal names."""

from django.utils.translation import gettext_lazy as _

from plenum.access.powers import Power, Reach
from plenum.journal.acts import Act

READ = Power("directives.read", reach=Reach.LINE, label=_("Read documents"))
REGISTER = Power("directives.register", reach=Reach.UNIT, label=_("Register documents"))

REGISTER_DOCUMENT = Act("directives.register_document", _("Document registered"))
CORRECT_DOCUMENT = Act("directives.correct_document", _("Document corrected"))
