#pragma once

#include <mutex>
#include <optional>

#include "Poco/Net/TCPServer.h"
#include "Poco/ThreadPool.h"

/// Stands between a client and a MySQL server on this machine, without TLS, and cuts the connection of one COMMIT.
class CommitProxy {
public:
    enum class Loss {
        Commit,  ///< It never reaches the server.
        Answer   ///< The server has committed; its answer never reaches the client.
    };

    explicit CommitProxy(Poco::UInt16 server);
    ~CommitProxy();
    CommitProxy(const CommitProxy&) = delete;
    CommitProxy& operator=(const CommitProxy&) = delete;

    Poco::UInt16 port() const { return _listener.port(); }

    /// Of the COMMITs to come, on whatever connection, the one of this number; the first is 1.
    void lose(Loss loss, int number);
    /// False: none of that number has come so far.
    bool hasLost() const;

    /// What becomes of a COMMIT that has just come; nothing: it passes.
    std::optional<Loss> meet();

private:
    mutable std::mutex _mutex;
    Loss _loss = Loss::Commit;
    int _left = 0;
    bool _lost = false;
    Poco::ThreadPool _threads;
    Poco::Net::TCPServer _listener;
};
