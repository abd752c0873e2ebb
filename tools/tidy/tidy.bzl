"""Runs clang-tidy on the sources of every C++ target, as a build action.

    bazel build //... --aspects=//tools/tidy:tidy.bzl%tidy --output_groups=tidy

As an action it is repeated only for what changed.
"""

_HEADERS = ["h", "inc"]

def _files(rule, attribute, extensions):
    return [
        file
        for target in getattr(rule.attr, attribute, [])
        for file in target.files.to_list()
        if file.extension in extensions
    ]

def _flags(compilation, rule):
    flags = ["-std=c++17"]
    flags += ["-D" + define for define in compilation.defines.to_list()]
    flags += ["-I" + folder for folder in compilation.includes.to_list()]
    flags += ["-iquote" + folder for folder in compilation.quote_includes.to_list()]
    flags += ["-isystem" + folder for folder in compilation.system_includes.to_list()]
    return flags + [flag for flag in getattr(rule.attr, "copts", []) if flag[:2] == "-D"]

def _check(ctx, source, headers, flags, config):
    report = ctx.actions.declare_file("%s.%s.tidy" % (ctx.rule.attr.name, source.basename))
    ctx.actions.run_shell(
        mnemonic = "ClangTidy",
        inputs = depset([source, config] + headers[0], transitive = headers[1]),
        outputs = [report],
        arguments = [report.path, "--quiet", "--config-file=" + config.path, source.path, "--"] + flags,
        command = 'report=$1; shift; clang-tidy "$@" >"$report" 2>&1 || { cat "$report" >&2; exit 1; }',
        use_default_shell_env = True,
    )
    return report

def _tidy_impl(target, ctx):
    sources = [file for file in _files(ctx.rule, "srcs", ["cc"]) if file.is_source]

    # Other headers are seen where their own sources include them.
    if not sources:
        sources = [file for file in _files(ctx.rule, "hdrs", ["h"]) if file.is_source]
    if not sources:
        return [OutputGroupInfo(tidy = depset())]
    compilation = cc_common.merge_cc_infos(cc_infos = [
        dep[CcInfo]
        for dep in getattr(ctx.rule.attr, "deps", [])
        if CcInfo in dep
    ]).compilation_context
    own_headers = _files(ctx.rule, "hdrs", _HEADERS) + _files(ctx.rule, "srcs", _HEADERS)
    flags = _flags(compilation, ctx.rule) + ["-iquote.", "-xc++"]
    reports = [
        _check(ctx, source, (own_headers, [compilation.headers]), flags, ctx.file._config)
        for source in sources
    ]
    return [OutputGroupInfo(tidy = depset(reports))]

tidy = aspect(
    implementation = _tidy_impl,
    attrs = {
        "_config": attr.label(default = "//:.clang-tidy", allow_single_file = True),
    },
)
