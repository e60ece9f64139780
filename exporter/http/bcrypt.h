#pragma once

#include <string>
#include <string_view>

namespace netstack {

// Above this a single try takes more than five seconds of CPU.
inline constexpr int kMaxBcryptCost = 16;

// Whether `hash` is a bcrypt hash of a cost that can be served. Anything else must not get as far
// as crypt(), which takes a text of another form for a DES salt.
bool IsBcryptHash(std::string_view hash);

// Whether `hash` was made from `password`. False for what IsBcryptHash refuses and for passwords
// that contain NUL. Like every bcrypt it looks at 72 bytes only. Takes 75 ms at cost 10.
bool VerifyBcrypt(std::string_view password, const std::string& hash);

}  // namespace netstack
