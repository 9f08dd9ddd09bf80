"""The entry for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from plenum.site.garbage import keep_what_is_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plenum.site.settings")

application = get_wsgi_application()

keep_what_is_loaded()
