#include "agent/http/password.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

constexpr char kRest[] =
    "04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

TEST(IsPasswordOfTest, EveryKindOfBcryptIsUnderstood) {
  for (const char* kind : {"$2a$", "$2b$", "$2y$"}) {
    const std::string hash = std::string(kind) + kRest;
    EXPECT_TRUE(IsPasswordOf(hash, "secret")) << kind;
    EXPECT_FALSE(IsPasswordOf(hash, "Secret")) << kind;
    EXPECT_FALSE(IsPasswordOf(hash, "")) << kind;
  }
}

TEST(IsPasswordOfTest, PasswordDoesNotEndAtANull) {
  const std::string password("secret\0more", 11);

  EXPECT_FALSE(IsPasswordOf(std::string("$2b$") + kRest, password));
}

TEST(IsPasswordOfTest, WhatIsNoHashIsNobodysPassword) {
  EXPECT_FALSE(IsPasswordOf("", ""));
  EXPECT_FALSE(IsPasswordOf("*0", "secret"));
  EXPECT_FALSE(IsPasswordOf("secret", "secret"));
}

}  // namespace
}  // namespace reeve
