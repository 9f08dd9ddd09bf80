"""What the installation itself does and the journal tells."""

from django.utils.translation import gettext_lazy as _

from plenum.journal.acts import Act
from plenum.journal.words import Field

LOAD_SAMPLE = Act("site.load_sample", _("Sample loaded"))

Field("site.units", _("Units"))
Field("site.returns", _("Returns"))
Field("site.scale", _("Scale"))
Field("site.seed", _("Seed"))
Field("site.year", _("Year"))
