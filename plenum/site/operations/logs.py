"""How lines of the log are written: for people or, one JSON object a line, for machines; never with personal data.

Messages of exceptions can quote what somebody typed, and a database names the row it refused. So an error is written as
its kind and the lines of code it came through; of the database also the code, the table and the constraint.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from plenum.site.home import setting

FIELDS = (
    "request_id",
    "method",
    "route",
    "status",
    "ms",
    "account",
    "factor",
    "reason",
    "statement",
    "job",
    "kind",
    "fault",
)
OUR_OWN = ("plenum",)


def settings() -> dict[str, Any]:
    """Return Django's `LOGGING`: `PLENUM_LOG` is `json`, `plain`, or nothing for faults only."""
    wanted = setting("LOG")
    formatter = "json" if wanted == "json" else "plain"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "plenum.site.operations.logs.JsonLines"},
            "plain": {"()": "plenum.site.operations.logs.PlainLines"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": formatter}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "plenum": {"level": "INFO" if wanted in ("json", "plain") else "WARNING"},
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "django.request": {"level": "ERROR"},
        },
    }


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(described(record), ensure_ascii=False)


class PlainLines(logging.Formatter):
    """The same for people: time, level, message, then what is known as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        found = described(record)
        head = " ".join(str(found.pop(name)) for name in ("time", "level", "logger", "message"))
        trace = "".join(f"\n  {line}" for line in found.pop("trace", ()))
        rest = " ".join(f"{name}={value}" for name, value in found.items())
        return f"{head} {rest}".rstrip() + trace


def described(record: logging.LogRecord) -> dict[str, Any]:
    """Return what is written of a record."""
    found: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": message_of(record),
    }
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        from plenum.site.operations.recording import seen

        found |= seen(request)
        found["status"] = getattr(record, "status_code", None)
    found |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
    if record.exc_info and record.exc_info[1]:
        found |= {"error": kind(record.exc_info[1]), "trace": traced(record.exc_info[1])}
    return {name: value for name, value in found.items() if value is not None}


def message_of(record: logging.LogRecord) -> str:
    """Return the message; what other programs put into theirs is left out, for it may be anything."""
    if record.name.split(".")[0] in OUR_OWN:
        return record.getMessage()
    if hasattr(record, "request"):
        return "could not answer" if record.levelno >= logging.ERROR else "refused"
    return str(record.msg) if record.args else f"{record.levelname.lower()} in {record.module}"


def kind(error: BaseException) -> str:
    """Return the kind of an error; of a database also what it says of itself without quoting anybody."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    diagnosis = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    if diagnosis is None:
        return name
    known = (diagnosis.sqlstate, diagnosis.table_name, diagnosis.constraint_name)
    return " ".join(filter(None, (name, *known)))


def traced(error: BaseException) -> list[str]:
    """Return the lines of code that an error came through, causes first, without any value."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = traced(before) if before is not None else []
    frames = traceback.extract_tb(error.__traceback__)
    lines += [f"{frame.filename}:{frame.lineno} {frame.name}: {frame.line}" for frame in frames]
    return [*lines, kind(error)]
