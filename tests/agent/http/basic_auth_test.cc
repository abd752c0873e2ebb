#include "agent/http/basic_auth.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using Verdict = BasicAuth::Verdict;

// "secret".
constexpr char kHash[] =
    "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";
constexpr size_t kCapacity = 4;

std::string Basic(const std::string& credentials) {
  return "Basic " + absl::Base64Escape(credentials);
}

class BasicAuthTest : public ::testing::Test {
 protected:
  // Asks until there is a verdict.
  Verdict Decide(const std::string& authorization) {
    while (true) {
      const int seen = Verdicts();
      const Verdict verdict = auth_->Check(authorization);
      if (verdict != Verdict::kPending) return verdict;
      AwaitVerdictAfter(seen);
    }
  }

  int Verdicts() {
    absl::MutexLock lock(&mutex_);
    return verdicts_;
  }

  void AwaitVerdictAfter(int seen) {
    absl::MutexLock lock(&mutex_);
    const auto is_newer = [this, seen] { return verdicts_ > seen; };
    mutex_.Await(absl::Condition(&is_newer));
  }

  // Keeps the worker busy until Release().
  void Block() {
    worker_.Submit([this] {
      blocked_.Notify();
      release_.WaitForNotification();
    });
    blocked_.WaitForNotification();
  }

  absl::Mutex mutex_;
  int verdicts_ = 0;
  absl::Notification blocked_;
  absl::Notification release_;
  BoundedWorker worker_{"test", kCapacity};
  std::shared_ptr<BasicAuth> auth_ = std::make_shared<BasicAuth>(
      std::map<std::string, std::string>{{"alice", kHash}}, worker_, [this] {
        absl::MutexLock lock(&mutex_);
        ++verdicts_;
      });
};

TEST_F(BasicAuthTest, PasswordDecides) {
  EXPECT_EQ(Decide(Basic("alice:secret")), Verdict::kAllowed);
  EXPECT_EQ(Decide(Basic("alice:Secret")), Verdict::kDenied);
  EXPECT_EQ(Decide(Basic("alice:")), Verdict::kDenied);
  EXPECT_EQ(Decide(Basic("bob:secret")), Verdict::kDenied);
  EXPECT_EQ(Decide(Basic(":secret")), Verdict::kDenied);
}

TEST_F(BasicAuthTest, WhatNamesNobodyIsDeniedAtOnce) {
  for (const std::string& authorization :
       {std::string(), std::string("Basic"), std::string("Basic !"),
        Basic("alice"), "Bearer " + absl::Base64Escape("alice:secret"),
        std::string("alice:secret")}) {
    EXPECT_EQ(auth_->Check(authorization), Verdict::kDenied) << authorization;
  }
  EXPECT_EQ(Verdicts(), 0);
}

TEST_F(BasicAuthTest, SchemeMayBeWrittenInAnyCase) {
  EXPECT_EQ(Decide("bAsIc " + absl::Base64Escape("alice:secret")),
            Verdict::kAllowed);
}

TEST_F(BasicAuthTest, VerdictsAreKept) {
  Decide(Basic("alice:secret"));
  Decide(Basic("alice:wrong"));
  const int before = Verdicts();

  EXPECT_EQ(auth_->Check(Basic("alice:secret")), Verdict::kAllowed);
  EXPECT_EQ(auth_->Check(Basic("alice:wrong")), Verdict::kDenied);
  EXPECT_EQ(Verdicts(), before);
}

TEST_F(BasicAuthTest, FloodDoesNotHoldUpWhoIsKnown) {
  ASSERT_EQ(Decide(Basic("alice:secret")), Verdict::kAllowed);
  Block();
  size_t pending = 0;
  for (int i = 0; i < 100; ++i) {
    const Verdict verdict = auth_->Check(Basic(absl::StrCat("alice:", i)));
    if (verdict == Verdict::kPending) ++pending;
  }

  EXPECT_EQ(pending, kCapacity) << "the others are told that it is busy";
  EXPECT_EQ(auth_->Check(Basic("alice:secret")), Verdict::kAllowed);
  release_.Notify();
}

TEST_F(BasicAuthTest, OnePasswordIsCheckedOnceForAllWhoWait) {
  Block();

  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(auth_->Check(Basic("alice:secret")), Verdict::kPending);
  }
  release_.Notify();

  EXPECT_EQ(Decide(Basic("alice:secret")), Verdict::kAllowed);
  EXPECT_EQ(Verdicts(), 1);
}

TEST_F(BasicAuthTest, WrongPasswordsDoNotCrowdOutARightOne) {
  ASSERT_EQ(Decide(Basic("alice:secret")), Verdict::kAllowed);

  for (int i = 0; i < 1100; ++i) Decide(Basic(absl::StrCat("alice:", i)));

  EXPECT_EQ(auth_->Check(Basic("alice:secret")), Verdict::kAllowed);
}

}  // namespace
}  // namespace reeve
