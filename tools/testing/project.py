"""The project's files and targets, and programs that are run on them."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(arguments, seconds=600, env=None):
    """Runs a program; its status is 124 when the time is up, if it has a limit."""
    try:
        return subprocess.run(
            [str(argument) for argument in arguments],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        text = (expired.stdout or b"").decode(errors="replace")
        return subprocess.CompletedProcess(
            arguments, 124, f"{text}\nended after {seconds} seconds"
        )


def sources(*patterns):
    """The project's own files of the given kinds."""
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard",
                  "--", *patterns]).stdout
    return [name for name in listed.splitlines() if (ROOT / name).exists()]


def changed_since(commit):
    """The files that differ from a commit and are there; None if it is not known."""
    if run(["git", "cat-file", "-e", f"{commit}^{{commit}}"]).returncode != 0:
        return None
    named = run(["git", "diff", "--name-only", commit]).stdout
    named += run(["git", "ls-files", "--others", "--exclude-standard"]).stdout
    return [name for name in sorted(named.splitlines()) if (ROOT / name).exists()]


def packages():
    """All the project's packages. "//..." would have the ones below bazel-main as
    well, a link that some other Bazel server made."""
    folders = {pathlib.PurePath(name).parts[0] for name in sources("*/BUILD.bazel")}
    return ["//:all", *(f"//{folder}/..." for folder in sorted(folders))]


def source_label(name):
    """What Bazel calls one of the project's files."""
    folder = next(
        parent
        for parent in pathlib.PurePath(name).parents
        if (ROOT / parent / "BUILD.bazel").exists()
    )
    package = "" if folder == pathlib.PurePath(".") else folder
    return f"//{package}:{pathlib.PurePath(name).relative_to(folder)}"


def shell_scripts():
    """Files that begin by naming a shell."""
    for name in sources("tools", "tests", ".ci", "packaging"):
        with open(ROOT / name, "rb") as file:
            first = file.readline()
        if first.startswith(b"#!") and first.rstrip().endswith((b"bash", b"sh")):
            yield name
