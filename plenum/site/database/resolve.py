"""Which database this installation uses: its own embedded one, or the one that `DATABASE_URL` names."""

import os
import secrets
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from plenum.site.database import embedded
from plenum.site.database.binaries import MAJOR
from plenum.site.database.trouble import DatabaseTrouble
from plenum.site.home import home, make_home, write_secret

GUARDED = "plenum.site.database.guarded"
"""The engine of the web role, which says for whom each statement is done."""

WEB_PASSWORD = "web_password"  # noqa: S105 - the name of a file


def cluster() -> embedded.Cluster:
    """Return the embedded cluster of this installation; it need not have been made."""
    return embedded.Cluster(home() / "postgres")


def is_embedded() -> bool:
    """Return whether this installation uses its own embedded server."""
    return not os.environ.get("DATABASE_URL")


def databases() -> dict[str, dict[str, Any]]:
    """Return Django's settings of the two aliases, as far as they are known without starting anything."""
    if not is_embedded():
        owner = parsed(os.environ["DATABASE_URL"], "DATABASE_URL")
        web = web_parameters(owner)
        return {"default": alias(web, GUARDED), "owner": alias(owner), **replica(web)}
    return embedded_databases(embedded.read_access(cluster().folder), embedded.NAME)


def embedded_databases(access: embedded.Access | None, name: str) -> dict[str, dict[str, Any]]:
    """Return Django's settings of the two aliases for the database `name` of an embedded cluster."""
    place = {"host": "127.0.0.1", "port": str(access["port"]) if access else "1", "dbname": name}
    web = place | {"user": embedded.WEB, "password": access["web_password"] if access else ""}
    owner = place | {"user": embedded.OWNER, "password": access["owner_password"] if access else ""}
    return {"default": alias(web, GUARDED), "owner": alias(owner), **replica(web)}


def replica(web: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the alias of the replica that `DATABASE_REPLICA_URL` names, if any: for the web role, as `web` says."""
    url = os.environ.get("DATABASE_REPLICA_URL")
    if not url:
        return {}
    named = parsed(url, "DATABASE_REPLICA_URL")
    return {"replica": alias({"user": web["user"], "password": web["password"], **named}, GUARDED)}


def alias(parameters: dict[str, Any], engine: str = "django.db.backends.postgresql") -> dict[str, Any]:
    """Return Django's settings for the connection `parameters` of libpq.

    The web role sends values beside its statements, which can be prepared then (`plenum.site.database.guarded`).
    """
    binding = {"server_side_binding": True} if engine == GUARDED else {}
    named = {"host", "port", "dbname", "user", "password"}
    return {
        "ENGINE": engine,
        "HOST": parameters.get("host", ""),
        "PORT": parameters.get("port", ""),
        "NAME": parameters.get("dbname", ""),
        "USER": parameters.get("user", ""),
        "PASSWORD": parameters.get("password", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {key: value for key, value in parameters.items() if key not in named} | binding,
    }


def parsed(url: str, variable: str) -> dict[str, Any]:
    """Return the connection parameters in `url`. Raises DatabaseTrouble naming `variable` if it is none."""
    try:
        parameters: dict[str, Any] = dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError as error:
        raise DatabaseTrouble(f"{variable} is not an address of PostgreSQL: {str(error).strip()}") from error
    if not parameters.get("dbname"):
        raise DatabaseTrouble(f"{variable} names no database: postgresql://owner:password@host:5432/name")
    return parameters


def web_parameters(owner: dict[str, Any]) -> dict[str, Any]:
    """Return the connection parameters of the web role beside those of the owner."""
    named = os.environ.get("DATABASE_WEB_URL")
    if named:
        return parsed(named, "DATABASE_WEB_URL")
    path = home() / WEB_PASSWORD
    password = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    return owner | {"user": f"{owner['dbname']}_web", "password": password}


def make_web_password() -> None:
    """Make the password of the web role on a server of `DATABASE_URL`, unless this installation has one."""
    path: Path = make_home() / WEB_PASSWORD
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(24) + "\n")


def refuse_unfit_server(parameters: dict[str, Any]) -> None:
    """Raise DatabaseTrouble if the server does not answer, is too old, or keeps texts otherwise than in UTF-8."""
    try:
        with psycopg.connect(make_conninfo("", **{"connect_timeout": 10} | parameters)) as connection:
            version = connection.info.server_version
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.OperationalError as error:
        raise DatabaseTrouble(
            f"The server of DATABASE_URL does not let us in: {str(error).strip()}"
        ) from error
    if version < MAJOR * 10000:
        found = f"{version // 10000}.{version % 10000}"
        raise DatabaseTrouble(
            f"The server of DATABASE_URL is PostgreSQL {found}; Plenum needs PostgreSQL {MAJOR} or newer. "
            "Unset DATABASE_URL to use the embedded server, or name a newer one."
        )
    if encoding != "UTF8":
        raise DatabaseTrouble(
            f"The database of DATABASE_URL keeps texts in {encoding}; Plenum needs UTF8. Make it so: "
            f"CREATE DATABASE {parameters['dbname']} ENCODING 'UTF8' LOCALE 'C' "
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST' TEMPLATE template0"
        )
