#pragma once

#include "windows/System.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// A pipe between this process, whose end never waits, and a child, which is given the other one.
struct ChildPipe {
    enum class Way { ToChild, FromChild };

    /// Throws Poco::SystemException.
    explicit ChildPipe(Way way);

    Handle own{};
    Handle childs{};  ///< Can be inherited.
};

/// This side's end of a pipe from a child. One thread at a time: another one may take over, and the one before may end.
class ReadEnd {
public:
    explicit ReadEnd(Handle pipe);
    ReadEnd(const ReadEnd&) = delete;
    ReadEnd& operator=(const ReadEnd&) = delete;
    ~ReadEnd() { close(); }

    bool isOpen() const { return static_cast<bool>(_pipe); }
    /// Set when take() has something, or the end.
    HANDLE event() const { return _event.get(); }
    /// Appends what is there now, some 64 KiB at most. False: nothing was; at the end it is no longer open.
    bool take(std::string& buffer);
    void close();

private:
    void begin();

    Handle _pipe;
    Handle _event;
    OVERLAPPED _reading{};
    bool _reads = false;  // the system owns the block
    std::array<char, 65536> _block;
};

/// This side's end of a pipe to a child. One thread at a time.
class WriteEnd {
public:
    explicit WriteEnd(Handle pipe);
    WriteEnd(const WriteEnd&) = delete;
    WriteEnd& operator=(const WriteEnd&) = delete;
    ~WriteEnd() { close(); }

    /// Set when write() takes something.
    HANDLE event() const { return _event.get(); }
    /// How much it took. Nothing: nobody will ever read it.
    std::optional<std::size_t> write(std::string_view bytes);
    void close();

private:
    Handle _pipe;
    Handle _event;
    OVERLAPPED _writing{};
    bool _writes = false;  // the system owns the text
    std::string _text{};
};

}  // namespace carillon
