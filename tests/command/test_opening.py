"""The house can't be opened where somebody wants it: a sentence says why, and nothing that was there is changed."""

import os
import socket
import sqlite3
from pathlib import Path

import pytest

from conference.errors import BadSettings
from conference.house import make_ready, need_port
from conference.settings import read_settings
from tests.command.test_command import conference

SET = "Look there, or set CONFERENCE_DATABASE_URL."


def refusal(data: Path, database_url: str = "") -> str:
    with pytest.raises(BadSettings) as refused:
        make_ready(read_settings(demo=True, data=data, database_url=database_url))
    return str(refused.value)


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    said = "can't be a folder ({}). Name one that we may write in."
    assert refusal(tmp_path / "var") == f"CONFERENCE_DATA {tmp_path / 'var'} " + said.format("File exists")
    assert refusal(tmp_path / "var/in") == f"CONFERENCE_DATA {tmp_path / 'var/in'} " + said.format("Not a directory")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_that_is_locked(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    said = "is a folder that we may not write in. Change who owns it, or name another."
    assert refusal(tmp_path) == f"CONFERENCE_DATA {tmp_path} {said}"


def test_a_database_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    said = refusal(tmp_path, "postgresql://user:hidden@127.0.0.1:1/name")
    assert said.startswith("The database postgresql://user:***@127.0.0.1:1/name can't be used: ")
    assert "hidden" not in said


def test_a_database_that_is_a_folder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}"
    assert refusal(tmp_path, url) == f"The database {url} can't be used: unable to open database file. {SET}"


@pytest.mark.parametrize("held", [b"Dear all, this is a letter and no database.\n" * 40, bytes(range(256)) * 20])
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, held: bytes) -> None:
    file = tmp_path / "letter"
    file.write_bytes(held)
    assert refusal(tmp_path, f"sqlite:///{file}") == f"The database sqlite:///{file} can't be used: file is not a database. {SET}"
    assert file.read_bytes() == held


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("CREATE TABLE recipes (name TEXT)", "holds tables that are not ours. Set CONFERENCE_DATABASE_URL to another file."),
        (
            "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('9999')",
            "is at revision 9999, which this release does not know: a newer one made it. Run that release, or set CONFERENCE_DATABASE_URL.",
        ),
    ],
)
def test_a_database_of_others_or_of_a_newer_release_is_left_as_it_is(tmp_path: Path, made: str, said: str) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as other:
        other.executescript(made)
    other.close()
    held = file.read_bytes()
    assert refusal(tmp_path, f"sqlite:///{file}") == f"The database sqlite:///{file} {said}"
    assert file.read_bytes() == held


def test_a_taken_port_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for command in ("serve", "demo"):
            answer = conference(command, "--port", str(port), data=tmp_path / "var")
            said = f"Port {port} is taken: something listens on 127.0.0.1:{port} already. Stop it, or choose another"
            assert (answer.returncode, answer.stderr) == (2, f"{said} with --port (make run PORT=...).\n")
    assert list(tmp_path.iterdir()) == []
    need_port("127.0.0.1", port)


def test_a_host_that_is_not_this_machine_is_refused() -> None:
    with pytest.raises(BadSettings, match=r"^We can't listen on 192\.0\.2\.1:8000 \(Cannot assign requested address\)\."):
        need_port("192.0.2.1", 8000)
