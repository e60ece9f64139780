// What the civetweb that was compiled in can do, and what it must not be able to do.
#include <civetweb.h>
#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <string>

namespace {

TEST(CivetwebBuild, HasTlsIpv6AndUnixSockets) {
  EXPECT_NE(mg_check_feature(MG_FEATURES_TLS), 0U);
  EXPECT_NE(mg_check_feature(MG_FEATURES_IPV6), 0U);
  EXPECT_NE(mg_check_feature(MG_FEATURES_X_DOMAIN_SOCKET), 0U);
}

TEST(CivetwebBuild, HasNothingThatServesFilesOrRunsPrograms) {
  constexpr unsigned kUnwanted = MG_FEATURES_FILES | MG_FEATURES_CGI | MG_FEATURES_WEBSOCKET |
                                 MG_FEATURES_LUA | MG_FEATURES_SSJS | MG_FEATURES_CACHE |
                                 MG_FEATURES_COMPRESSION | MG_FEATURES_HTTP2;
  EXPECT_EQ(mg_check_feature(kUnwanted), 0U);
}

TEST(CivetwebBuild, InitializesTlsWithOpenSsl3) {
  EXPECT_GE(OPENSSL_version_major(), 3U);
  EXPECT_NE(mg_init_library(MG_FEATURES_TLS) & MG_FEATURES_TLS, 0U);
  mg_exit_library();
}

TEST(CivetwebBuild, IsTheVersionWithTheFixes) {
  EXPECT_EQ(std::string(mg_version()), "1.16");
}

}  // namespace
