"""What the console answers that reads a folder alone, and what it refuses field by field."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command import ROOT
from tests.support.console import no_cloud
from worstsort_cli.console.application import Settings, make
from worstsort_cli.console.gate import Gate
from worstsort_cli.console.reader import Reader

if TYPE_CHECKING:
    from pathlib import Path


PORT = 4999


class Asking:
    """A client of a console that has the token."""

    def __init__(self, folder: Path) -> None:
        gate = Gate(PORT)
        self.client = make(gate, Reader(no_cloud(), folder), Settings()).test_client()
        self.base = f"http://127.0.0.1:{PORT}"
        self.client.get(f"/?token={gate.token}", base_url=self.base)

    def get(self, path: str) -> Any:
        """Ask for something."""
        return self.client.get(f"/api/{path}", base_url=self.base)

    def post(self, path: str, body: str) -> Any:
        """Ask for something to be done."""
        headers = {"Origin": self.base, "Content-Type": "application/json"}
        return self.client.post(f"/api/{path}", data=body, headers=headers, base_url=self.base)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one finished run."""
    champion = json.loads((ROOT / "examples" / "champion.json").read_text())
    run = tmp_path / champion["run_id"]
    run.mkdir()
    shutil.copy(ROOT / "examples" / "champion.json", run)
    (run / "report.html").write_text("<script>1</script>")
    (run / "history.csv").write_text("generation,comparisons,island,mean,evaluations\n0,7,0,5.5,10\n1,9,1,6.5,10\n")
    return tmp_path


@pytest.fixture
def asking(folder: Path) -> Asking:
    """Return a client of a console that reads the folder."""
    return Asking(folder)


def run_in(folder: Path) -> str:
    """Return the path of the only run."""
    return f"runs/folder/{next(folder.iterdir()).name}"


def test_the_runs_of_a_folder_are_listed(asking: Asking, folder: Path) -> None:
    """With the sort in words, and where the run is."""
    (row,) = asking.get("runs").get_json()["runs"]
    assert (row["place"], row["status"], row["id"]) == ("folder", "SUCCEEDED", next(folder.iterdir()).name)
    assert row["sort"].startswith("sort.")
    assert row["optimal"] is False


def test_fifty_runs_are_answered_at_a_time_unless_others_are_asked_for(asking: Asking, folder: Path) -> None:
    """With how many there are."""
    champion = json.loads((ROOT / "examples" / "champion.json").read_text())
    for number in range(51):
        run = folder / f"run-{number:02}"
        run.mkdir()
        (run / "champion.json").write_text(json.dumps(champion | {"run_id": run.name}))
    assert len(asking.get("runs").get_json()["runs"]) == 50
    assert len(asking.get("runs?offset=50").get_json()["runs"]) == 2
    assert len(asking.get("runs?limit=3").get_json()["runs"]) == 3


def test_a_finished_run_has_curves_a_picture_files_and_a_report(asking: Asking, folder: Path) -> None:
    """From what it has left in its folder."""
    path = run_in(folder)
    curves = asking.get(f"{path}/convergence").get_json()["curves"]
    assert (curves["best"], curves["evaluations"]) == ([7, 9], [10, 20])
    assert asking.get(f"{path}/champion.svg").data.startswith(b"<svg")
    assert asking.get(path).get_json()["files"] == ["champion.json", "history.csv", "report.html"]
    file = asking.get(f"{path}/files/history.csv")
    assert file.headers["Content-Disposition"] == "attachment; filename=history.csv"


def test_a_report_is_confined_to_an_origin_of_its_own(asking: Asking, folder: Path) -> None:
    """It brings scripts, which are not to reach the console."""
    report = asking.get(f"{run_in(folder)}/report")
    assert report.data == b"<script>1</script>"
    assert report.headers["Content-Security-Policy"].startswith("sandbox allow-scripts; default-src 'none';")


@pytest.mark.parametrize("name", ["input.json", "..%2Fchampion.json", "state", "champion.json%00"])
def test_no_other_file_is_handed_out(asking: Asking, folder: Path, name: str) -> None:
    """Only those that a run leaves for its user."""
    (next(folder.iterdir()) / "input.json").write_text("{}")
    assert asking.get(f"{run_in(folder)}/files/{name}").status_code == 404


