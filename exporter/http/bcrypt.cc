#include "exporter/http/bcrypt.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <memory>

namespace netstack {
namespace {

constexpr std::size_t kHashSize = 60;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsBcryptChar(char c) {
  return c == '.' || c == '/' || IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool IsBcryptHash(std::string_view hash) {
  if (hash.size() != kHashSize || !hash.starts_with("$2") || hash[3] != '$' || hash[6] != '$' ||
      std::string_view("aby").find(hash[2]) == std::string_view::npos || !IsDigit(hash[4]) ||
      !IsDigit(hash[5])) {
    return false;
  }
  const int cost = (hash[4] - '0') * 10 + (hash[5] - '0');
  return cost >= 4 && cost <= kMaxBcryptCost &&
         std::all_of(hash.begin() + 7, hash.end(), IsBcryptChar);
}

bool VerifyBcrypt(std::string_view password, const std::string& hash) {
  if (!IsBcryptHash(hash) || password.find('\0') != std::string_view::npos) return false;
  const std::string phrase(password);
  const auto data = std::make_unique<crypt_data>();  // 32 kB: too much for a worker's stack.
  const char* computed = crypt_r(phrase.c_str(), hash.c_str(), data.get());
  if (computed == nullptr || std::string_view(computed).size() != kHashSize) return false;
  return CRYPTO_memcmp(computed, hash.data(), kHashSize) == 0;
}

}  // namespace netstack
