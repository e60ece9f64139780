#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace netstack::markdown {

std::string Join(std::initializer_list<std::string_view> pieces);

// Text as Markdown shows it unchanged, in a table cell too.
std::string Plain(std::string_view text);

}  // namespace netstack::markdown
