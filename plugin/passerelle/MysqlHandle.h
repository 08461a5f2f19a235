#pragma once

#include <chrono>
#include <string>

namespace passerelle {

/// What Poco's MySQL connector cannot set on a connection: time limits of reads and writes, and TLS. Every connection
/// that gets them also reads committed rows as they are now.
struct MysqlHandleOptions {
    std::chrono::seconds timeout{30};
    bool tls = false;
    std::string ca{};
    std::string certificate{};
    std::string key{};
};

/// While it lives, every connection that this thread opens gets the options. Other threads' do not.
class MysqlHandleScope {
public:
    explicit MysqlHandleScope(const MysqlHandleOptions& options);
    MysqlHandleScope(const MysqlHandleScope&) = delete;
    MysqlHandleScope& operator=(const MysqlHandleScope&) = delete;
    ~MysqlHandleScope();
};

}  // namespace passerelle
