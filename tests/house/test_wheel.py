"""What is installed from the wheel is the whole product, and runs where nothing else is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "tracker" / "static"
INSIDE = (
    "tracker/commands/__init__.py",
    "plans/models.py",
    "priorities/models.py",
    "actions/models.py",
    "governance/models.py",
    "migrations/env.py",
    "migrations/script.py.mako",
    "templates/layout.html",
    "templates/components/rating.html",
    "templates/email/digest.txt",
    "templates/packs/pack.typ",
    "tracker/static/manifest.json",
    "tracker/examples/nottinghamshire/partnership.yaml",
    "tracker/examples/nottinghamshire/plans/cypf-2014-16.yaml",
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no git repository"),
    pytest.mark.skipif(not STATIC.exists(), reason="the assets are not built: make assets"),
]


@dataclass(frozen=True)
class Installed:
    """An environment of its own with the wheel in it, and a folder with nothing in it."""

    wheel: Path
    python: Path
    folder: Path

    def run(self, *words: str) -> str:
        """Run a command in the empty folder; its output, once it succeeded."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRACKER_", "PYTHON"))}
        answer = subprocess.run(
            words, cwd=self.folder, env=kept, capture_output=True, text=True, check=False
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    def tracker(self, *words: str) -> str:
        """Run the installed ``tracker`` command."""
        return self.run(str(self.python.parent / "tracker"), *words)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel of what git tracks and of the built assets, installed."""
    base = tmp_path_factory.mktemp("wheel")
    source = base / "source"
    _copy_of_the_tree(source)
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", base, source)
    (wheel,) = base.glob("*.whl")
    environment = base / "environment"
    _run(sys.executable, "-m", "venv", "--without-pip", environment)
    python = environment / "bin" / "python"
    _run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-deps",
        "--no-compile",
        wheel,
    )
    # The dependencies are borrowed from this environment. A folder named in a .pth file has its
    # own .pth files left unread, so the repository itself, installed for editing, stays unseen.
    (site,) = environment.glob("lib/python*/site-packages")
    borrowed = sysconfig.get_paths()
    lines = dict.fromkeys((borrowed["purelib"], borrowed["platlib"]))
    (site / "borrowed.pth").write_text("\n".join(lines) + "\n")
    folder = base / "empty"
    folder.mkdir()
    return Installed(wheel, python, folder)


def _copy_of_the_tree(target: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    shutil.copytree(STATIC, target / "tracker" / "static", dirs_exist_ok=True)


def _run(*words: object) -> None:
    answer = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_wheel_holds_everything_that_the_product_opens(installed: Installed) -> None:
    names = set(zipfile.ZipFile(installed.wheel).namelist())
    assert [name for name in INSIDE if name not in names] == []
    for folder in ("templates", "migrations/versions", "tracker/static", "tracker/examples"):
        here = {
            str(path.relative_to(ROOT))
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert here
        assert sorted(here - names) == [], folder
    fonts = [name for name in names if name.startswith("tracker/static/fonts/")]
    assert len(fonts) >= 2


def test_the_wheel_holds_nothing_else(installed: Installed) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(installed.wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        *("tracker", "plans", "priorities", "actions", "governance"),
        *("templates", "migrations"),
    }


def test_the_installed_command_works_in_an_empty_folder(installed: Installed) -> None:
    where = installed.run(
        str(installed.python),
        "-c",
        "import tracker, plans; print(tracker.__file__, plans.__path__)",
    )
    assert str(ROOT) not in where
    assert where.startswith(str(installed.python.parents[1]))
    assert "No plans yet" in installed.tracker("status")
    assert (installed.folder / "tracker.db").exists()
    said = installed.tracker("load-examples")
    assert "3 partnerships" in said
    assert "5 plans" in said
    rows = json.loads(installed.tracker("status", "--json"))
    assert sum(row["actions"] for row in rows) == 79
