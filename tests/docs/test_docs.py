"""What the pages say is what the product does."""

import ast
import importlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from cdalake.cli import app
from cdalake.server.app import document
from cdalake.settings import Connection

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
SOURCES = sorted((ROOT / "src" / "cdalake").rglob("*.py"))
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])

CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@cache
def strings() -> frozenset[tuple[str, bool]]:
    """Every text in the code, and whether it is the first of several arguments of a call."""
    return frozenset(_strings())


def _strings() -> Iterator[tuple[str, bool]]:
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        firsts = {id(call.args[0]) for call in calls if call.args and len(call.args) >= 2}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value, id(node) in firsts


def environment() -> set[str]:
    """Variables the code reads by name."""
    ours = r"(CDALAKE|AWS|OTEL)_[A-Z0-9_]+|RAY_DEDUP_LOGS"
    return {text for text, _ in strings() if re.fullmatch(ours, text)}


def codes() -> set[str]:
    """Codes of errors and warnings in the code."""
    compound = {text for text, _ in strings() if CODE.fullmatch(text)} - environment()
    # A code of one word looks like any other word, but for where it stands.
    single = {text for text, is_first in strings() if is_first and re.fullmatch("[A-Z]{4,}", text)}
    return compound | (single - {"HEAD", "WRITE"})


def first_cells(page: Path) -> list[str]:
    """What stands in backticks in the first column of a page's tables."""
    rows = re.findall(r"^\| ([^|]*) \|", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [text for row in rows for text in re.findall(r"`([^`]+)`", row)]


def commands() -> dict[str, list[str]]:
    """Every command a person may type, with its options."""
    group = typer.main.get_command(app)
    shown = {name: command for name, command in group.commands.items() if not command.hidden}
    return {name: list(options(command)) for name, command in shown.items()}


def options(command: Any) -> Iterator[str]:
    """Options of a command, or of all commands of a group."""
    for parameter in command.params:
        yield from [*parameter.opts, *parameter.secondary_opts]
    for inner in getattr(command, "commands", {}).values():
        yield from options(inner)


def section(page: Path, heading: str) -> str:
    """The text below a heading of the second level."""
    found = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)",
        page.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert found, f"{page.name} has no section {heading!r}"
    return found[1]


def code_of(page: Path) -> str:
    """Blocks and spans of code."""
    text = page.read_text(encoding="utf-8")
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    return "\n".join([*(body for _, body in FENCE.findall(text)), *spans])


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_code_has_one_row_and_every_row_has_its_code() -> None:
    listed = first_cells(REFERENCE / "errors.md")
    assert sorted(listed) == sorted(codes())


def test_every_variable_of_the_environment_is_described() -> None:
    described = first_cells(REFERENCE / "settings.md")
    assert environment() <= set(described)
    assert {name for name in described if name.startswith("CDALAKE_")} <= environment()


def test_no_page_names_a_variable_that_nobody_reads() -> None:
    readers = [*SOURCES, *ROOT.glob("tools/*.py"), *ROOT.glob("tests/**/*.py")]
    read = "\n".join(path.read_text(encoding="utf-8") for path in readers)
    for page in PAGES:
        named = set(re.findall(r"CDALAKE_[A-Z_]+", page.read_text(encoding="utf-8")))
        assert {name for name in named if name not in read} == set(), page.name


def test_every_key_of_the_settings_file_is_described_with_its_default() -> None:
    text = section(REFERENCE / "settings.md", "`cdalake.toml`")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", text, re.MULTILINE))
    keys = {key.name: key.default for key in fields(Connection)}
    assert rows.keys() == keys.keys() - {"name", "origin", "given"}
    for name in ("layout", "credential"):
        assert rows[name] == f'`"{keys[name]}"`'
    assert rows["workers"] == f"`{keys['workers']}`"


def test_the_example_settings_file_can_be_loaded(tmp_path: Path) -> None:
    from cdalake.settings import load

    text = section(REFERENCE / "settings.md", "`cdalake.toml`")
    (example,) = (body for kind, body in FENCE.findall(text) if kind == "toml")
    (tmp_path / "cdalake.toml").write_text(example)
    assert sorted(load({}, cwd=tmp_path).connections) == ["laptop", "prod"]


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_described_with_every_option_and_no_other(name: str) -> None:
    text = section(REFERENCE / "cli.md", f"cdalake {name}")
    ours = {option for option in commands()[name] if option.startswith("--")}
    named = set(re.findall(r"--[a-z][a-z0-9-]+", text)) - {"--help"}
    assert named == ours - {"--help"}


def test_every_route_is_described_and_every_description_has_its_route() -> None:
    routes = {
        f"{method.upper()} {path}"
        for path, methods in document()["paths"].items()
        for method in methods
    }
    assert set(first_cells(REFERENCE / "api.md")) >= routes
    text = code_of(REFERENCE / "api.md")
    named = re.findall(r"^(?:GET|POST|PUT|DELETE) /\S+$", text, re.MULTILINE)
    assert set(named) == routes


