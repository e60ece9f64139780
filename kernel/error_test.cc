#include "kernel/error.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace netstack {
namespace {

TEST(Error, NamesPathLineAndItem) {
  EXPECT_EQ(MalformedAt("/proc/net/softnet_stat", 3, "not hex", "0x1g").Describe(),
            "/proc/net/softnet_stat line 3: not hex: '0x1g'");
}

TEST(Error, ShowsHostileBytesAsEscapesAndCutsThem) {
  EXPECT_EQ(MalformedAt("/p", 1, "bad", "a\n\xff").Describe(), "/p line 1: bad: 'a\\x0a\\xff'");
  EXPECT_EQ(MalformedAt("/p", 1, "bad", std::string(50, 'x')).what,
            "bad: '" + std::string(40, 'x') + "...'");
}

TEST(Error, TellsAbsenceRefusalAndFaultApart) {
  EXPECT_EQ(ErrorFromErrno(ENOENT, "/p", "open").kind, ErrorKind::kAbsent);
  EXPECT_EQ(ErrorFromErrno(EACCES, "/p", "open").kind, ErrorKind::kNoPermission);
  EXPECT_EQ(ErrorFromErrno(EOPNOTSUPP, "", "x").kind, ErrorKind::kUnsupported);
  EXPECT_EQ(ErrorFromErrno(EIO, "/p", "read").kind, ErrorKind::kIo);
  EXPECT_EQ(ErrorFromErrno(ENOENT, "/p", "open").Describe(), "/p: open: No such file or directory");
}

}  // namespace
}  // namespace netstack
