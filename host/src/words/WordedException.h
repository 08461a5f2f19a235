#pragma once

#include "carillon/Failure.h"
#include "carillon/Message.h"

#include "Poco/Exception.h"

#include <utility>

namespace carillon {

/// What an exception of the host's own says, with its code; its message() is that in English.
class Worded {
public:
    explicit Worded(Message said) : _said(std::move(said)) {}
    virtual ~Worded() = default;
    Worded(const Worded&) = default;
    Worded& operator=(const Worded&) = default;

    const Message& said() const { return _said; }

private:
    Message _said;
};

/// An exception of that kind which knows its code.
template <class Kind>
class WordedException final : public Kind, public Worded {
public:
    explicit WordedException(Message said) : Kind(said.text), Worded(std::move(said)) {}
    Poco::Exception* clone() const override { return new WordedException(*this); }
    void rethrow() const override { throw *this; }
};

template <class Kind>
[[noreturn]] void throwWorded(Message said) {
    throw WordedException<Kind>(std::move(said));
}

/// What an exception says, be it the host's own or a task's: with its code where it has one.
inline Message sayException(const Poco::Exception& e) {
    const auto* worded = dynamic_cast<const Worded*>(&e);
    return worded != nullptr ? worded->said() : saidBy(e);
}

}  // namespace carillon
