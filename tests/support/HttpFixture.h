#pragma once

#include <cppunit/TestFixture.h>

#include <memory>
#include <string>
#include <vector>

#include "Poco/Net/StreamSocket.h"
#include "support/ServedHost.h"

/// What the tests over HTTP share: a host with the jobs `job` and `other`, which listens on a port of its own.
class HttpFixture : public CppUnit::TestFixture {
public:
    void setUp() override;
    void tearDown() override { _host.reset(); }

protected:
    void start();
    /// Of a host that was started otherwise.
    void readAddress();

    /// The header that shows a new token.
    std::string token(const std::string& name, std::vector<std::string> more) const;

    Poco::Net::StreamSocket connect() const;
    /// All that comes back.
    std::string send(const std::string& bytes) const { return exchange(connect(), bytes); }
    std::string ask(const std::string& method, const std::string& path, const std::string& headers = {},
                    const std::string& body = {}) const;
    std::string get(const std::string& path, const std::string& headers = {}) const {
        return ask("GET", path, headers);
    }

    /// All that comes back on this connection.
    static std::string exchange(Poco::Net::StreamSocket socket, const std::string& bytes);
    /// After which the connection ends.
    static std::string requestOf(const std::string& method, const std::string& path, const std::string& headers,
                                 const std::string& body);
    static void expect(const std::string& status, const std::string& answer);

    std::unique_ptr<ServedHost> _host{};
    std::string _address{};
};
