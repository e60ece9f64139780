#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace netstack {

struct Credentials {
  std::string user;
  std::string password;
};

// Decodes the value of an Authorization header: "Basic" in any case, base64, user:password.
std::optional<Credentials> ParseBasicAuthorization(std::string_view header);

enum class AuthResult { kAccepted, kRefused, kBusy };

// Checks passwords against bcrypt hashes. One hash is computed at a time; a password that was right
// is remembered by a keyed digest, so that a scrape does not pay for bcrypt each time and nobody
// who guesses can push a known one out.
class BasicAuth {
 public:
  using Verify = std::function<bool(std::string_view password, const std::string& hash)>;

  explicit BasicAuth(Verify verify);

  // `users` maps a user to a bcrypt hash. kBusy: too many are waiting for their hash already.
  AuthResult Check(const std::map<std::string, std::string>& users, std::string_view authorization);

 private:
  using Digest = std::array<unsigned char, 32>;

  Digest KeyedDigest(const Credentials& credentials, const std::string& hash) const;
  bool Remembers(const Digest& digest);
  void Remember(const Digest& digest);

  const Verify verify_;
  std::array<unsigned char, 32> key_{};  // Random for each process.
  std::atomic<int> waiting_ = 0;
  std::mutex bcrypt_mutex_;
  std::mutex cache_mutex_;
  std::vector<Digest> accepted_;  // At most kCacheSize, oldest overwritten first.
  std::size_t next_ = 0;
};

}  // namespace netstack
