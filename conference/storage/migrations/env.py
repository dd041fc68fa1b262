"""Alembic's environment, run from code (conference.storage.migrate): the one place that imports every domain's tables."""

from alembic import context
from sqlmodel import SQLModel

from conference.api import tables as api
from conference.attendance import tables as attendance
from conference.calendars import tables as calendars
from conference.calls import award_tables, decision_tables, file_tables, meeting_tables, offer_tables, panel_tables, submission_tables
from conference.calls import tables as calls
from conference.live import care_tables, green_room_tables, poll_tables, talk_tables
from conference.live import tables as live
from conference.mail import tables as mail
from conference.meetings import tables as meetings
from conference.papers import tables as papers
from conference.people import tables as people
from conference.privacy import tables as privacy
from conference.programme import tables as programme
from conference.record import tables as record
from conference.registration import form_tables, handing_tables
from conference.registration import tables as registration
from conference.speaking import tables as speaking

# imported for what they declare
TABLES = (
    api,
    attendance,
    calendars,
    calls,
    submission_tables,
    panel_tables,
    decision_tables,
    award_tables,
    offer_tables,
    meeting_tables,
    file_tables,
    live,
    care_tables,
    green_room_tables,
    poll_tables,
    talk_tables,
    mail,
    meetings,
    papers,
    people,
    privacy,
    programme,
    record,
    registration,
    form_tables,
    handing_tables,
    speaking,
)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=context.config.attributes["connection"].dialect.name == "sqlite",
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
