"""What looks like a sentence and is for no catalogue."""

FOLDERS = (
    "platform/fourweek/cli/",  # commands speak English, and what they stand on
    "platform/fourweek/doctor/",
    "platform/fourweek/audit/checking.py",
    "platform/fourweek/migrations/",
    "platform/fourweek/backup/",
    "platform/fourweek/jobs/",
    "platform/fourweek/storage/",
    "platform/fourweek/letters/",
    "platform/fourweek/settings",
    "platform/fourweek/safety.py",
    "platform/fourweek/places.py",
    "platform/fourweek/server.py",
    "platform/fourweek/database.py",
    "platform/fourweek/metrics.py",  # read by machines
    "platform/fourweek/health.py",
    "platform/fourweek/patterns.py",  # examples for people who build pages
    "templates/patterns",
    "templates/ui/icons.html",  # drawings
    "assessments/api/",  # the interface for programs
    "assessments/transcripts/legend.py",  # what documents say
    "assessments/transcripts/record.py",
    "assessments/transcripts/schema1/",
    "assessments/transcripts/table.py",
    "assessments/transcripts/transcript_view.py",
    "assessments/transcripts/view.py",
    "assessments/transcripts/words.py",
    "platform/fourweek/scanning/asking.py",  # kept, for the office
    "assessments/schemas/",
    "assessments/badges/keys/",  # for operators, in commands and logs
    "assessments/seal/keys.py",
    "assessments/seal/service.py",  # said in the PDF
    "assessments/badges/contexts/",
    "assessments/credit/chain.py",  # said by commands
    "assessments/credit/ledger.py",
    "assessments/badges/document.py",  # signed: badges, learner records
    "assessments/badges/facts.py",
    "assessments/badges/queries.py",
    "assessments/badges/snapshot.py",
    "assessments/badges/picture/__init__.py",  # drawn
    "assessments/badges/picture/svg.py",
    "assessments/badges/picture/svg_drawing.py",
    "assessments/clr/document.py",
    "assessments/status/",
    "assessments/certificates/view.py",  # printed
    "assessments/packets/view.py",
    "assessments/packets/estimate.py",
)
"""Files whose path begins so."""

SENTENCES: frozenset[tuple[str, str]] = frozenset(
    {
        ("platform/fourweek/mail.py", "The mail server offers no TLS"),  # for operators
        ("platform/fourweek/table_cards.py", "<td"),  # markup
        ("platform/fourweek/tokens/access.py", "Bearer realm"),
        ("platform/fourweek/errors.py", "Bearer realm"),  # headers
        ("platform/fourweek/files.py", "bytes {}"),
        ("templates/ui/forms.html", "aria-"),  # attributes
        ("templates/live/session.html", "noopener noreferrer"),
        ("templates/live/sessions.html", "noopener noreferrer"),
        ("courses/leading/pages.py", "Modules complete"),  # heads of a table for spreadsheets
        ("courses/leading/pages.py", "Last seen"),
        ("templates/ui/forms.html", "-hint"),
        ("templates/ui/forms.html", "-error"),
        ("templates/ui/page.html", 'class="'),
        ("templates/ui/record.html", 'scope="'),
        ("templates/ui/record.html", 'class="'),
        ("templates/ui/record.html", "SHA-256"),
        ("assessments/badges/issuer_addresses.py", "The first badge was signed."),  # kept, for operators
        ("assessments/badges/issuer_addresses.py", "Badges were signed under"),  # in a command
        ("assessments/badges/issuing.py", "Badges were signed here before"),
        ("assessments/badges/picture/own.py", "<svg"),
        ("assessments/badges/picture/own.py", "{}<image"),
        ("assessments/badges/picture_routes.py", "{}; img-src"),  # a header
        ("assessments/badges/resigning.py", "The key it was signed with was revoked"),  # kept, with an operator's words
        ("assessments/badges/signing.py", "Award {}"),  # in a log
        ("assessments/badges/svg_baking.py", "{} credential"),
        ("assessments/badges/svg_baking.py", "\\n<openbadges"),
        ("assessments/awards/pages.py", "<a href"),
        ("platform/fourweek/mail.py", "The mail server offers no TLS"),  # for operators
        ("platform/fourweek/table_cards.py", "<td"),  # markup
        ("platform/fourweek/tokens/access.py", "Bearer realm"),  # a header
        ("assessments/verify/limits.py", "document {}"),  # a key
        ("assessments/evidence/receipt_pdf.py", "Where the paper"),  # a document
        ("assessments/evidence/receipt_pdf.py", "Handed in by"),
        ("assessments/evidence/receipt_pdf.py", "Module {}"),
        ("assessments/evidence/receipt_pdf.py", "By the server"),
        ("assessments/evidence/receipt_pdf.py", "Against the due"),
        ("assessments/evidence/receipt_pdf.py", "In time"),
        ("assessments/evidence/service.py", "A further attempt; only"),  # kept with the attempt
        ("assessments/evidence/service.py", "No date was set"),
        ("assessments/evidence/service.py", "Due {}"),
        ("assessments/grading/carrying.py", "Met in attempt"),  # kept with the decision; `say_comment` says it
        ("assessments/grading/settling.py", "Rated again after"),
        ("assessments/exports/evidence.py", "{}, attempt {}, {}"),  # in an archive
        ("assessments/exports/evidence.py", "{}: {} of {} bytes"),
        ("assessments/rubrics/toml_text.py", "# From {}"),  # in a package
        ("assessments/rubrics/versions.py", "“{}” in “{}”, version"),
        ("assessments/checks/settling.py", "not passed, {}"),  # kept as evidence
        ("assessments/checks/standing.py", "{} of {} right, try"),
        ("assessments/assignments/rule_keeping.py", "Published with version"),  # kept with the rule
        ("assessments/appeals/closing.py", "After an appeal: raised on"),  # kept with the decision
        ("assessments/appeals/rules.py", "Raised after an appeal."),
        ("assessments/uploads/protocol.py", ""),  # to programs that speak the protocol
        ("assessments/uploads/routes.py", "The length of a file"),
        ("assessments/uploads/answers.py", "filename {}"),
        ("assessments/uploads/limits.py", "person {}"),  # a key
        ("assessments/showing/child.py", "There is no"),  # to the program that called it
        ("assessments/showing/drawing.py", "ended with"),  # in a log
        ("assessments/credit/rulebook.py", "No rule for"),  # for programmers
        ("assessments/credit/rulebook.py", "There is no credit"),
        ("assessments/reports/columns.py", "In person"),  # in a table for a board
        ("assessments/reports/columns.py", "Live online"),
        ("assessments/reports/columns.py", "Provider number"),
        ("assessments/reports/columns.py", "Course number"),
        ("assessments/reports/columns.py", "License number"),
        ("assessments/reports/columns.py", "Completion date"),
        ("assessments/reports/columns.py", "Laws and rules"),
        ("assessments/reports/columns.py", "Area of practice"),
        ("assessments/reports/service.py", "Completion of"),  # kept with the disclosure
        ("assessments/stated/table.py", "Bridge inspection"),  # an example in a table
        ("assessments/stated/table.py", "In person"),
        ("assessments/competencies/known.py", "ESCO: European"),  # names
        ("assessments/competencies/known.py", "U.S. Department"),
        ("templates/checks/_question.html", "this:queue last"),  # attributes
        ("templates/checks/_question.html", "input changed delay"),
    }
)
"""(file, first words) of single ones."""