@pytest.mark.parametrize("run", ["..", "%2e%2e", "a%2Fb", "nothing"])
def test_no_other_folder_is_read(asking: Asking, run: str) -> None:
    """A run is one of those in the folder, by the name of its execution."""
    assert asking.get(f"runs/folder/{run}").status_code in {404, 422}


def test_a_body_that_holds_no_configuration_is_refused_as_a_whole(asking: Asking) -> None:
    """Before anything of it is read."""
    bodies: tuple[object, ...] = ([], {}, {"config": "strong"})
    for body in bodies:
        headers = {"Origin": asking.base}
        refused = asking.client.post("/api/check", base_url=asking.base, json=body, headers=headers)
        assert refused.status_code == 422
        (problem,) = refused.get_json()["problems"]
        assert problem["said"].startswith("body: given 'something else', allowed: a JSON object with a configuration")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sort=colour", "sort: given 'colour', allowed: one of started_at"),
        ("status=LOST", "status: given 'LOST', allowed: one of RUNNING"),
        ("limit=0", "limit: given '0', allowed: an integer from 1 to 200"),
        ("offset=x", "offset: given 'x', allowed: an integer from 0"),
    ],
)
def test_a_query_that_is_not_allowed_is_refused_by_its_field(asking: Asking, query: str, said: str) -> None:
    """With what was given and what is allowed."""
    refused = asking.get(f"runs?{query}")
    assert refused.status_code == 422
    (problem,) = refused.get_json()["problems"]
    assert problem["said"].startswith(said)


def test_without_a_cloud_it_says_how_to_get_one(asking: Asking) -> None:
    """And that asking again may help."""
    answer = asking.get("runs/cloud/x")
    assert answer.status_code == 503
    assert "worstsort up" in answer.get_json()["error"]
    assert answer.get_json()["gone"]


def test_what_is_not_there_yet_is_marked_so(asking: Asking, folder: Path) -> None:
    """The page then asks on, and shows no alarm."""
    answer = asking.get(f"{run_in(folder)}/epochs/1")
    assert (answer.status_code, answer.get_json()["yet"]) == (202, True)
    assert not asking.get("runs/folder/nothing").get_json()["yet"]


def test_what_is_in_the_way_is_said_and_nothing_else(asking: Asking) -> None:
    """An address that leads nowhere gets an answer in JSON."""
    answer = asking.get("nowhere")
    assert answer.status_code == 404
    assert answer.get_json() == {"error": "there is nothing at this address"}


@pytest.mark.parametrize("address", ["check", "estimate", "start"])
@pytest.mark.parametrize("target", ["cmd: touch {touched}", "{touched}.so:sort", "libc:qsort"])
def test_a_page_cannot_name_what_would_be_run(
    asking: Asking, tmp_path_factory: pytest.TempPathFactory, address: str, target: str
) -> None:
    """Neither a program nor a library: whoever runs one types it into a terminal."""
    touched = tmp_path_factory.mktemp("elsewhere") / "touched"
    answer = asking.post(address, json.dumps({"config": {"target": target.format(touched=touched)}}))
    assert (answer.status_code, answer.json["problems"][0]["field"]) == (422, "target")
    assert not touched.exists()


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"config":' * 100_000, '{"config": {"size": 1' + "0" * 5000 + "}}", "\xff"]
)
def test_a_body_that_cannot_be_read_is_refused(asking: Asking, body: str) -> None:
    answer = asking.post("check", body)
    assert (answer.status_code, "refused" in answer.json["error"]) == (422, True)


@pytest.mark.parametrize("token", ["9" * 40, "9" * 5000, "-1", "\u0661", "\u00b2", "x"])
def test_a_log_is_read_from_its_beginning_by_what_is_no_token(asking: Asking, folder: Path, token: str) -> None:
    """Whatever a page asks for."""
    answer = asking.get(f"{run_in(folder)}/epochs/1/islands/0/log?stream=log.jsonl&next={token}")
    assert answer.status_code == 200
