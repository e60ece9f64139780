#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace netstack {

struct QueryParameter {
  std::string name;
  std::string value;
};

// Decodes "collect[]=a&collect[]=b": percent sequences and '+' for a space, in the order given. A
// '%' that no two hex digits follow stands for itself. Empty parts are left out.
std::vector<QueryParameter> ParseQuery(std::string_view query);

// The values of all parameters called `name`, such as "collect[]".
std::vector<std::string> QueryValues(std::string_view query, std::string_view name);

}  // namespace netstack
