"""A place where commands can be run as they are shown to users.

They see this machine's files, and may write to /etc, /home, /srv, /usr and /var: what
they change there is theirs alone, and so are /run and the network, where only loopback
is up. So an agent has its own address and socket however busy the machine is. Nothing
is left when it is closed: its processes are ended, and its cgroups removed.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from harness import (
    REEVE,
    SHIM,
    SLOWNESS,
    VM,
    cgroup_roots,
    eventually,
    process_is_there,
    remove_cgroups,
)

HOME = "/home/operator"
PROGRAMS = "/usr/libexec/reeve"

_PREPARE = r"""
set -eu
layers=$1
mount -t tmpfs none "$layers"
for folder in etc home srv usr var; do
  mkdir -p "$layers/$folder/upper" "$layers/$folder/work"
  mount -t overlay -o "lowerdir=/$folder,upperdir=$layers/$folder/upper,\
workdir=$layers/$folder/work" none "/$folder"
done
mount -t tmpfs none /run
mkdir -p "$2"
busybox ifconfig lo up
echo ready
exec cat
"""

# The cgroup of its tasks has a name of its own on a machine that others use, too.
_REEVE = f"""#!/bin/sh
[ "$1" != agent ] || {{ shift; set -- agent FLAGS "$@"; }}
exec {PROGRAMS}/reeve "$@"
"""


def has_v2_controllers():
    """Whether memory and CPU are controllers of cgroup v2 here."""
    for root in cgroup_roots():
        file = root / "cgroup.controllers"
        if file.exists():
            return {"cpu", "memory"} <= set(file.read_text().split())
    return False


class Sandbox:
    def __init__(self):
        self._layers = pathlib.Path(tempfile.mkdtemp(prefix="reeve-sandbox-"))
        self._parent = "/reeve" if VM else f"/reeve-sandbox-{os.getpid()}"
        self._logs = []
        self._agent = None
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--net", "sh", "-c", _PREPARE, "sh",
             str(self._layers), HOME],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        if self._holder.stdout.readline() != "ready\n":
            self.close()
            raise AssertionError("the namespaces were not made")
        # Others than root could not get at where they were built.
        self.must(f"mkdir {PROGRAMS} && cp -L {REEVE} {SHIM} {PROGRAMS}", folder="/")
        flags = "" if VM else f"--cgroup-parent={self._parent}"
        self.write("/usr/bin/reeve", _REEVE.replace("FLAGS", flags), 0o755)

    def command(self, script, folder=HOME):
        """What runs a script of bash in here, as words for subprocess or exec."""
        return [
            "nsenter", f"--target={self._holder.pid}", "--mount", "--net",
            "--", "env", "-i", f"--chdir={folder}", f"HOME={HOME}", "TERM=xterm",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "bash", "-euo", "pipefail", "-c", script,
        ]  # fmt: skip

    def run(self, script, folder=HOME, seconds=60):
        """Runs a script of bash; its output is in one.

        What it leaves in the background goes on.
        """
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            done = subprocess.run(
                self.command(script, folder),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=seconds * SLOWNESS,
                check=False,
            )
            output.seek(0)
            return subprocess.CompletedProcess(script, done.returncode, output.read())

    def must(self, script, **options):
        done = self.run(script, **options)
        if done.returncode != 0:
            raise AssertionError(
                f"{script}\nended with {done.returncode}: {done.stdout}\n{self.log()}"
            )
        return done.stdout

    def write(self, path, text, mode=0o644):
        """Writes a file; a path that is not absolute is below the home."""
        path = pathlib.PurePosixPath(HOME) / path
        script = f"mkdir -p {path.parent} && cat >{path} && chmod {mode:o} {path}"
        subprocess.run(
            self.command(script, "/"), input=text, text=True, check=True, timeout=60
        )

    def start(self, script, folder=HOME):
        """Starts something that goes on until the end; returns its process."""
        log = tempfile.TemporaryFile("w+", errors="replace")
        self._logs.append(log)
        return subprocess.Popen(
            self.command(script, folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )

    def start_agent(self, script):
        """Has a script start the agent, once the one before has ended."""
        self.end_agent()
        self._agent = self.start(script)

        def answers():
            if self._agent.poll() is not None:
                raise AssertionError(f"{script}\nended: {self.log()}")
            # That of a user is not where root's is.
            socket = "$(find /run -name reeve.sock)"
            return self.run(f'reeve ps --socket "{socket}"').returncode == 0

        eventually(answers, 15, "the agent answers")

    def end_agent(self):
        if self._agent is not None:
            self._agent.terminate()
            self._agent.wait(30 * SLOWNESS)
            self._agent = None

    def log(self):
        """What was written by all that was started."""
        texts = []
        for log in self._logs:
            log.seek(0)
            texts.append(log.read())
        return "\n".join(texts)

    def _processes(self):
        """Pids of what runs in here, but for that which holds the namespaces."""
        own = os.readlink(f"/proc/{self._holder.pid}/ns/net")
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(entry / "ns" / "net") == own:
                    yield int(entry.name)
            except OSError:
                continue

    def _end_processes(self):
        # Agents first, or they would start tasks anew.
        for _ in range(50):
            pids = [
                pid
                for pid in self._processes()
                if pid != self._holder.pid and process_is_there(pid)
            ]
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if not pids:
                return

    def close(self):
        if self._holder.poll() is None:
            self._end_processes()
            remove_cgroups(self._parent)
            self._holder.stdin.close()
            self._holder.wait(30)
        if self._agent is not None:
            self._agent.wait(30)
        self._holder.stdout.close()
        for log in self._logs:
            log.close()
        shutil.rmtree(self._layers, ignore_errors=True)
