#pragma once

#include <string>
#include <string_view>

#include "exporter/exposition/format.h"

namespace netstack {

// True if `value` can stand between quotes as it is: ASCII without quote, backslash and newline.
bool IsPlain(std::string_view value);

// Appends a label value without its quotes. Bytes that are not UTF-8 become U+FFFD: one such byte
// (an interface or process name can hold any) would make Prometheus refuse the whole page.
void AppendLabelValue(std::string_view value, std::string& out);

// Appends a HELP text, escaped as `format` wants it.
void AppendHelp(std::string_view help, PageFormat format, std::string& out);

// Appends an upper bound of a bucket in OpenMetrics' canonical spelling, as Prometheus 3 does for
// both formats: "1" becomes "1.0", so that a series has one name whatever the format.
void AppendBound(std::string_view bound, std::string& out);

}  // namespace netstack
