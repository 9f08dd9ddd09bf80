"""The installation as Django starts it: what every room declares is there before anything is asked for."""

from django.apps import AppConfig

from plenum.site.rooms import declare_causes, declare_dispositions


class SiteConfig(AppConfig):
    """The site, above all rooms."""

    name = "plenum.site"

    def ready(self) -> None:
        """A reform that was rehearsed without one of the rooms would leave its rows without an owner."""
        declare_dispositions()
        declare_causes()
