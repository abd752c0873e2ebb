"""The package in a root without a running systemd: as an image is made."""

import unittest

from packages import PackageTest, debian_root, package, run

# Installs, removes and purges, and says after each what there is of reeve.
SCRIPT = r"""
set -e
mount -t tmpfs rw "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" root "$1/root"
cp "$3" "$1/root/reeve.deb"
chroot "$1/root" /bin/sh -c '
  set -e
  state() {
    echo "== $1"
    find /etc /usr /var /run /lib/systemd \( -name "*reeve*" -o -path "*/reeve/*" \) \
      ! -path "/var/lib/dpkg/*" ! -path "/var/log/*" | sort
  }
  state before
  dpkg --install /reeve.deb
  state installed
  reeve version
  test -L /etc/systemd/system/multi-user.target.wants/reeve.service
  dpkg --remove reeve
  state removed
  dpkg --purge reeve
  state purged
'
"""


class ChrootTest(PackageTest):
    def test_it_is_installed_removed_and_purged(self):
        root = debian_root(self, package())

        done = run("unshare", "--mount", "--pid", "--fork", "--kill-child",
                   "bash", "-c", SCRIPT, "bash", self.folder, root, package())  # fmt: skip

        self.assertEqual(done.returncode, 0, done.stdout)
        states = {}
        for line in done.stdout.splitlines():
            if line.startswith("== "):
                name = line.removeprefix("== ")
                states[name] = []
            elif states and line.startswith("/"):
                states[name].append(line)
        self.assertIn("/usr/bin/reeve", states["installed"])
        self.assertIn("/etc/default/reeve", states["removed"])
        self.assertNotIn("/usr/bin/reeve", states["removed"])
        self.assertEqual(states["purged"], states["before"], done.stdout)


if __name__ == "__main__":
    unittest.main()
