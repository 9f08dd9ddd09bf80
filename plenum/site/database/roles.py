"""The web role: it owns nothing and may do to each table only what the table's model allows."""

from typing import Any

import psycopg
from django.apps import apps
from psycopg import sql

from plenum.site.database.trouble import DatabaseTrouble

EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
APPEND_ONLY = ("SELECT", "INSERT")
READ_ONLY = ("SELECT",)


def make_web_role(connection: psycopg.Connection[Any], role: str, password: str) -> None:
    """Make `role` if it is missing, and give it `password`. Raises DatabaseTrouble if the owner may not."""
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER") if exists else sql.SQL("CREATE")
    try:
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(role), sql.Literal(password))
        )
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseTrouble(
            f"The owner {connection.info.user} may not make the role {role} that the pages use. "
            f"Allow it (ALTER ROLE {connection.info.user} CREATEROLE), "
            "or make a role yourself and name it in DATABASE_WEB_URL."
        ) from error


def refuse_mighty_role(connection: psycopg.Connection[Any], role: str) -> None:
    """Raise DatabaseTrouble if `role` could do more than it is granted: then the database would guard nothing."""
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole, pg_has_role(%s, current_user, 'MEMBER')"
        " FROM pg_roles WHERE rolname = %s",
        [role, role],
    ).fetchone()
    if row is None:
        raise DatabaseTrouble(f"There is no role {role} for the pages. Make it, or unset DATABASE_WEB_URL.")
    if row[0] or row[1]:
        raise DatabaseTrouble(
            f"The role {role} of the pages must own nothing, but it is a superuser, may make roles, "
            "passes row security, or is a member of the owner. Use another role."
        )


def allowed_on_tables() -> dict[str, tuple[str, ...]]:
    """Return, by table, what the web role may do.

    A model with `append_only = True` may be read and added to; one with `kept_by_database = True` (written by triggers
    that run as the owner) may only be read; every other model is read and written.
    """
    allowed: dict[str, tuple[str, ...]] = {"django_migrations": READ_ONLY}
    for model in apps.get_models(include_auto_created=True):
        if getattr(model, "kept_by_database", False):
            allowed[model._meta.db_table] = READ_ONLY
        elif getattr(model, "append_only", False):
            allowed[model._meta.db_table] = APPEND_ONLY
        else:
            allowed[model._meta.db_table] = EVERYTHING
    return allowed


def grant_web_role(connection: psycopg.Connection[Any], role: str) -> None:
    """Grant `role` what the models allow on the tables that exist, and nothing else. Runs as the owner."""
    name = sql.Identifier(role)
    database = sql.Identifier(connection.info.dbname)
    for statement in (
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}, PUBLIC",
        "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}, PUBLIC",
        "REVOKE ALL ON SCHEMA public FROM {role}, PUBLIC",
        "REVOKE ALL ON DATABASE {database} FROM {role}, PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {role}",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ):
        connection.execute(sql.SQL(statement).format(role=name, database=database))
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    allowed = allowed_on_tables()
    for (table,) in rows:
        if table in allowed:
            connection.execute(
                sql.SQL("GRANT {rights} ON {table} TO {role}").format(
                    rights=sql.SQL(", ".join(allowed[table])), table=sql.Identifier(table), role=name
                )
            )
