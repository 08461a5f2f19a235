#pragma once

#include "Poco/Data/Session.h"
#include "Poco/Exception.h"

#include <chrono>
#include <string>

namespace carillon {

/// The store cannot be used. The message is one sentence: the file, what is wrong, what to do.
class StoreException : public Poco::IOException {
public:
    using Poco::IOException::IOException;
    const char* name() const noexcept override { return "Store exception"; }
    Poco::Exception* clone() const override { return new StoreException(*this); }
    void rethrow() const override { throw *this; }
};

/// The file carillon.db in the folder of the state, and the connection to it. For one thread.
class StoreFile {
public:
    /// Makes the folder and the file if they are missing. Throws StoreException.
    StoreFile(const std::string& stateDir, std::chrono::milliseconds patience);

    /// Returns what `action` makes of the session. What the database throws meanwhile becomes a StoreException.
    template <class Action>
    auto with(Action action) {
        try {
            return action(_session);
        } catch (const Poco::Exception& e) {
            throw exceptionOf(_path, e);
        }
    }

private:
    static StoreException exceptionOf(const std::string& path, const Poco::Exception& e);
    static Poco::Data::Session open(const std::string& path, std::chrono::milliseconds patience);

    std::string _path;
    Poco::Data::Session _session;
};

}  // namespace carillon
