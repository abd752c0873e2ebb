#include "agent/control/peer_rules.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

constexpr uid_t kAgent = 500;

PeerRules Rules(const std::vector<std::string>& users,
                const std::vector<std::string>& groups) {
  return ResolvePeerRules(users, groups).value();
}

absl::Status Check(const Peer& peer, const PeerRules& rules) {
  return CheckPeer(peer, rules, kAgent, kAgent);
}

TEST(PeerRulesTest, NamesAndNumbersAreResolved) {
  const PeerRules rules = Rules({"root", "4711"}, {"root", "4712"});

  EXPECT_TRUE(rules.are_given);
  EXPECT_THAT(rules.users, ::testing::ElementsAre(0, 4711));
  EXPECT_THAT(rules.groups, ::testing::ElementsAre(0, 4712));
  EXPECT_FALSE(Rules({}, {}).are_given);
}

TEST(PeerRulesTest, WhatDoesNotExistIsRefusedByName) {
  EXPECT_THAT(ResolvePeerRules({"no-such-user"}, {}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("--allow-users no-such-user: there is no")));
  EXPECT_THAT(ResolvePeerRules({}, {"no-such-group"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("--allow-groups no-such-group: there is no")));
  EXPECT_THAT(ResolvePeerRules({""}, {}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("\"\"")));
  // Nobody at all, where it is taken for a number.
  EXPECT_THAT(ResolvePeerRules({"4294967295"}, {}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("429")));
}

TEST(PeerRulesTest, RootAndTheAgentAreAlwaysAllowed) {
  for (const PeerRules& rules : {Rules({}, {}), Rules({"4711"}, {})}) {
    EXPECT_THAT(Check({0, 0, {}}, rules), IsOk());
    EXPECT_THAT(Check({kAgent, 1, {}}, rules), IsOk());
  }
}

TEST(PeerRulesTest, WithoutRulesTheGroupOfTheAgentIsAllowed) {
  EXPECT_THAT(Check({1, kAgent, {}}, Rules({}, {})), IsOk());
  EXPECT_THAT(Check({1, 1, {}}, Rules({}, {})),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("user 1 is neither")));
}

TEST(PeerRulesTest, WithRulesTheyDecide) {
  const PeerRules rules = Rules({"4711"}, {"4712"});

  EXPECT_THAT(Check({4711, 1, {}}, rules), IsOk());
  EXPECT_THAT(Check({1, 4712, {}}, rules), IsOk());
  EXPECT_THAT(Check({1, 1, {2, 4712}}, rules), IsOk());
  // Users and groups are not taken for each other.
  EXPECT_THAT(Check({4712, 4711, {4711}}, rules),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       "permission denied: user 4712 is not among "
                       "--allow-users of the agent, and in none of "
                       "--allow-groups"));
  EXPECT_THAT(Check({1, kAgent, {}}, Rules({"4711"}, {})),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       "permission denied: user 1 is not among --allow-users "
                       "of the agent"));
}

TEST(PeerRulesTest, ThePeerIsWhoTheKernelSays) {
  int fds[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
  const UniqueFd here(fds[0]);
  const UniqueFd there(fds[1]);

  const absl::StatusOr<Peer> peer = ReadPeer(here.get());

  ASSERT_THAT(peer, IsOk());
  EXPECT_EQ(peer->uid, geteuid());
  EXPECT_EQ(peer->gid, getegid());
  std::vector<gid_t> own(65536);
  own.resize(
      static_cast<size_t>(getgroups(static_cast<int>(own.size()), own.data())));
  EXPECT_THAT(peer->groups, ::testing::UnorderedElementsAreArray(own));
}

}  // namespace
}  // namespace reeve
