"""Fuzz targets: run over their corpus and its mutations as a test."""

def fuzz_test(name, deps, mutations = 20000):
    """A target NAME.cc with its inputs in corpus/NAME/.

    Args:
      name: of the target.
      deps: what it tests.
      mutations: how many inputs are tried beside those of the corpus.
    """
    inputs = native.glob(["corpus/%s/*" % name])
    native.cc_test(
        name = name,
        size = "small",
        srcs = [name + ".cc"],
        args = [str(mutations)] + ["$(location %s)" % input for input in inputs],
        data = inputs,
        deps = deps + [
            ":fuzz_check",
            ":fuzz_driver",
            "//third_party:absl",
        ],
    )
