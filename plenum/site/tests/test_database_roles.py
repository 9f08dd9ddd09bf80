"""The web role in the real database: it owns nothing and may do only what it was granted."""

import psycopg
import pytest
from django.db import DatabaseError, connection

pytestmark = pytest.mark.django_db


def test_pages_run_as_the_web_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("plenum_web", False, False, False, False)


def test_the_web_role_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relowner = current_user::regrole"
            " UNION ALL SELECT proname FROM pg_proc WHERE proowner = current_user::regrole"
            " UNION ALL SELECT datname FROM pg_database WHERE datdba = current_user::regrole"
        )
        assert cursor.fetchall() == []


def test_every_table_of_plenum_can_be_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v')"
            " AND relnamespace = 'public'::regnamespace AND NOT has_table_privilege(oid, 'SELECT')"
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "TRUNCATE django_session",
        "DROP TABLE django_session",
        "ALTER TABLE django_session DISABLE TRIGGER ALL",
        "DELETE FROM django_migrations",
        "SET session_replication_role = replica",
        "SET ROLE plenum_owner",
        "COPY django_session TO PROGRAM 'cat'",
    ],
)
def test_the_web_role_may_not(statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError) as refused:
        cursor.execute(statement)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
