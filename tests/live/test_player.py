"""What a stage plays, and in what words, as values; and what its page may load, to the letter."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from conference.live.player import Kind, Mode, Phase, Player, countdown, player_for
from conference.live.rules import Door, door_at
from conference.programme.streams import CAPTIONS_WRONG, HOST_WRONG, STREAM_WRONG, captions_trouble, stream_at, stream_trouble
from conference.programme.tables import Session, SessionType
from conference.web.middleware import widened
from tests.live.cast import World

START = datetime(2021, 6, 25, 9, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HLS = "https://live.example/day/index.m3u8"
CAPTIONS = "https://words.example/day.vtt"
YOUTUBE = "https://www.youtube-nocookie.com/embed/abcdefghijk"


def talk(*, stream_url: str = "", captions_url: str = "", join_url: str = "") -> Session:
    return Session(
        event_id=UUID(int=1),
        room_id=UUID(int=2),
        slug="talk",
        title="Talk",
        type=SessionType.panel,
        starts_at=START,
        ends_at=START + HOUR,
        join_url=join_url,
        stream_url=stream_url,
        captions_url=captions_url,
        made_at=START,
        modified_at=START,
    )


def seen(at: datetime, session: Session, *, asked: str = "", save_data: bool = False, late_minutes: int = 0) -> Player:
    return player_for(session, door_at(session, at), at, asked=asked, save_data=save_data, late_minutes=late_minutes)


@pytest.mark.parametrize(
    ("at", "kind", "phase", "words"),
    [
        (START - HOUR, Kind.none, Phase.before, "Starts in 1 hour"),
        (START - 10 * MINUTE - MINUTE / 2, Kind.none, Phase.before, "Starts in 11 minutes"),
        (START - 10 * MINUTE, Kind.hls, Phase.before, "Starts in 10 minutes"),
        (START, Kind.hls, Phase.on, "On now"),
        (START + HOUR, Kind.hls, Phase.overtime, "The session’s time is over; the stream may run on a little."),
        (START + HOUR + 30 * MINUTE, Kind.none, Phase.ended, "This session has ended."),
    ],
)
def test_a_stream_is_there_from_the_door_until_half_an_hour_after(at: datetime, kind: Kind, phase: Phase, words: str) -> None:
    player = seen(at, talk(stream_url=HLS))
    assert (player.kind, player.phase, player.words) == (kind, phase, words)
    assert player.src == (HLS if kind == Kind.hls else "")


def test_without_a_stream_a_session_ends_with_its_time() -> None:
    assert [seen(START + HOUR + late, talk()).phase for late in (-MINUTE, timedelta(), MINUTE)] == [Phase.on, Phase.ended, Phase.ended]


def test_a_cancelled_session_plays_nothing() -> None:
    player = player_for(talk(stream_url=HLS, join_url="https://meet.example"), Door.cancelled, START)
    assert (player.kind, player.phase, player.join, player.ways, player.sources) == (Kind.none, Phase.cancelled, "", (), {})


def test_running_late_moves_the_countdown_and_is_said() -> None:
    player = seen(START + 3 * MINUTE, talk(), late_minutes=10)
    assert (player.phase, player.words, player.late) == (Phase.before, "Starts in 7 minutes", "Running late: about 10 minutes")
    assert player.starts_at == "2021-06-25T09:10:00Z"
    assert seen(START + 3 * MINUTE, talk()).late == ""
    assert seen(START + 3 * HOUR, talk(), late_minutes=10).late == ""


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (timedelta(seconds=1), "Starts in 1 minute"),
        (timedelta(seconds=61), "Starts in 2 minutes"),
        (timedelta(minutes=59, seconds=59), "Starts in 1 hour"),
        (timedelta(minutes=121), "Starts in 2 hours 1 minute"),
        (timedelta(hours=24), "Starts in 1 day"),
        (timedelta(hours=71), "Starts in 2 days"),
    ],
)
def test_a_countdown_in_words(wait: timedelta, words: str) -> None:
    assert countdown(wait) == words


def test_the_mode_is_the_one_asked_for_else_video_else_text_where_data_is_dear() -> None:
    session = talk(stream_url=HLS)
    modes = {asked: seen(START, session, asked=asked).mode for asked in ("", "video", "audio", "text", "evil")}
    assert modes == {"": Mode.video, "video": Mode.video, "audio": Mode.audio, "text": Mode.text, "evil": Mode.video}
    saving = seen(START, session, save_data=True)
    assert (saving.mode, saving.saves_data, saving.kind, saving.sources) == (Mode.text, True, Kind.none, {})
    wanted = seen(START, session, save_data=True, asked="video")
    assert (wanted.mode, wanted.saves_data, wanted.kept) == (Mode.video, False, "?mode=video")
    assert seen(START, talk(stream_url=YOUTUBE), asked="audio").mode == Mode.video  # a frame of somebody else's has no sound apart


def test_the_ways_say_what_each_costs() -> None:
    assert [name for _, name, _ in seen(START, talk(stream_url=HLS)).ways] == ["Video", "Sound only", "Text only"]
    assert [name for _, name, _ in seen(START, talk(stream_url=YOUTUBE)).ways] == ["Video", "Text only"]
    assert [name for _, name, _ in seen(START, talk()).ways] == ["Whole page", "Text only"]
    assert seen(START + 3 * HOUR, talk(stream_url=HLS)).ways == ()


def test_a_link_to_join_is_there_while_the_door_is_open_even_in_text() -> None:
    session = talk(join_url="https://meet.example/1")
    joins = [seen(at, session, asked="text").join for at in (START - HOUR, START, START + HOUR)]
    assert joins == ["", "https://meet.example/1", ""]
    assert seen(START, session).kind == Kind.link


def test_a_page_may_load_only_what_its_player_needs() -> None:
    alone = seen(START, talk(stream_url=HLS)).sources
    assert alone == {"connect-src": ("https://live.example",), "media-src": ("blob:", "https://live.example")}
    captioned = seen(START, talk(stream_url=HLS, captions_url=CAPTIONS)).sources
    assert captioned == {**alone, "media-src": ("blob:", "https://live.example", "https://words.example")}
    assert seen(START, talk(stream_url=YOUTUBE, captions_url=CAPTIONS)).sources == {"frame-src": ("https://www.youtube-nocookie.com",)}
    assert seen(START, talk(stream_url="https://elsewhere.example/video")).sources == {}
    assert seen(START, talk(stream_url=HLS), asked="text").sources == {}


@pytest.mark.parametrize(
    ("typed", "src"),
    [
        ("https://youtu.be/abcdefghijk", YOUTUBE),
        ("https://www.youtube.com/watch?v=abcdefghijk&t=90", YOUTUBE),
        ("https://m.youtube.com/live/abcdefghijk?feature=share", YOUTUBE),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://vimeo.com/76979871/0a1b2c3d", "https://player.vimeo.com/video/76979871?dnt=1&h=0a1b2c3d"),
        ("https://player.vimeo.com/video/76979871?h=0a1b2c3d", "https://player.vimeo.com/video/76979871?dnt=1&h=0a1b2c3d"),
        ("https://live.example:8443/a/INDEX.M3U8?token=1", "https://live.example:8443/a/INDEX.M3U8?token=1"),
        ("http://127.0.0.1:8080/index.m3u8", "http://127.0.0.1:8080/index.m3u8"),
    ],
)
def test_what_can_be_played(typed: str, src: str) -> None:
    stream = stream_at(typed)
    assert (stream.src if stream else None, stream_trouble(typed)) == (src, "")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("index.m3u8", STREAM_WRONG),
        ("http://live.example/index.m3u8", STREAM_WRONG),
        ("javascript:alert(1)//.m3u8", STREAM_WRONG),
        ("https://live.example;script-src%20*/index.m3u8", STREAM_WRONG),
        ("https://live.example, *.evil.example/index.m3u8", STREAM_WRONG),
        ("https://*/index.m3u8", STREAM_WRONG),
        ("https://user:secret@live.example/index.m3u8", STREAM_WRONG),
        ("https://live.example:99999/index.m3u8", STREAM_WRONG),
        ("https://[::1/index.m3u8", STREAM_WRONG),
        ("https://video.example/watch?v=abcdefghijk", HOST_WRONG),
        ("https://www.youtube.com/@somebody", HOST_WRONG),
        ("https://www.youtube.com.evil.example/embed/abcdefghijk", HOST_WRONG),
        ("https://vimeo.com/event/12345", HOST_WRONG),
    ],
)
def test_what_cannot_be_played_is_refused_in_a_sentence(typed: str, sentence: str) -> None:
    assert (stream_at(typed), stream_trouble(typed)) == (None, sentence)


def test_captions_come_over_https() -> None:
    assert [captions_trouble(typed) for typed in ("", CAPTIONS, "http://words.example/day.vtt", "day.vtt")] == [
        "",
        "",
        CAPTIONS_WRONG,
        CAPTIONS_WRONG,
    ]


def test_a_policy_is_widened_by_what_is_said_and_nothing_else() -> None:
    policy = widened("default-src 'none'; connect-src 'self' ws://a", {"connect-src": ("https://b",), "media-src": ("blob:", "https://b")})
    assert policy == "default-src 'none'; connect-src 'self' ws://a https://b; media-src blob: https://b"


async def test_only_the_page_that_plays_may_load_from_elsewhere(world: World) -> None:
    async with world.house.database.writing() as db:
        session = await db.get(Session, world.cast.session.id)
        assert session
        session.stream_url, session.captions_url = HLS, CAPTIONS
    page = world.stage().removesuffix("/stage")
    async with world.browser() as browser:
        house = (await browser.get("/")).headers["content-security-policy"]
        also = {"connect-src": ("https://live.example",), "media-src": ("blob:", "https://live.example", "https://words.example")}
        for query in ("", "?mode=video", "?mode=audio"):
            assert (await browser.get(world.stage() + query)).headers["content-security-policy"] == widened(house, also)
        elsewhere = [world.stage() + "?mode=text", world.stage(world.cast.later), world.stage(world.cast.over), page, f"{page}/nothing"]
        assert {(await browser.get(path)).headers["content-security-policy"] for path in elsewhere} == {house}
        saving = await browser.get(world.stage(), headers={"Save-Data": "on"})
        assert saving.headers["content-security-policy"] == house
        assert "Save-Data" in saving.headers["vary"]


async def test_the_next_session_has_a_door_here(world: World) -> None:
    async with world.house.database.writing() as db:
        later = await db.get(Session, world.cast.later.id)
        assert later
        later.starts_at, later.ends_at = world.cast.session.ends_at, world.cast.session.ends_at + HOUR
    async with world.browser() as browser:
        first, last = [(await browser.get(world.stage(session))).text for session in (world.cast.session, world.cast.later)]
    assert f'<a href="{world.stage(world.cast.later)}">Tomorrow</a>' in first
    assert "Next, at" not in last


async def test_an_ended_session_leads_to_its_page(world: World) -> None:
    async with world.browser() as browser:
        page = (await browser.get(world.stage(world.cast.over))).text
    assert "This session has ended." in page
    assert f'Its questions and resources are on <a href="{world.stage(world.cast.over).removesuffix("/stage")}">' in page
