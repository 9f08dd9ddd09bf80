"""The web role in the real database: it owns nothing."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_pages_run_as_the_web_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("plenum_web", False, False, False, False)
