#include "collectors/processes/group_template.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

ProcessTraits Nginx() {
  ProcessTraits traits;
  traits.pid = 42;
  traits.comm = "nginx";
  traits.exe_path = "/usr/sbin/nginx-debug";
  traits.user = "www-data";
  traits.cgroup = "/system.slice/nginx.service";
  traits.task = "web";
  return traits;
}

std::string NameBy(absl::string_view text, const ProcessTraits& traits) {
  const auto parsed = GroupTemplate::Parse(text);
  EXPECT_THAT(parsed, IsOk()) << text;
  std::string name = "what was there before";
  if (parsed.ok()) parsed->Name(traits, name);
  return name;
}

TEST(GroupTemplateTest, WordIsATrait) {
  EXPECT_EQ(NameBy("comm", Nginx()), "nginx");
  EXPECT_EQ(NameBy("exe", Nginx()), "nginx-debug");
  EXPECT_EQ(NameBy("cgroup", Nginx()), "/system.slice/nginx.service");
  EXPECT_EQ(NameBy("user", Nginx()), "www-data");
  EXPECT_EQ(NameBy("task", Nginx()), "web");
}

TEST(GroupTemplateTest, IsByTheNameOfTheProgramUnlessToldOtherwise) {
  std::string name;
  GroupTemplate().Name(Nginx(), name);

  EXPECT_EQ(name, "nginx");
}

TEST(GroupTemplateTest, TemplateHasTraitsBetweenText) {
  EXPECT_EQ(NameBy("{{.Comm}};{{.User}}", Nginx()), "nginx;www-data");
  EXPECT_EQ(NameBy("<{{.ExePath}} {{.Exe}}>", Nginx()),
            "</usr/sbin/nginx-debug nginx-debug>");
  EXPECT_EQ(NameBy("{{ .Cgroup }}{{.Task}}:{{.Pid}}", Nginx()),
            "/system.slice/nginx.serviceweb:42");
  EXPECT_EQ(NameBy("}} {.Comm} {{.Comm}}", Nginx()), "}} {.Comm} nginx");
}

TEST(GroupTemplateTest, TraitThatLooksLikeATemplateIsText) {
  ProcessTraits traits = Nginx();
  traits.comm = "{{.User}}";

  EXPECT_EQ(NameBy("{{.Comm}}", traits), "{{.User}}");
}

TEST(GroupTemplateTest, NameIsEmptyOnlyIfThereIsNoTraitAtAll) {
  ProcessTraits traits = Nginx();
  traits.task = "";

  EXPECT_EQ(NameBy("task", traits), "");
  EXPECT_EQ(NameBy("task {{.Task}}", traits), "");
  EXPECT_EQ(NameBy("{{.Task}}/{{.Comm}}", traits), "/nginx");
}

TEST(GroupTemplateTest, TellsWhatItUses) {
  const auto parsed = GroupTemplate::Parse("{{.Comm}};{{.User}}");

  ASSERT_THAT(parsed, IsOk());
  EXPECT_TRUE(parsed->Uses(ProcessTrait::kComm));
  EXPECT_TRUE(parsed->Uses(ProcessTrait::kUser));
  EXPECT_FALSE(parsed->Uses(ProcessTrait::kExe));
  EXPECT_FALSE(parsed->Uses(ProcessTrait::kCgroup));
}

TEST(GroupTemplateTest, RefusesWhatItDoesNotKnow) {
  for (const char* text :
       {"", "Comm", "pid", "nginx", "{.Comm}", "{{.Comm", "{{.Comm}} {{",
        "{{Comm}}", "{{.comm}}", "{{}}", "{{.}}", "{{.Comm.User}}",
        "{{. Comm}}", "{{.Exe}} {{.Nothing}}", "{{{.Comm}}}"}) {
    SCOPED_TRACE(text);
    EXPECT_THAT(GroupTemplate::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(GroupTemplateTest, RefusalNamesWhatThereIs) {
  EXPECT_THAT(GroupTemplate::Parse("exee"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("use comm, exe, cgroup, user, task")));
  EXPECT_THAT(GroupTemplate::Parse("{{.Name}}"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("\"{{.Name}}\": use {{.Comm}}, {{.Exe}}")));
}

}  // namespace
}  // namespace reeve
