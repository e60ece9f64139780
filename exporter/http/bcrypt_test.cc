#include "exporter/http/bcrypt.h"

#include <gtest/gtest.h>

namespace netstack {
namespace {

// Made with libxcrypt from the password "secret" and the salt in the hash.
const std::string k2y = "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";
const std::string k2b = "$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a";

TEST(Bcrypt, AcceptsThePasswordAndNoOther) {
  for (const std::string& hash : {k2y, k2b}) {
    EXPECT_TRUE(VerifyBcrypt("secret", hash)) << hash;
    EXPECT_FALSE(VerifyBcrypt("Secret", hash)) << hash;
    EXPECT_FALSE(VerifyBcrypt("", hash)) << hash;
    EXPECT_FALSE(VerifyBcrypt("secret ", hash)) << hash;
  }
}

TEST(Bcrypt, RefusesNulRatherThanCuttingThePasswordThere) {
  EXPECT_FALSE(VerifyBcrypt(std::string_view("secret\0more", 11), k2y));
}

TEST(Bcrypt, RefusesHashesOfAnotherForm) {
  const std::string rest = k2y.substr(7);
  EXPECT_TRUE(IsBcryptHash("$2a$10$" + rest));
  for (const std::string& hash :
       {std::string("plain"), std::string(), "$2x$10$" + rest, "$1$10$" + rest, "$2y$1$0" + rest,
        "$2y$03$" + rest, "$2y$17$" + rest, "$2y$10$" + rest + "x", "$2y$10$" + rest.substr(1),
        "$2y$10$" + rest.substr(1) + "!", "$2y$ 4$" + rest}) {
    EXPECT_FALSE(IsBcryptHash(hash)) << hash;
    EXPECT_FALSE(VerifyBcrypt("secret", hash)) << hash;
  }
}

}  // namespace
}  // namespace netstack
