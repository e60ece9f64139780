#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace netstack {

// Gathers many short pieces on the stack before they go to a string: an append to a std::string
// costs several times what a copy of a few bytes does. Ends with Flush().
class Chunk {
 public:
  explicit Chunk(std::string& out) : out_(out) {}
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;

  void Put(std::string_view piece) {
    if (piece.size() > Room()) {
      Flush();
      if (piece.size() > buffer_.size()) {
        out_.append(piece);
        return;
      }
    }
    std::memcpy(at_, piece.data(), piece.size());
    at_ += piece.size();
  }

  // Room for `size` bytes (at most kSize) that the caller fills; Advance tells how far.
  char* Reserve(std::size_t size) {
    if (size > Room()) Flush();
    return at_;
  }
  void Advance(char* end) { at_ = end; }

  // Moves everything to the string and returns it, to be appended to directly.
  std::string& Flush() {
    out_.append(buffer_.data(), static_cast<std::size_t>(at_ - buffer_.data()));
    at_ = buffer_.data();
    return out_;
  }

 private:
  static constexpr std::size_t kSize = 4096;
  std::size_t Room() const { return static_cast<std::size_t>(buffer_.data() + kSize - at_); }

  std::string& out_;
  std::array<char, kSize> buffer_;  // Not initialised on purpose.
  char* at_ = buffer_.data();
};

}  // namespace netstack
