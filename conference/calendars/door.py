"""Where views find the feeds of their process."""

from starlette.requests import HTTPConnection

from conference.calendars.serving import Feeds


def feeds_of(request: HTTPConnection) -> Feeds:
    feeds: Feeds = request.app.state.feeds
    return feeds
