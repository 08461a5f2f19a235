#pragma once

#include "carillon/Interface.h"
#include "carillon/Message.h"

#include "Poco/Exception.h"

#include <utility>

namespace carillon {

/// What a task throws, or derives from, to have its failure told in the language of whoever reads it: the message
/// becomes that of the run. message() has its English text, if it has one, else its code.
class CARILLON_INTERFACE Failure : public Poco::RuntimeException {
public:
    explicit Failure(Message said)
        : Poco::RuntimeException(said.text.empty() ? said.code : said.text), _said(std::move(said)) {}
    const char* name() const noexcept override { return "Failure"; }
    Poco::Exception* clone() const override { return new Failure(*this); }
    void rethrow() const override { throw *this; }

    const Message& said() const { return _said; }

private:
    Message _said;
};

/// What an exception tells, with its code where it has one.
inline Message saidBy(const Poco::Exception& e) {
    if (const auto* failure = dynamic_cast<const Failure*>(&e)) return failure->said();
    return e.message().empty() ? e.displayText() : e.message();
}

}  // namespace carillon
