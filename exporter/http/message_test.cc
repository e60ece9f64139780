#include "exporter/http/message.h"

#include <gtest/gtest.h>

#include <vector>

namespace netstack {
namespace {

int Check(std::vector<HeaderField> fields, std::string_view version = "1.1") {
  return CheckRequestHeaders(version, fields, 64);
}

TEST(Request, FindsHeadersInAnyCase) {
  const std::vector<HeaderField> fields = {{"accept-ENCODING", "gzip"}, {"Accept-Encoding", "br"}};
  const Request request{.method = "GET", .path = "/", .query = "", .headers = fields};
  EXPECT_EQ(request.Header("Accept-Encoding"), "gzip");
  EXPECT_EQ(request.Header("Accept"), "");
}

TEST(RequestHeaders, NeedExactlyOneHostFromHttp11On) {
  EXPECT_EQ(Check({{"Host", "a.test:9100"}}), 0);
  EXPECT_EQ(Check({{"Host", "[::1]:9100"}}), 0);
  EXPECT_EQ(Check({{"Host", ""}}), 0);
  EXPECT_EQ(Check({}, "1.0"), 0);
  EXPECT_EQ(Check({}), 400);
  EXPECT_EQ(Check({{"Host", "a"}, {"host", "a"}}), 400);
  EXPECT_EQ(Check({{"Host", "a"}, {"host", "b"}}, "1.0"), 400);
  EXPECT_EQ(Check({{"Host", "a@b/c"}}), 400);
}

TEST(RequestHeaders, MustNotSayTheLengthTwice) {
  EXPECT_EQ(Check({{"Host", "a"}, {"Content-Length", "0"}}), 0);
  EXPECT_EQ(Check({{"Host", "a"}, {"Content-Length", "0"}, {"content-length", "0"}}), 400);
  EXPECT_EQ(Check({{"Host", "a"}, {"Content-Length", "0"}, {"Transfer-Encoding", "chunked"}}), 400);
  EXPECT_EQ(Check({{"Host", "a"}, {"Transfer-Encoding", "a"}, {"Transfer-Encoding", "b"}}), 400);
}

TEST(RequestHeaders, MustBeTokensAndNotTooMany) {
  EXPECT_EQ(Check({{"Host", "a"}, {"X(y)", "z"}}), 400);
  EXPECT_EQ(Check({{"Host", "a"}, {"", "z"}}), 400);
  EXPECT_EQ(Check(std::vector<HeaderField>(64, {"X", "y"})), 431);
}

}  // namespace
}  // namespace netstack
