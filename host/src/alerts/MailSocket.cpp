#include "alerts/MailSocket.h"

#include "Poco/Net/NetException.h"
#include "Poco/Net/StreamSocketImpl.h"

#include <cstddef>

namespace carillon {
namespace {

/// All that a server says while it takes one mail.
constexpr std::size_t kMostBytes = 64 << 10;

class MailSocketImpl final : public Poco::Net::StreamSocketImpl {
public:
    explicit MailSocketImpl(const Poco::Net::StreamSocket& connection) : _connection(connection) {}

    int sendBytes(const void* buffer, int length, int flags) override {
        return _connection.sendBytes(buffer, length, flags);
    }
    int receiveBytes(void* buffer, int length, int flags) override {
        const int count = _connection.receiveBytes(buffer, length, flags);
        if (count <= 0) throw Poco::Net::NetException("it ended the connection");
        _received += static_cast<std::size_t>(count);
        if (_received > kMostBytes) throw Poco::Net::NetException("its answers have no end");
        return count;
    }
    void close() override { _connection.close(); }
    bool secure() const override { return _connection.secure(); }

private:
    Poco::Net::StreamSocket _connection;
    std::size_t _received = 0;
};

}  // namespace

Poco::Net::StreamSocket mailSocketOver(const Poco::Net::StreamSocket& connection) {
    return Poco::Net::StreamSocket(new MailSocketImpl(connection));  // which is the socket's own
}

}  // namespace carillon
