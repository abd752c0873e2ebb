"""Tests of this folder."""

def integration_test(name, deps, data = []):
    """A test NAME.cc with what all of them use.

    Args:
      name: of the test.
      deps: what it uses beside GoogleTest, Abseil and the matchers for status.
      data: files that it finds among its runfiles.
    """
    native.cc_test(
        name = name,
        size = "medium",
        srcs = [name + ".cc"],
        data = data,
        deps = deps + [
            "//tests/testing:status_matchers",
            "//third_party:absl",
            "//third_party:gtest_main",
        ],
    )
