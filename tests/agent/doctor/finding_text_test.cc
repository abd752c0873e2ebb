#include "agent/doctor/finding_text.h"

#include <vector>

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(FindingsTextTest, PutsTheRemedyBelowTheFinding) {
  EXPECT_EQ(FindingsText({{"kernel", Verdict::kOk, "6.1", ""},
                          {"swap accounting", Verdict::kWarn, "off", "turn on"},
                          {"cgroups", Verdict::kFail, "none", ""}}),
            "ok    kernel           6.1\n"
            "warn  swap accounting  off\n"
            "                       -> turn on\n"
            "fail  cgroups          none\n");
}

TEST(FindingsJsonTest, EscapesWhatJsonDoesNotTake) {
  EXPECT_EQ(FindingsJson({{"a", Verdict::kOk, "say \"x\\y\"\n", "r"}}),
            "{\n"
            " \"findings\": [\n"
            "  {\n"
            "   \"check\": \"a\",\n"
            "   \"verdict\": \"ok\",\n"
            "   \"detail\": \"say \\\"x\\\\y\\\"\\u000a\",\n"
            "   \"remedy\": \"r\"\n"
            "  }\n"
            " ]\n"
            "}\n");
}

}  // namespace
}  // namespace reeve
