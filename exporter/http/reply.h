#pragma once

#include <string>

#include "exporter/http/message.h"

struct mg_connection;

namespace netstack {

// "404 Not Found".
std::string StatusText(int status);

// The status line and the headers, with the empty line at the end. Header values lose CR and LF.
std::string ReplyHead(const Response& response);

// Sends the whole answer, without the body if `head_only`, and says that the connection will close.
void SendReply(mg_connection* connection, const Response& response, bool head_only);

}  // namespace netstack
