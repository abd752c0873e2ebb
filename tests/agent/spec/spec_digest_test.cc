#include "agent/spec/spec_digest.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(SpecDigestTest, TellsSpecsApartAndIsTheSameForTheNextAgent) {
  v1::TaskSpec spec;
  spec.set_id("web");
  const std::string digest = SpecDigest(spec);

  EXPECT_EQ(digest,
            "2d7ba83230ed8d114e93e70eace7f3dda76cc6d6e18b1dc84dab16ceaa3d1ec8");
  spec.set_user("nobody");
  EXPECT_NE(SpecDigest(spec), digest);
}

}  // namespace
}  // namespace reeve
