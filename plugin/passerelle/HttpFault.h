#pragma once

#include "Poco/Net/NetException.h"

#include <cstdint>
#include <string>

namespace passerelle {

/// What came instead of an answer. The message is the rest of a sentence, which `who` begins.
class HttpFault : public Poco::Net::NetException {
public:
    enum class Who : std::uint8_t {
        Unreached,  ///< "… cannot be reached: ": nobody there.
        Silent,     ///< "… takes connections, but ": and not a byte came.
        Answered    ///< "… answered, but "
    };

    HttpFault(Who who, const std::string& message) : Poco::Net::NetException(message), _who(who) {}

    Who who() const { return _who; }
    const char* name() const noexcept override { return "HTTP fault"; }
    Poco::Exception* clone() const override { return new HttpFault(*this); }
    void rethrow() const override { throw *this; }

private:
    Who _who;
};

}  // namespace passerelle
