"""The rows of every guarded table that an identity may see and write, counted by hand."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tests.faults.reach_oracle import Identity, Oracle
from tests.faults.small_country import rows

RETURNS = {
    "figures.read",
    "reports.read",
    "figures.enter",
    "figures.submit",
    "figures.accept",
    "figures.oblige",
    "figures.collect",
}
SUMS = RETURNS - {"figures.collect"} | {"targets.read"}
TARGETS = {"targets.read", "targets.set", "targets.state", "reports.read"}
REVIEWS = {"reports.read", "reports.write"}
ISSUED = REVIEWS | {"reports.issue"}
PLANS = {"reorganisations.plan", "reorganisations.execute"}
REFORMS = PLANS | {"reorganisations.read"}
CONCERNED = REFORMS | {"reorganisations.answer"}
NOBODY = {"nobody"}
"""Where a rule lets nobody remove a row, although the table as such may be written."""

Keys = frozenset[int]


@dataclass(frozen=True)
class Table:
    """A guarded table: its key, what it belongs to, and with which powers it is read and written."""

    name: str
    key: str = "id"
    parent: str = "unit_id"
    read: Collection[str] = ()
    insert: Collection[str] = ()
    update: Collection[str] = ()
    delete: Collection[str] = ()
    column: str = ""
    """One that an update may write, if any may."""


TABLES = {
    table.name: table
    for table in (
        Table(
            "figures_return",
            read=RETURNS,
            insert={"figures.enter", "figures.collect"},
            update={"figures.enter", "figures.submit", "figures.collect", "figures.accept"},
            delete={"figures.enter"},
            column="remark",
        ),
        Table("figures_version", parent="return_id", insert={"figures.submit", "figures.collect"}),
        Table("figures_step", parent="return_id", insert={"figures.submit", "figures.collect"}),
        Table("figures_entry", parent="return_id", insert={"figures.accept"}),
        Table("figures_standing", key="return_id"),
        Table("figures_rollup"),
        Table("figures_pastrollup"),
        Table("figures_handed", read=RETURNS),
        Table("figures_yearline"),
        Table("figures_mixedyear"),
        Table(
            "figures_obligation",
            insert={"figures.oblige"},
            update={"figures.oblige"},
            delete={"figures.oblige"},
            column="schedule",
        ),
        Table("targets_target", read=TARGETS, insert={"targets.set"}),
        Table(
            "targets_statement",
            read=TARGETS,
            insert={"targets.state"},
            update={"targets.state"},
            delete={"targets.state"},
            column="source",
        ),
        Table(
            "reports_review",
            read=REVIEWS,
            insert={"reports.write"},
            update={"reports.write"},
            delete={"reports.write"},
            column="place",
        ),
        Table(
            "reports_reviewtext",
            parent="review_id",
            insert={"reports.write"},
            update={"reports.write"},
            delete={"reports.write"},
            column="text",
        ),
        Table("reports_issuedreport", read=ISSUED, insert={"reports.issue"}),
        Table("reports_issuedfile", parent="issue_id", insert={"reports.issue"}),
        Table(
            "reorganisations_reform",
            read=REFORMS,
            insert={"reorganisations.plan"},
            update=PLANS,
            delete=NOBODY,
            column="basis",
        ),
        Table(
            "reorganisations_approval",
            read=CONCERNED,
            insert={"reorganisations.plan"},
            update={"reorganisations.answer"},
            delete={"reorganisations.plan"},
            column="approved_by",
        ),
        Table(
            "reorganisations_work",
            read=CONCERNED,
            insert={"reorganisations.execute"},
            update={"reorganisations.answer"},
            delete={"reorganisations.execute"},
            column="note",
        ),
        *(
            Table(name, parent="reform_id", insert=PLANS, update=PLANS, delete=PLANS, column=column)
            for name, column in (
                ("reorganisations_decision", "choice"),
                ("reorganisations_rehearsal", "made_by"),
            )
        ),
        Table("jobs_job"),
        Table("jobs_jobfile", parent="job_id"),
        Table("jobs_jobpiece", parent="file_id"),
    )
}
JOBS_SEEN, JOBS_CHANGED = {"jobs.read", "jobs.cancel"}, {"jobs.cancel"}


class Truth:
    """All rows, read as the system, and which of them an identity may see and write, counted by hand."""

    def __init__(self) -> None:
        self.oracle = Oracle()
        self.unit = {
            name: dict(rows(f"SELECT {table.key}, {table.parent} FROM {name}"))
            for name, table in TABLES.items()
        }
        self.reform_of = {
            name: dict(rows(f"SELECT id, reform_id FROM {name}"))
            for name in TABLES
            if name.startswith("reorganisations_") and name != "reorganisations_reform"
        }
        for name, parent in (
            ("figures_version", "figures_return"),
            ("figures_step", "figures_return"),
            ("figures_entry", "figures_return"),
            ("reports_reviewtext", "reports_review"),
            ("reports_issuedfile", "reports_issuedreport"),
            ("reorganisations_decision", "reorganisations_reform"),
            ("reorganisations_rehearsal", "reorganisations_reform"),
            ("jobs_jobfile", "jobs_job"),
            ("jobs_jobpiece", "jobs_jobfile"),
        ):
            self.unit[name] = {key: self.unit[parent][above] for key, above in self.unit[name].items()}
        self.starter = {
            "jobs_job": dict(rows("SELECT id, account_id FROM jobs_job")),
            "jobs_jobfile": dict(rows("SELECT id, job_id FROM jobs_jobfile")),
            "jobs_jobpiece": dict(rows("SELECT id, file_id FROM jobs_jobpiece")),
        }
        for name, whole in (("jobs_jobfile", "jobs_job"), ("jobs_jobpiece", "jobs_jobfile")):
            self.starter[name] = {key: self.starter[whole][of] for key, of in self.starter[name].items()}
        self.return_of = {
            name: dict(rows(f"SELECT {TABLES[name].key}, return_id FROM {name}"))
            for name in ("figures_version", "figures_step", "figures_entry")
        }
        self.what = dict(rows("SELECT id, what FROM figures_step"))
        self.version_of = dict(rows("SELECT id, version_id FROM figures_entry"))
        self.since: dict[str, dict[int, date]] = {
            name: dict(rows(f"SELECT {TABLES[name].key}, first_month FROM {name}"))
            for name in ("figures_standing", "figures_rollup", "figures_pastrollup")
        }
        self.held: dict[tuple[int, date], set[int]] = {
            (self.unit[name][key], since): self.oracle.held_since(self.unit[name][key], since)
            for name, of_table in self.since.items()
            for key, since in of_table.items()
        }
        self.rows = {
            name: {
                json.loads(text)[table.key]: text
                for (text,) in rows(f"SELECT to_jsonb(t)::text FROM {name} t")
            }
            for name, table in TABLES.items()
        }

    def seen_by(self, identity: Identity) -> dict[str, Keys]:
        """By table: the keys of the rows that the identity may read."""
        reached = self.oracle.reached
        seen: dict[str, set[int]] = {
            name: {key for key, unit in self.unit[name].items() if unit in within}
            for name, within in (
                (name, reached(identity, table.read)) for name, table in TABLES.items() if table.read
            )
        }
        sums = reached(identity, SUMS)
        for name, since in self.since.items():
            seen[name] = {
                key
                for key, unit in self.unit[name].items()
                if unit in sums or not sums.isdisjoint(self.held[unit, since[key]])
            }
        returns, standing = seen["figures_return"], seen["figures_standing"]
        seen["figures_entry"] = {
            key for key, of in self.return_of["figures_entry"].items() if of in returns or of in standing
        }
        accepted = {self.version_of[key] for key in seen["figures_entry"]}
        seen["figures_version"] = {
            key for key, of in self.return_of["figures_version"].items() if of in returns or key in accepted
        }
        seen["figures_step"] = {
            key
            for key, of in self.return_of["figures_step"].items()
            if of in returns or (self.what[key] == "accept" and of in standing)
        }
        for name in ("figures_obligation", "figures_yearline", "figures_mixedyear"):
            seen[name] = set(self.unit[name])
        for part, whole in (
            ("reports_reviewtext", "reports_review"),
            ("reports_issuedfile", "reports_issuedreport"),
        ):
            units = {self.unit[whole][key] for key in seen[whole]}
            seen[part] = {key for key, unit in self.unit[part].items() if unit in units}
        for name in ("reorganisations_approval", "reorganisations_work"):
            seen["reorganisations_reform"] |= {self.reform_of[name][key] for key in seen[name]}
        for name in ("reorganisations_decision", "reorganisations_rehearsal"):
            of = self.reform_of[name]
            seen[name] = {key for key in of if of[key] in seen["reorganisations_reform"]}
        for name in self.starter:
            seen[name] = set(self.started(identity, name))
        seen["jobs_job"] |= self.may(identity, "jobs_job", JOBS_SEEN)
        return {name: frozenset(keys) for name, keys in seen.items()}

    def started(self, identity: Identity, name: str) -> Keys:
        """The keys of the rows that belong to jobs which the identity has started."""
        return frozenset(key for key, account in self.starter[name].items() if account == identity.account)

    def may(self, identity: Identity, name: str, powers: Collection[str]) -> Keys:
        """The keys of the rows whose unit is reached with one of the powers."""
        within = self.oracle.reached(identity, powers)
        return frozenset(key for key, unit in self.unit[name].items() if unit in within)
