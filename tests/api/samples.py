"""One request for every operation of the API, about the insider's unit, and what the cast is answered."""

from dataclasses import dataclass
from typing import Any

from plenum.reports.models import IssuedReport
from tests.test_cast_pages import FORM, UNIT, Samples

FIELDS = {
    "kind": "decision",
    "title": "About plans",
    "date": "2024-02-01",
    "number": "77",
    "issuing_body": "X",
}
AMOUNT = {"comparison": "at_least", "amount": 7}


@dataclass(frozen=True)
class Sample:
    """What is sent, and the status that the superior and the insider get.

    ``number``: the sample whose number stands in the address. ``everybody``: the answer is about whoever asks, so
    outsiders get 200 as well, and read nothing of the unit. ``own``: it is about whoever asks, and takes more than a
    token.
    """

    superior: int
    insider: int
    body: Any = None
    number: str = ""
    query: str = ""
    period: str = "2024-08"
    code: str = UNIT
    everybody: bool = False
    kind: str = ""
    public: bool = False
    """Whether it tells everybody with an account what a public page tells to anybody."""
    own: bool = False

    def address(self, template: str, samples: Samples, *, wrong: bool = False) -> str:
        """The address under which this is asked; ``wrong``: of something that is not there."""
        values = {
            "code": "no-such-unit" if wrong else self.code,
            "number": "987654321" if wrong else str(samples.numbers.get(self.number, 0)),
            "form": FORM,
            "period": self.period,
            "indicator": "members.admitted",
            "kind": self.kind,
            "document": "none" if wrong else IssuedReport.objects.get(pk=samples.numbers["issue"]).code,
        }
        return template.format(**values) + (f"?{self.query}" if self.query else "")


def reads(**more: Any) -> Sample:
    """A read that both may do."""
    return Sample(200, 200, **more)


