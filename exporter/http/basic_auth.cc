#include "exporter/http/basic_auth.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <stdexcept>
#include <utility>

#include "exporter/http/message.h"

namespace netstack {
namespace {

constexpr std::size_t kCacheSize = 100;
// Fewer than workers, so that a flood of guesses leaves some to those with a known password.
constexpr int kMaxWaiting = 16;
// An unknown user costs as much time as a known one: a hash that is nobody's, of cost 10.
constexpr char kNobodysHash[] = "$2b$10$Nobody.ever.has.this.uTerkjp2CZsV8/irL/iGX2wzAhEafg1K";

std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > 4096) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int n = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                reinterpret_cast<const unsigned char*>(text.data()),
                                static_cast<int>(text.size()));
  if (n < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  out.resize(static_cast<std::size_t>(n) - padding);
  return out;
}

class WaitingSlot {
 public:
  explicit WaitingSlot(std::atomic<int>& count) : count_(count), taken_(++count <= kMaxWaiting) {}
  ~WaitingSlot() { --count_; }
  WaitingSlot(const WaitingSlot&) = delete;
  WaitingSlot& operator=(const WaitingSlot&) = delete;
  bool taken() const { return taken_; }

 private:
  std::atomic<int>& count_;
  const bool taken_;
};

}  // namespace

std::optional<Credentials> ParseBasicAuthorization(std::string_view header) {
  constexpr std::string_view kScheme = "Basic ";
  if (!EqualIgnoringCase(header.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  const auto text = DecodeBase64(header.substr(kScheme.size()));
  if (!text || text->find('\0') != std::string::npos) return std::nullopt;
  const std::size_t colon = text->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return Credentials{.user = text->substr(0, colon), .password = text->substr(colon + 1)};
}

BasicAuth::BasicAuth(Verify verify) : verify_(std::move(verify)) {
  // Not from OpenSSL, whose start costs megabytes that most never need. Up to 256 bytes come whole.
  if (getrandom(key_.data(), key_.size(), 0) != static_cast<ssize_t>(key_.size())) {
    throw std::runtime_error("no random bytes for the authentication cache");
  }
}

AuthResult BasicAuth::Check(const std::map<std::string, std::string>& users,
                            std::string_view authorization) {
  const auto credentials = ParseBasicAuthorization(authorization);
  if (!credentials) return AuthResult::kRefused;
  const auto user = users.find(credentials->user);
  const bool known = user != users.end();
  const std::string hash = known ? user->second : std::string(kNobodysHash);
  const Digest digest = KeyedDigest(*credentials, hash);
  if (known && Remembers(digest)) return AuthResult::kAccepted;
  const WaitingSlot slot(waiting_);
  if (!slot.taken()) return AuthResult::kBusy;
  {
    const std::lock_guard lock(bcrypt_mutex_);
    if (!verify_(credentials->password, hash) || !known) return AuthResult::kRefused;
  }
  Remember(digest);
  return AuthResult::kAccepted;
}

BasicAuth::Digest BasicAuth::KeyedDigest(const Credentials& credentials,
                                         const std::string& hash) const {
  // NUL cannot occur inside the parts, so no two triples give the same text.
  const std::string text = credentials.user + '\0' + hash + '\0' + credentials.password;
  Digest digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return digest;
}

bool BasicAuth::Remembers(const Digest& digest) {
  const std::lock_guard lock(cache_mutex_);
  for (const Digest& known : accepted_) {
    if (CRYPTO_memcmp(known.data(), digest.data(), digest.size()) == 0) return true;
  }
  return false;
}

void BasicAuth::Remember(const Digest& digest) {
  const std::lock_guard lock(cache_mutex_);
  if (accepted_.size() < kCacheSize) {
    accepted_.push_back(digest);
    return;
  }
  accepted_[next_] = digest;
  next_ = (next_ + 1) % kCacheSize;
}

}  // namespace netstack
