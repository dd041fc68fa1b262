"""Who may open which of the organisers' pages, and who may press their buttons: every route, every kind of visitor."""

import re
from uuid import UUID

from sqlmodel import select
from starlette.routing import Route

from conference.app import routes
from conference.people.tables import Role, RoleKind
from conference.programme.tables import ScheduleRelease
from conference.registration.tables import Registration
from conference.settings import Settings
from tests.console.cast import Console

Act = tuple[str, str]  # method, route's name
GROUPS = {f"meetings:{act}" for act in ("groups", "draw", "moves", "opening", "closing")}
OPEN_TO_MODERATORS = {"console:overview", "console:event"} | GROUPS  # and all of the stages
NOTHING_TYPED = {  # what an organiser gets who presses each button on an empty form; those without fields just act
    "programme:sessions": 422,
    "programme:session": 422,
    "programme:draft_removal": 303,
    "programme:restoration": 409,
    "programme:release": 409,
    "programme:undoing": 404,
    "console:session_cancellation": 422,
    "console:import": 422,
    "console:import_confirmation": 422,
    "registration:seats": 422,
    "registration:places": 422,
    "registration:place_cancellation": 303,
    "console:acts": 303,
    "console:act_execution": 422,
    "console:export": 422,
    "registration:questions": 422,
    "registration:terms": 303,
    "registration:eligibility": 422,
    "registration:choices": 303,
    **{f"registration:question{act}": 404 for act in ("", "_retirement", "_position")},
    "console:roles": 422,
    "console:role_ending": 303,
    "console:rehearsal_clock": 422,
    "console:session_moves": 422,
    "console:details": 422,
    "console:copy": 422,
    "console:key_dates": 422,
    "console:key_date": 404,
    **{f"console:{kind}": 422 for kind in ("rooms", "tracks", "speakers", "venues", "room")},
    **{f"console:{kind}": 404 for kind in ("track", "speaker", "venue")},
    "console:room_removal": 303,
    **{f"console:{kind}_removal": 404 for kind in ("track", "speaker", "venue")},
    "console:rehearsal_removal": 303,
    "live:acts": 422,
    "live:announce": 422,
    "live:announcement_ending": 404,
    "live:resolve_help": 404,
    "live:silence_author": 404,
    "live:lift_silence": 404,
    "speaking:speakers": 422,
    "speaking:speaker": 422,
    "speaking:reminder": 409,
    "speaking:take_back": 409,
    "speaking:proposal": 404,
    "mail:sender": 303,
    "mail:circulars": 422,
    "mail:circular": 404,
    "mail:circular_test": 404,
    "mail:circular_stopping": 404,
    "mail:test": 303,
    "mail:again": 404,
    "meetings:manage": 422,
    "meetings:removal": 303,
    "meetings:session_meeting": 303,
    "meetings:groups": 422,
    "meetings:draw": 409,
    "meetings:moves": 422,
    "meetings:opening": 409,
    "meetings:closing": 422,
    "attendance:check_in": 422,
    "attendance:undoing": 404,
    "attendance:flags_seen": 404,
    "attendance:scans": 422,
    "attendance:manage": 422,
    "privacy:ground": 422,
    "privacy:answer": 422,
    "privacy:credit_removal": 404,
    "privacy:person_erasure": 422,
    "calls:new": 422,
    "calls:state": 422,
    "calls:settings": 422,
    "calls:definition": 422,
    "registration:pools": 422,
    "registration:pool": 404,
    "registration:kinds": 422,
    "registration:kind_limit": 404,
    "registration:held_back": 404,
    "registration:held_back_ending": 404,
    "registration:pool_deletion": 404,
    **{f"calls:{act}": 422 for act in ("new", "state", "settings", "definition")},
    "calls:submissions": 422,
    "calls:late_acceptance": 404,
    "calls:record": 422,
    **{f"calls:{act}": 422 for act in ("members", "readings", "conflicts")},
    **{f"calls:{act}": 303 for act in ("split", "panel_reminder")},
    **{f"calls:{act}": 404 for act in ("member_ending", "reading_ending", "review_return", "conflict_ending")},
    "calls:announcement": 409,
    "calls:offers": 409,
    **{f"calls:{act}": 404 for act in ("offer_withdrawal", "offer_deadline", "managed_letter", "managed_feedback")},
    **{f"calls:{act}": 404 for act in ("milestone_acceptance", "milestone_return", "submission_session")},
    "papers:manage": 422,
    "papers:revocation": 404,
    "papers:certificates": 303,
    "papers:invoices": 422,
    "papers:payment": 404,
    "papers:voiding": 404,
}
NOTHING_ASKED = {  # pages of nothing
    ("GET", "live:silence_author"): 404,
    ("GET", "live:announce_preview"): 422,
    ("GET", "programme:undoing"): 404,
    **{("GET", f"console:{kind}"): 404 for kind in ("track", "speaker", "venue", "key_date")},
    ("GET", "speaking:proposal"): 404,
    ("GET", "console:act_report"): 404,
    ("GET", "mail:circular"): 404,
    ("GET", "mail:circular_html"): 404,
    ("GET", "registration:question"): 404,
    ("GET", "registration:pool"): 404,
    ("GET", "registration:pool_deletion"): 404,
    ("GET", "calls:submission_desk"): 404,
    **{("GET", f"calls:{page}"): 404 for page in ("managed_offer", "managed_letter", "managed_invitation_pdf", "managed_feedback")},
    **{("GET", f"calls:{page}"): 404 for page in ("held_milestone", "submission_session")},
    **{("GET", f"papers:{page}"): 404 for page in ("paper", "revocation", "voiding")},
}
THE_HOUSE_S = {  # for whoever organises any event
    ("GET", "console:rehearsal"): 200,
    ("POST", "console:rehearsal_clock"): 422,
    ("GET", "calls:manage"): 200,
    ("GET", "calls:new"): 200,
    ("POST", "calls:new"): 422,
}


