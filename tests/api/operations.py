"""By which operation a program does what each page shows and does; or why there is none."""

MINE = "one's own sign-in: people change it in person, and a token never can"
FRAME = "of the frame of pages: a program says with each request in what language and for whom it asks"
IN_PERSON = "gives somebody else a way to sign in: people do that in person"
MACHINE = "for monitors, and no page"
LEADS_ON = "leads on to another page"

OPERATIONS: dict[str, tuple[str, ...] | str] = {
    "": LEADS_ON,
    "health": MACHINE,
    "metrics": MACHINE,
    "language/": FRAME,
    "acting-for/": FRAME,
    # access
    "sign-in/": MINE,
    "sign-in/own-password/": MINE,
    "sign-in/second-step/": MINE,
    "sign-out/": MINE,
    "account/": ("read_account",),
    "account/confirm/": MINE,
    "account/second-factor/": MINE,
    "account/second-factor/app/": MINE,
    "account/second-factor/key/": MINE,
    "account/second-factor/codes/": MINE,
    "account/second-factor/<int:pk>/remove/": MINE,
    "account/sessions/": MINE,
    "account/tokens/": ("list_tokens", "issue_token"),
    "account/tokens/<int:pk>/end/": ("end_token",),
    "invitations/": MINE,
    "units/<slug:code>/grants/": ("list_grants", "list_invitations", "grant_powers"),
    "units/<slug:code>/grants/<int:pk>/end/": ("end_grant",),
    "units/<slug:code>/grants/<int:pk>/lost-access/": IN_PERSON,
    "units/<slug:code>/grants/new-account/": ("create_account",),
    "units/<slug:code>/grants/invite/": ("invite_person",),
    "units/<slug:code>/grants/invitations/<int:pk>/": ("withdraw_invitation",),
    # jobs
    "jobs/": ("list_jobs",),
    "jobs/<int:pk>/": ("read_job",),
    "jobs/<int:pk>/cancel/": ("cancel_job",),
    "jobs/<int:pk>/result/": ("download_result",),
    "jobs/<int:pk>/start-again/": ("start_job_again",),
    # organisation
    "units/": ("list_units", "read_tree"),
    "units/<slug:code>/": ("read_unit", "list_children"),
    "units/<slug:code>/branch/": ("list_children",),
    "units/<slug:code>/journal/": ("read_journal",),
    "units/<slug:code>/found/": ("found_unit",),
    "units/<slug:code>/rename/": ("rename_unit",),
    "units/<slug:code>/correct-name/": ("correct_name",),
    "units/<slug:code>/change-kind/": ("change_kind",),
    "units/<slug:code>/move/": ("move_unit",),
    "units/<slug:code>/dissolve/": ("dissolve_unit",),
    "units/<slug:code>/take-back/": ("take_back_change",),
    # directives
    "units/<slug:code>/documents/": ("list_documents",),
    "units/<slug:code>/documents/register/": ("register_document",),
    "documents/<int:pk>/": ("read_document",),
    "documents/<int:pk>/correct/": ("correct_document",),
    # figures
    "units/<slug:code>/returns/": ("list_dues", "list_returns"),
    "units/<slug:code>/returns/<slug:form>/<str:period>/": (
        "read_entry_sheet",
        "save_draft",
        "submit_return",
    ),
    "returns/<int:pk>/": (
        "read_return",
        "withdraw_return",
        "accept_return",
        "send_back_return",
        "correct_return",
        "discard_draft",
    ),
    "units/<slug:code>/workbook/<str:period>.xlsx": ("download_workbook",),
    "units/<slug:code>/workbook/<str:period>/": ("download_workbook", "fill_workbook", "mark_workbook"),
    "units/<slug:code>/workbooks/": ("list_collections",),
    "units/<slug:code>/workbooks/<slug:form>/<str:period>.xlsx": ("download_collection",),
    "units/<slug:code>/workbooks/<slug:form>/<str:period>/": (
        "download_collection",
        "make_collection",
        "fill_collection",
        "mark_collection",
    ),
    "units/<slug:code>/acceptance/": ("list_submissions", "accept_return"),
    "units/<slug:code>/obligations/": ("list_obligations", "oblige_unit", "end_obligation"),
    "units/<slug:code>/indicators/<str:indicator>/": (
        "read_indicator",
        "read_league",
        "list_returns_behind",
    ),
    # targets
    "units/<slug:code>/targets/": ("read_standing", "list_targets", "list_statements"),
    "units/<slug:code>/targets/set/": ("set_target",),
    "units/<slug:code>/targets/below/<str:indicator>/": ("list_targets_below",),
    "units/<slug:code>/statements/record/": ("record_statement",),
    "statements/<int:pk>/withdraw/": ("withdraw_statement",),
    "targets/<int:pk>/": ("read_target",),
    "targets/<int:pk>/amend/": ("amend_target",),
    "targets/<int:pk>/withdraw/": ("withdraw_target",),
    "documents/<int:pk>/targets/": ("list_targets_on_document",),
    # reports
    "units/<slug:code>/board/": ("read_board",),
    "units/<slug:code>/review/": LEADS_ON,
    "units/<slug:code>/review/<str:period>/": (
        "read_review",
        "read_review_texts",
        "save_review",
        "list_issues",
    ),
    "units/<slug:code>/review/<str:period>.<slug:format>": ("download_review",),
    "units/<slug:code>/review/<str:period>/issue/": ("issue_review",),
    "issued/<int:pk>/": ("read_issue", "compare_issue"),
    "issued/<int:pk>.<slug:format>": ("download_issue",),
    "verify/": ("verify_document",),
    "verify/<str:code>/": ("verify_document",),
}
"""By the route of the page: its operations, by their ids; or why programs have none."""
