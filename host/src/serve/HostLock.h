#pragma once

#include "carillon/Message.h"
#include "platform/OpenFile.h"

#include "Poco/Exception.h"

#include <string>

namespace carillon {

/// Another host runs on the same state. The message names it.
class HostRunsAlready : public Poco::RuntimeException {
public:
    using Poco::RuntimeException::RuntimeException;
    const char* name() const noexcept override { return "Host runs already"; }
    Poco::Exception* clone() const override { return new HostRunsAlready(*this); }
    void rethrow() const override { throw *this; }
};

/// Held by the one host of a state folder, in `<stateDir>/carillon.lock`. The kernel frees it with the process, so that
/// a file that was left behind never blocks a start.
class HostLock {
public:
    /// `self`: what another host is told. Throws HostRunsAlready or Poco::FileException.
    HostLock(const std::string& stateDir, const std::string& self);
    HostLock(const HostLock&) = delete;
    HostLock& operator=(const HostLock&) = delete;

    /// Held: its file is still in its place. Restored: it had been removed or replaced, and is made and held anew.
    /// Failed: that is not possible now, see problem(). Lost: another host holds it, and this one is to end.
    enum class Look { Held, Restored, Failed, Lost };
    /// One thread.
    Look look();
    /// After Failed and Lost: why two hosts may use the folder at once, as a sentence.
    const Message& problem() const { return _problem; }

    /// Whether a host holds it now. Only to be asked when there is good reason: one that starts in this very instant is
    /// refused.
    static bool isHeld(const std::string& stateDir);

private:
    bool isInPlace() const;
    void take();

    const std::string _stateDir;
    const std::string _path;
    const std::string _self;
    OpenFile _file{};
    Message _problem{};
};

}  // namespace carillon
