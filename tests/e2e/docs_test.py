"""What the documentation shows is run: each page is a story (page_story.py).

What it shows of the package's service is run by tests/package/docs_story.py. In the
test machine only those pages are told that have something of cgroup v2.
"""

import unittest

import pages
from harness import VM
from page_story import ELSEWHERE, Story


class StoryTest(unittest.TestCase):
    """Each page that has something to be run or checked."""


def _story(page):
    return lambda test: Story(test, page).tell()


def _is_told(page):
    kinds = {block.kind for block in pages.blocks(page)} - ELSEWHERE
    if VM:
        # The rest does not depend on the cgroup version.
        return any(kind.startswith("sh v2") for kind in kinds)
    return bool(kinds)


for _page in filter(_is_told, pages.PAGES):
    _name = _page.stem.lower().replace("-", "_")
    setattr(StoryTest, f"test_{_name}", _story(_page))


if __name__ == "__main__":
    unittest.main()
