#pragma once

#include "Poco/Net/StreamSocket.h"

namespace carillon {

/// A way to a mail server over an open connection. Poco's session takes the end of one within an answer of several
/// lines for a line of it, and waits for the next one for ever, with ever more memory: so here the end, and an answer
/// without one, throw Poco::Net::NetException.
Poco::Net::StreamSocket mailSocketOver(const Poco::Net::StreamSocket& connection);

}  // namespace carillon
