#include "agent/api/message_texts.h"

#include "agent/api/task_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;

// Whether another program can read it.
template <typename Message>
bool CanBeRead(const Message& message) {
  Message read;
  return read.ParseFromString(message.SerializeAsString());
}

TEST(MakeTextsUtf8Test, ShowsBytesThatAreNotWhereverTheyAre) {
  v1::InspectResponse response;
  response.mutable_task()->set_id("web");
  response.mutable_task()->add_command("grüße");
  response.mutable_task()->add_command("\xFFx");
  response.mutable_spec()->set_cwd("/\xC3");
  (*response.mutable_cgroups())["cpu"] = "/a\x80";
  (*response.mutable_pids())[7].set_comm("\xFE");
  response.add_settings()->set_read_back("\xF5");
  ASSERT_FALSE(CanBeRead(response));

  MakeTextsUtf8(&response);

  EXPECT_TRUE(CanBeRead(response));
  EXPECT_EQ(response.task().id(), "web");
  EXPECT_THAT(response.task().command(), ElementsAre("grüße", "\\xffx"));
  EXPECT_EQ(response.spec().cwd(), "/\\xc3");
  EXPECT_EQ(response.cgroups().at("cpu"), "/a\\x80");
  EXPECT_EQ(response.pids().at(7).comm(), "\\xfe");
  EXPECT_EQ(response.settings(0).read_back(), "\\xf5");
}

TEST(MakeTextsUtf8Test, WhatIsTextStaysAsItIs) {
  v1::TaskSpec spec;
  spec.add_command("\\xff");
  spec.add_env("A=ü\n");
  spec.set_umask(7);
  const v1::TaskSpec before = spec;

  MakeTextsUtf8(&spec);

  EXPECT_EQ(spec.SerializeAsString(), before.SerializeAsString());
}

TEST(MakeTextsUtf8Test, BytesAreNoText) {
  v1::LogsResponse response;
  response.set_data("\xFF");

  MakeTextsUtf8(&response);

  EXPECT_EQ(response.data(), "\xFF");
  EXPECT_THAT(CheckTextsAreUtf8(response), IsOk());
}

TEST(CheckTextsAreUtf8Test, NamesTheFieldAndShowsTheText) {
  v1::LaunchRequest request;
  request.mutable_spec()->add_command("sh");
  EXPECT_THAT(CheckTextsAreUtf8(request), IsOk());
  request.mutable_spec()->add_command("a\xFF");

  EXPECT_THAT(CheckTextsAreUtf8(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "command \"a\\xff\" is not UTF-8, which the agent's API "
                       "takes alone: use another text"));
}

}  // namespace
}  // namespace reeve
