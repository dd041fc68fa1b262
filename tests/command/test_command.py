"""The `conference` command: what it prints, what it refuses, how it starts and stops."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from conference.__main__ import cli
from conference.errors import BadSettings, NotFound
from tests.servers import Process, running

SECRET = "a-secret-of-the-tests-that-is-long-enough"


def conference(*arguments: str, data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command with these settings and nothing else of ours in the environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    given = {"CONFERENCE_DATA": str(data), "CONFERENCE_SECRET_KEY": SECRET} | {
        f"CONFERENCE_{name}": value for name, value in settings.items()
    }
    command = [sys.executable, "-m", "conference", *arguments]
    return subprocess.run(command, env=environment | given, capture_output=True, text=True, timeout=60, check=False)


def test_a_wrong_setting_is_refused_in_a_sentence(tmp_path: Path) -> None:
    answer = conference("serve", data=tmp_path, SECRET_KEY="only-for-the-demo")
    sentence = "CONFERENCE_SECRET_KEY must be set outside the demo"
    assert (answer.returncode, answer.stderr.startswith(sentence), "Traceback" in answer.stderr) == (2, True, False)


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("tomorrow", "--at tomorrow is not an instant."),
        ("2021-06-25T09:55", "--at 2021-06-25T09:55 does not say on whose clock."),
        ("1970-12-31T12:00Z", "--at 1970-12-31T12:00Z is too far away. Choose a year from 1971 to 2200."),
        ("0001-01-01T00:00+14:00", "--at 0001-01-01T00:00+14:00 is too far away."),
        ("9999-12-31T23:59-14:00", "--at 9999-12-31T23:59-14:00 is too far away."),
    ],
)
def test_a_rehearsal_needs_an_instant(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, at: str, sentence: str) -> None:
    monkeypatch.setenv("CONFERENCE_DATA", str(tmp_path))
    monkeypatch.setenv("CONFERENCE_SECRET_KEY", SECRET)
    with pytest.raises(BadSettings) as refused:
        cli(["serve", "--at", at], standalone_mode=False)
    assert str(refused.value).startswith(sentence)


def test_a_folder_without_seed_files_loads_nothing(tmp_path: Path) -> None:
    answer = conference("seed", str(tmp_path / "nowhere"), data=tmp_path / "var")
    assert (answer.returncode, "Traceback" in answer.stderr, answer.stderr != "") == (2, False, True)


def test_seeding_twice_and_making_the_first_organiser(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONFERENCE_DATA", str(tmp_path))
    monkeypatch.setenv("CONFERENCE_SECRET_KEY", SECRET)

    def said(*arguments: str) -> str:
        cli(arguments, standalone_mode=False)
        return capsys.readouterr().out

    assert said("seed").splitlines()[-1].endswith(" added, 0 there already.")
    assert said("seed").splitlines()[-1].startswith("0 added, ")
    made = said("organiser", "add", "first@organisers.example", "--event", "illp-2025")
    assert made.startswith("first@organisers.example organises International Library Leaders")
    with pytest.raises(NotFound, match=r"There is no event at this address\."):
        said("organiser", "add", "first@organisers.example", "--event", "nothing")
    bad = conference("organiser", "add", "first", "--event", "illp-2025", data=tmp_path)
    assert (bad.returncode, bad.stderr) == (2, "Enter an e-mail address in the right form, like name@example.org.\n")


def test_the_routes_are_listed(tmp_path: Path) -> None:
    listed = conference("routes", data=tmp_path).stdout
    for path in ("/events/{event}/programme.ics", "/calendar/{token}.ics", "/events/{event}/sessions/{session}/stage/socket", "/healthz"):
        assert f" {path} " in listed + " " or f" {path}\n" in listed


def test_the_demo_opens_on_the_conferences_morning_with_links_that_work_again_and_again(tmp_path: Path) -> None:
    with running(tmp_path / "var", "demo", anew=True) as demo:
        links = json.loads((demo.data / "demo-links.json").read_text())
        assert sorted(links) == ["delegate", "moderator", "organiser", "speaker"]
        for _ in range(2):
            for role, link in links.items():
                assert f"{role.capitalize() if role != 'speaker' else 'Project lead'} in " in _page(link)
        home = _page(demo.address)
        assert "Friday 25 June 2021, 09:5" in home
        assert "Rehearsal" in home
        assert f"Open {demo.address}" in demo.log()
        assert all(link in demo.log() for link in links.values())


def test_a_house_that_is_served_has_no_demo_pages(tmp_path: Path) -> None:
    with running(tmp_path / "var", "serve") as house:
        for path in ("/demo", "/demo/mail", "/demo/sign-in/x"):
            with pytest.raises(urllib.error.HTTPError) as no:
                urllib.request.urlopen(house.address + path, timeout=10)
            assert no.value.code == 404
            no.value.close()
        assert "Rehearsal" not in _page(house.address)


def test_a_stalled_client_does_not_keep_the_house_from_stopping(tmp_path: Path) -> None:
    house = Process(tmp_path / "var", "serve", anew=True)
    house.start()
    with socket.create_connection(("127.0.0.1", house.port)) as stalled:
        stalled.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nemail="
        )
        time.sleep(0.5)
        assert house.stop() < 10


def test_a_rehearsal_goes_on_after_a_restart_and_real_ends_it(tmp_path: Path) -> None:
    with running(tmp_path / "var", "serve", "--at", "2021-06-25T12:00+01:00") as house:
        assert "Friday 25 June 2021, 12:0" in _page(house.address)
    with running(tmp_path / "var", "serve") as house:
        assert "Friday 25 June 2021, 12:0" in _page(house.address)
    with running(tmp_path / "var", "serve", "--at", "real") as house:
        assert "Rehearsal" not in _page(house.address)


def _page(address: str) -> str:
    """A page as a browser with cookies gets it, redirects followed."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with opener.open(address, timeout=10) as answer:
        text: str = answer.read().decode()
        return text