PERSON = {
    "login": "new-one",
    "name": "Người Mới",
    "language": "vi",
    "role": "secretary",
    "start": "2024-10-08",
}
WHY = {"reason": "A mistake"}
REFORM = {
    "code": "new-reform",
    "title": "A reform",
    "on": "2025-01-01",
    "steps": [{"do": "dissolve", "unit": "hill-school"}],
}
SAMPLES: dict[str, Sample] = {
    # access
    "read_account": reads(everybody=True),
    "list_grants": Sample(200, 404),
    "grant_powers": Sample(
        201, 404, {"login": "sibling", "role": "secretary", "start": "2024-10-08", "last_day": "2024-12-31"}
    ),
    "end_grant": Sample(200, 404, {"last_day": "2024-10-31"}, number="grant"),
    # jobs
    "list_jobs": reads(everybody=True),
    "read_job": reads(number="job"),
    "cancel_job": Sample(422, 422, {}, number="job"),
    "start_job_again": Sample(403, 422, {}, number="job"),
    "download_result": Sample(404, 200, number="job"),
    "list_invitations": Sample(200, 404),
    "invite_person": Sample(201, 404, PERSON),
    "withdraw_invitation": Sample(204, 404, {}, number="invitation"),
    "create_account": Sample(201, 404, PERSON),
    "list_tokens": reads(everybody=True),
    "issue_token": Sample(
        403, 403, {"name": "program", "powers": ["figures.read"], "last_day": "2024-12-31"}, own=True
    ),
    "end_token": Sample(404, 403, {}, number="token"),
    # organisation
    "list_units": reads(everybody=True, query="q=th%C3%B4ng"),
    "read_tree": reads(everybody=True),
    "read_unit": reads(),
    "read_lineage": reads(),
    "list_children": reads(),
    "read_journal": reads(query="below=true"),
    "found_unit": Sample(422, 403, {"name": "Chi bộ Mới", "kind": "cell"}),
    "rename_unit": Sample(200, 403, {"name": "Chi bộ Trường Rừng Xanh"}),
    "correct_name": Sample(200, 403, {"name": "Chi bộ Trường Thông", **WHY}),
    "change_kind": Sample(200, 403, {"kind": "agency_committee"}),
    "move_unit": Sample(422, 403, {"parent": "hill-river"}),
    "dissolve_unit": Sample(200, 403, {"since": "2025-01-01"}),
    "take_back_change": Sample(422, 403, {"what": "dissolution", **WHY}),
    # directives
    "list_documents": reads(),
    "read_document": reads(number="document"),
    "register_document": Sample(403, 403, FIELDS),
    "correct_document": Sample(403, 403, {**FIELDS, **WHY, "edition": 1}, number="document"),
    # figures
    "list_obligations": reads(),
    "list_dues": reads(query="own=true"),
    "list_returns": reads(),
    "list_submissions": reads(),
    "read_return": reads(number="return"),
    "read_entry_sheet": reads(),
    "read_indicator": reads(),
    "read_league": reads(),
    "list_returns_behind": reads(),
    "download_workbook": Sample(403, 200),
    "fill_workbook": Sample(403, 422, {"file": "UEs="}),
    "mark_workbook": Sample(403, 422, {"file": "UEs="}),
    "list_collections": Sample(200, 403),
    "download_collection": Sample(404, 403),
    "make_collection": Sample(404, 403, {}),
    "fill_collection": Sample(422, 403, "UEs="),
    "mark_collection": Sample(422, 403, "UEs="),
    "save_draft": Sample(403, 200, {"figures": {"members_admitted": 1}, "edition": 0}, period="2024-09"),
    "submit_return": Sample(403, 422, {}, number="return"),
    "withdraw_return": Sample(403, 200, {}, number="return"),
    "accept_return": Sample(200, 403, {}, number="return"),
    "send_back_return": Sample(200, 403, WHY, number="return"),
    "correct_return": Sample(403, 422, WHY, number="return"),
    "discard_draft": Sample(403, 422, {}, number="return"),
    "oblige_unit": Sample(
        422, 403, {"form": FORM, "schedule": "month", "start": "2024-01-01", "last_day": "2024-12-31"}
    ),
    "end_obligation": Sample(200, 403, {"last_day": "2025-01-31"}, number="obligation"),
    # targets
    "read_standing": reads(),
    "list_targets": reads(),
    "list_statements": reads(query="period=2024-9M"),
    "list_targets_below": reads(),
    "read_target": reads(number="target"),
    "list_targets_on_document": reads(number="document"),
    "set_target": Sample(201, 403, {**AMOUNT, "indicator": "members.admitted", "period": "2024-H1"}),
    "amend_target": Sample(200, 403, {**AMOUNT, **WHY}, number="target"),
    "withdraw_target": Sample(200, 403, WHY, number="target"),
    "record_statement": Sample(
        201,
        403,
        {
            "indicator": "members.admitted",
            "period": "2024",
            "what": "value",
            "stated": "12.50",
            "said_unit": "count",
            "source": "A report",
        },
    ),
    "withdraw_statement": Sample(200, 403, WHY, number="statement"),
    # reorganisations
    "list_reforms": reads(everybody=True),
    "read_reform": reads(number="reform"),
    "read_rehearsal": reads(number="reform"),
    "read_difference": reads(number="reform"),
    "download_difference": reads(number="reform", query="format=md"),
    "draft_reform": Sample(201, 403, REFORM),
    "change_reform": Sample(
        200, 403, {**REFORM, "code": "school-2025", "title": "Other", "edition": 1}, number="reform"
    ),
    "take_back_reform_change": Sample(422, 403, {}, number="reform"),
    "rehearse_reform": Sample(200, 403, {}, number="reform"),
    "submit_reform": Sample(422, 403, {}, number="reform"),
    "approve_reform": Sample(403, 200, {"unit": UNIT}, number="reform"),
    "withdraw_approval": Sample(403, 422, {"unit": UNIT, **WHY}, number="reform"),
    "decide_in_reform": Sample(422, 403, {"decisions": {"access.Grant:987654321": "leave"}}, number="reform"),
    "accept_proposals": Sample(200, 403, {}, number="reform"),
    "execute_reform": Sample(422, 403, {}, number="reform"),
    "undo_reform": Sample(422, 403, WHY, number="reform"),
    "list_work": reads(everybody=True),
    "list_work_progress": reads(everybody=True),
    "finish_work": Sample(403, 200, {}, number="work"),
    # everything at once
    "export_figures": reads(everybody=True, kind="csv"),
    "export_returns": reads(everybody=True, kind="parquet"),
    "export_units": reads(everybody=True, kind="csv"),
    "export_targets": reads(everybody=True, kind="csv"),
    "export_journal": reads(everybody=True, kind="csv"),
    # reports
    "read_board": reads(),
    "read_review": reads(period="2024-9M"),
    "download_review": reads(period="2024-9M", query="format=md&lang=vi"),
    "read_review_texts": reads(period="2024-9M"),
    "list_issues": reads(period="2024-9M"),
    "issue_review": Sample(
        403, 201, {"language": "cs", "formats": ["md", "json"], "after": 0}, period="2024-9M"
    ),
    "read_issue": reads(number="issue"),
    "download_issue": reads(number="issue", query="format=md"),
    "compare_issue": reads(number="issue"),
    "verify_document": reads(public=True),
    "save_review": Sample(
        403, 200, {"language": "en", "texts": {"causes": "Rain."}, "edition": 0}, period="2024-9M"
    ),
}
"""By operation id."""
