"""The entry for a WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plenum.site.settings")

application = get_wsgi_application()

gc.freeze()
"""What is loaded stays: to look through all of it for garbage would cost each large table a tenth of a second."""
