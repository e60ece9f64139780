#include "kernel/missing.h"

#include <gtest/gtest.h>

namespace netstack {
namespace {

TEST(IsMissing, IsTrueOfWhatTheKernelOrTheDriverLacks) {
  EXPECT_TRUE(IsMissing({.kind = ErrorKind::kAbsent}));
  EXPECT_TRUE(IsMissing({.kind = ErrorKind::kUnsupported}));
}

TEST(IsMissing, IsFalseOfFaults) {
  for (const ErrorKind kind : {ErrorKind::kNoPermission, ErrorKind::kMalformed, ErrorKind::kTimeout,
                               ErrorKind::kIo, ErrorKind::kInvalid}) {
    EXPECT_FALSE(IsMissing({.kind = kind})) << static_cast<int>(kind);
  }
}

}  // namespace
}  // namespace netstack
