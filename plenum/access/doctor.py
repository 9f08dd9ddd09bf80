"""Whether the database guards what it is trusted to guard: row-level security on, the web role without might."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from plenum.access import second_factor
from plenum.access.guard import GUARDED_ROOMS
from plenum.periods.findings import Check, Finding


def rows_guarded() -> Iterator[Finding]:
    """Every table of the guarded rooms shows only rows that are reached."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT relname FROM pg_class
               WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relrowsecurity
                 AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polcmd IN ('r', '*'))"""
        )
        guarded = {table for (table,) in cursor.fetchall()}
    for table in guarded_tables():
        if table not in guarded:
            yield Finding(
                _("The table %(table)s shows its rows to everybody: row-level security is off.")
                % {"table": table},
                _("Have the owner of the database run: %(sql)s")
                % {"sql": f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"},
            )


def sees_everything() -> Iterator[Finding]:
    """Whoever examines is shown every row; otherwise what is hidden would pass for sound."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_everything()")
        (everything,) = cursor.fetchone()
    if not everything:
        yield Finding(
            _("The examination was not shown every row, so it may have missed something."),
            _("Run it on the command line: plenum doctor"),
        )


def web_role_plain() -> Iterator[Finding]:
    """The role that pages use passes no rule: it is no superuser, owns nothing and is nobody else."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT current_user, rolsuper OR rolbypassrls OR rolcreaterole
                   OR EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)
                   OR EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace
                              AND pg_has_role(current_user, relowner, 'MEMBER'))
               FROM pg_roles WHERE rolname = current_user"""
        )
        role, mighty = cursor.fetchone()
    if mighty:
        yield Finding(
            _("The role %(role)s that the pages use may pass the rules of the database.") % {"role": role},
            _("Give the pages a role that owns nothing, or unset DATABASE_WEB_URL, and run: plenum migrate"),
        )


def factors_sealed() -> Iterator[Finding]:
    """Every second factor is sealed, with a key that this installation has."""
    if closed := second_factor.cannot_be_opened():
        yield Finding(
            ngettext(
                "%(count)s second factor was sealed with a key that is not here: its codes are refused.",
                "%(count)s second factors were sealed with a key that is not here: their codes are refused.",
                closed,
            )
            % {"count": closed},
            _(
                "Add the secret_key of that installation as a further line of the file secret_key, or reset the "
                "second factors: plenum account reset-second-factor LOGIN"
            ),
        )
    if lying := second_factor.lie_open():
        yield Finding(
            ngettext(
                "%(count)s second factor lies in the database unsealed.",
                "%(count)s second factors lie in the database unsealed.",
                lying,
            )
            % {"count": lying},
            _("Seal them: plenum key finish"),
        )


def guarded_tables() -> list[str]:
    """The tables of the rooms whose rows are guarded."""
    return sorted(
        model._meta.db_table
        for room in GUARDED_ROOMS
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
    )


checks = [
    Check("access.everything", gettext_noop("Whoever examines sees everything"), sees_everything),
    Check("access.rows_guarded", gettext_noop("Rows are shown only to those who reach them"), rows_guarded),
    Check("access.factors_sealed", gettext_noop("Second factors are sealed"), factors_sealed),
    Check("access.web_role", gettext_noop("The role of the pages is plain"), web_role_plain),
]