def managing(settings: Settings) -> list[tuple[Act, str]]:
    """Every way into /manage, with its path's pattern; the last ones take something away."""
    found = [route for route in routes(settings) if isinstance(route, Route) and route.path.startswith("/manage")]
    pairs = [((method, route.name), route.path) for route in found for method in sorted(route.methods or ()) if method != "HEAD"]
    return sorted(pairs, key=lambda pair: pair[0] in {("POST", "registration:place_cancellation"), ("POST", "console:role_ending")})


async def answers_to(console: Console, settings: Settings, who: str) -> dict[Act, int]:
    """The status of each act, on the first event."""
    async with console.database.reading() as db:
        role = (await db.exec(select(Role.id).where(Role.kind == RoleKind.moderator))).one()
        place = (await db.exec(select(Registration.id))).one()
    filled = {"{event}": "wi-test", "{session}": "opening-keynote", "{role:uuid}": str(role), "{registration:uuid}": str(place)}
    filled |= {
        "{number:int}": "1",
        "{piece}": "main",
        "{speaker}": "ada",
        "{date}": "none",
        "{source}": "wi-test",
        "{figure}": "sign-ups",
        "{template}": "reminder",
        "{purpose}": "live",
        "{call}": "week-2021",
    }
    statuses = {}
    for (method, name), path in managing(settings):
        for hole, value in filled.items():
            path = path.replace(hole, value)
        path = re.sub(r"\{\w+:uuid\}", str(place), path)  # something else's name, or nobody's
        statuses[method, name] = (await console.browsers[who].request(method, path)).status_code
    return statuses


def answer_to(act: Act) -> int:
    """What whoever may do this gets."""
    method, name = act
    return NOTHING_ASKED.get(act, 200) if method == "GET" else NOTHING_TYPED[name]


async def everything(console: Console) -> tuple[list[UUID], list[tuple[UUID, bool]], list[tuple[UUID, bool]]]:
    """What could be changed by acts that are not allowed."""
    async with console.database.reading() as db:
        releases = [row.id for row in await db.exec(select(ScheduleRelease))]
        places = [(row.id, row.cancelled_at is None) for row in await db.exec(select(Registration))]
        roles = [(row.id, row.ended_at is None) for row in await db.exec(select(Role))]
    return releases, places, roles


async def test_nobody_is_led_to_the_sign_in_form_and_no_button_works(console: Console, settings: Settings) -> None:
    before = await everything(console)
    acts = [act for act, _ in managing(settings)]
    assert await answers_to(console, settings, "nobody") == {act: 303 if act[0] == "GET" else 401 for act in acts}
    assert (await console.browsers["nobody"].get("/manage")).headers["location"] == "/sign-in?next=/manage"
    assert await everything(console) == before


async def test_a_delegate_may_do_none_of_it(console: Console, settings: Settings) -> None:
    before = await everything(console)
    assert set((await answers_to(console, settings, "delegate")).values()) == {403}
    assert await everything(console) == before


async def test_a_moderator_sees_the_overview_and_the_stages_and_no_more(console: Console, settings: Settings) -> None:
    before = await everything(console)
    acts = [act for act, _ in managing(settings)]
    expected = {act: answer_to(act) if act[1].startswith("live:") or act[1] in OPEN_TO_MODERATORS else 403 for act in acts}
    assert await answers_to(console, settings, "moderator") == expected
    assert await everything(console) == before


async def test_an_organiser_of_another_event_has_only_the_own_overview(console: Console, settings: Settings) -> None:
    before = await everything(console)
    acts = [act for act, _ in managing(settings)]
    expected = {act: 200 if act == ("GET", "console:overview") else THE_HOUSE_S.get(act, 403) for act in acts}
    assert await answers_to(console, settings, "stranger") == expected
    assert await everything(console) == before


async def test_an_organiser_may_do_all_of_it(console: Console, settings: Settings) -> None:
    acts = [act for act, _ in managing(settings)]
    assert {name for method, name in acts if method == "POST"} == set(NOTHING_TYPED)
    assert await answers_to(console, settings, "organiser") == {act: answer_to(act) for act in acts}


async def test_rows_of_another_event_are_not_found_through_ones_own(console: Console) -> None:
    async with console.database.reading() as db:
        role = (await db.exec(select(Role.id).where(Role.kind == RoleKind.moderator))).one()
        place = (await db.exec(select(Registration.id))).one()
    stranger, own = console.browsers["stranger"], "/manage/events/autumn"
    assert (await stranger.get(f"{own}/programme")).status_code == 200
    assert (await stranger.get(f"{own}/registrations/{place}")).status_code == 404
    for path in (f"{own}/roles/{role}/ending", f"{own}/registrations/{place}/cancellation", f"{own}/sessions/opening-keynote/cancellation"):
        assert (await stranger.post(path, content="reason=Mine")).status_code == 404


async def test_a_role_that_ended_opens_nothing(console: Console) -> None:
    moderator = console.people["moderator"]
    async with console.database.reading() as db:
        role = (await db.exec(select(Role.id).where(Role.person_id == moderator.id))).one()
    assert (await console.browsers["moderator"].get("/manage")).status_code == 200
    await console.organiser.post(f"/manage/events/wi-test/roles/{role}/ending")
    assert (await console.browsers["moderator"].get("/manage")).status_code == 403