def test_no_two_decisions_have_one_number() -> None:
    pages = sorted((DOCS / "adr").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    for number, page in zip(numbers, pages, strict=True):
        assert page.read_text(encoding="utf-8").startswith(f"# {number}. ")


def design_names(place: str) -> list[tuple[str, str]]:
    """Ours of the design document's names, by where they are: (module or file, name)."""
    text = (REFERENCE / "names.md").read_text(encoding="utf-8")
    return re.findall(rf"`({place}[\w./-]+):(\w+)`", text)


@pytest.mark.parametrize(("module", "name"), design_names("cdalake"))
def test_every_name_of_the_design_can_be_imported(module: str, name: str) -> None:
    assert hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize(("path", "name"), design_names("web/"))
def test_every_name_of_the_design_is_exported_by_the_page(path: str, name: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert re.search(rf"^export (async )?(function|const|type|class) {name}\b", text, re.MULTILINE)


def test_every_row_of_the_design_names_has_a_name_that_is_followed() -> None:
    text = (REFERENCE / "names.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `[^|]*` \| ([^|]*) \|$", text, re.MULTILINE)
    assert len(rows) > 35
    assert [row for row in rows if not re.search(r"`(cdalake|web/)[^`]*:\w+`", row)] == []


def test_every_field_of_a_start_request_is_described() -> None:
    from cdalake.models.guidewire import GuidewireConfig

    text = section(REFERENCE / "api.md", "Start a run")
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| ([^|]*) \|", text, re.MULTILINE))))
    assert set(GuidewireConfig.model_fields) <= named


def links() -> list[object]:
    """Relative links; those to files that a script of ours has still to make may be dead."""
    found = []
    for page in PAGES:
        for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
            if "://" in link or link.startswith("mailto:"):
                continue
            name = f"{page.relative_to(ROOT)} -> {link}"
            target = (page.parent / link.partition("#")[0]).resolve()
            made = ROOT / "docs" / "screens" in target.parents or target.name == "results.md"
            marks = (
                [pytest.mark.xfail(reason="not made yet")] if made and not target.exists() else []
            )
            found.append(pytest.param(page, link, id=name, marks=marks))
    return found


@pytest.mark.parametrize(("page", "link"), links())
def test_no_link_is_dead(page: Path, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    assert target.exists()
    assert not anchor or anchor in anchors(target)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_tells_to_type_exists(page: Path) -> None:
    text = code_of(page)
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|\$ |&& )make ([a-z]+)", text, re.MULTILINE)) <= targets
    known = commands()
    for name, rest in re.findall(r"(?<![\w/.-])cdalake +([a-z]+)\b([^\n#|;`]*)", text):
        assert name in known, f"cdalake {name}"
        unknown = {
            word for word in re.findall(r"--[a-z][a-z0-9-]+", rest) if word not in known[name]
        }
        assert not unknown - {"--help"}, f"cdalake {name} has no {unknown}"


TUTORIAL = DOCS / "tutorial" / "first-lake.md"
NOT_HERE = ("cdalake serve", "pip install")


def steps() -> list[tuple[str, str | None]]:
    """The tutorial's shell blocks that can run here, each with what it is said to print."""
    blocks = FENCE.findall(TUTORIAL.read_text(encoding="utf-8"))
    following = [*blocks[1:], ("", "")]
    return [
        (body, shown if kind_after == "text" else None)
        for (kind, body), (kind_after, shown) in zip(blocks, following, strict=True)
        if kind == "sh" and not any(word in body for word in NOT_HERE)
    ]


def comparable(text: str) -> list[str]:
    """Words, without what differs from run to run."""
    text = re.sub(r"Run \S+ ", "Run ID ", text)
    text = re.sub(r" in \d+\.\d\d s", " in TIME", text)
    return re.sub(r" \d+\.\d\d$", " TIME", text, flags=re.MULTILINE).split()


def test_the_tutorial_prints_what_it_says(tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    mark = "-- next step --"
    script = "".join(f"{body}echo {shlex.quote(mark)}\n" for body, _ in steps())
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env={"PATH": path, "HOME": str(tmp_path / "home"), "LC_ALL": "C"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    printed = done.stdout.replace(str(tmp_path.resolve()), "/home/you").split(mark)
    told = [(said, shown) for (_, shown), said in zip(steps(), printed, strict=False) if shown]
    assert len(told) > 8
    for said, shown in told:
        assert comparable(said) == comparable(shown)


def test_r48_rollbacks_are_a_gap_that_is_told() -> None:
    text = (DOCS / "explanation" / "limits.md").read_text()
    assert "rollbacks are not acted upon (R48" in text
