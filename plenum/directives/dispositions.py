"""What becomes of documents when their unit leaves: they stay in its register, as what it had and issued."""

from django.utils.translation import gettext_lazy as _

from plenum.tree.dispositions import Becomes, Disposition

DISPOSITIONS = (
    Disposition("directives.Document", "unit", Becomes.STAYS, _("Documents in the register")),
    Disposition("directives.Document", "issuer", Becomes.STAYS, _("Documents issued")),
)
