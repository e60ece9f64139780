#include "collectors/qdisc/handle_label.h"

#include <linux/pkt_sched.h>

#include <algorithm>
#include <charconv>

namespace netstack::qdisc {

void HandleLabel::Append(std::string_view text) {
  std::copy(text.begin(), text.end(), text_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += text.size();
}

void HandleLabel::AppendHex(std::uint32_t number) {
  char* const end = text_.data() + text_.size();
  size_ = static_cast<std::size_t>(std::to_chars(text_.data() + size_, end, number, 16).ptr -
                                   text_.data());
}

HandleLabel HandleLabel::OfHandle(std::uint32_t handle) {
  HandleLabel label;
  label.AppendHex(handle >> 16);
  label.Append(":");
  return label;
}

HandleLabel HandleLabel::OfParent(std::uint32_t parent) {
  HandleLabel label;
  if (parent == TC_H_ROOT) {
    label.Append("root");
  } else if (parent == TC_H_INGRESS) {
    label.Append("ingress");
  } else {
    if ((parent >> 16) != 0) label.AppendHex(parent >> 16);
    label.Append(":");
    if ((parent & 0xffff) != 0) label.AppendHex(parent & 0xffff);
  }
  return label;
}

}  // namespace netstack::qdisc
