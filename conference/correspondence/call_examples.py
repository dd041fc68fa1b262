"""Invented facts for mails about calls, as `examples.py` has them for all others (pure)."""

from typing import Any

NAMES = {
    "call_opens": "A call is open",
    "call_begin": "Begin an application",
    "submission_received": "An application arrived",
    "submission_late": "An application came late",
    "submission_late_counts": "A late application counts",
    "submission_withdrawn": "An application is withdrawn",
    "partner_asked": "Named as a partner",
    "referee_asked": "Asked for a reference",
    "panel_reminded": "Reviews that a panel’s member owes",
    "call_decision": "The answer to a submission",
    "offer_promoted": "An offer to whom the reserve list came to",
    "offer_reminder": "An offer waits for an answer",
    "offer_accepted": "An offer, accepted",
    "offer_lapsed": "An offer is over",
    "offer_withdrawn": "An offer, taken back",
    "feedback_answered": "Feedback on an application",
}
FACTS: dict[str, Any] = {
    "call": "A week of learning",
    "reference": "WEEK-2025-0042",
    "words": "We are glad to offer you a place.",
    "letter": "We are glad to offer you a place. Please tell us by the date on your page whether you come.",
    "feedback": "The panel would have liked to read more about what you plan at home.",
    "amount": "",
    "offer_path": "/me",
    "panel_path": "/panel",
    "submission_path": "/me",
    "missing_reviews": 3,
    "due": "12:00 on Thursday 27 February 2025",
    "version": 2,
    "arrived": "11:42 on Tuesday 4 February 2025 (GMT, UTC+0)",
    "deadline": "12:00 on Thursday 6 February 2025 (GMT, UTC+0)",
    "counts_before": False,
    "by_staff": False,
    "copy": [{"title": "About you", "answers": [{"label": "Where you work", "words": "Kenya"}]}],
    "applicant": "Librarian in Nairobi",
}
