#include "agent/doctor/finding_text.h"

#include <optional>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace reeve {
namespace {

Findings Checks(std::vector<Finding> findings) {
  return {std::move(findings), {}};
}

TEST(FindingsTextTest, PutsTheRemedyBelowTheFinding) {
  EXPECT_EQ(FindingsText(
                Checks({{"kernel", Verdict::kOk, "6.1", ""},
                        {"swap accounting", Verdict::kWarn, "off", "turn on"},
                        {"cgroups", Verdict::kFail, "none", ""}})),
            "ok    kernel           6.1\n"
            "warn  swap accounting  off\n"
            "                       -> turn on\n"
            "fail  cgroups          none\n");
}

TEST(FindingsTextTest, ShowsWhatEachControllerCanDo) {
  Findings findings;
  findings.controllers = {
      {"pids", 2, "/c", true, "", "", {"pids.max"}, {}},
      {"cpu", 2, "/c", false, "not_delegated", "ask for it", {"cpu.max"}, {}},
      {"memory", 1, "/m", true, "", "", {"a", "b"}, {"c (not here)", "d"}},
      {"hugetlb", 2, "/c", true, "", "", {}, {}},
      {"io", std::nullopt, "", false, "not_mounted", "no such", {}, {}},
  };

  EXPECT_EQ(FindingsText(findings),
            "\n"
            "Limits:\n"
            "ok    pids     v2 at /c: pids.max\n"
            "warn  cpu      v2 at /c\n"
            "      -> not_delegated: ask for it\n"
            "ok    memory   v1 at /m: a b\n"
            "      no c (not here), d\n"
            "ok    hugetlb  v2 at /c: not enabled in any cgroup yet, which the "
            "agent does\n"
            "warn  io       nowhere\n"
            "      -> not_mounted: no such\n");
}

TEST(FindingsJsonTest, EscapesWhatJsonDoesNotTake) {
  EXPECT_EQ(FindingsJson(Checks({{"a", Verdict::kOk, "say \"x\\y\"\n", "r"}})),
            "{\n"
            " \"findings\": [\n"
            "  {\n"
            "   \"check\": \"a\",\n"
            "   \"verdict\": \"ok\",\n"
            "   \"detail\": \"say \\\"x\\\\y\\\"\\u000a\",\n"
            "   \"remedy\": \"r\"\n"
            "  }\n"
            " ],\n"
            " \"controllers\": []\n"
            "}\n");
}

TEST(FindingsJsonTest, HasEveryFieldOfAController) {
  Findings findings;
  findings.controllers = {{"pids", 2, "/c", true, "", "", {"a", "b"}, {"c"}}};

  EXPECT_EQ(FindingsJson(findings),
            "{\n"
            " \"findings\": [],\n"
            " \"controllers\": [\n"
            "  {\n"
            "   \"name\": \"pids\",\n"
            "   \"version\": 2,\n"
            "   \"mount_point\": \"/c\",\n"
            "   \"usable\": true,\n"
            "   \"reason\": \"\",\n"
            "   \"why\": \"\",\n"
            "   \"limits\": [\"a\", \"b\"],\n"
            "   \"missing_limits\": [\"c\"]\n"
            "  }\n"
            " ]\n"
            "}\n");
}

}  // namespace
}  // namespace reeve
