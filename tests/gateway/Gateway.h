#pragma once

#include "BodySink.h"
#include "Faults.h"
#include "Queue.h"
#include "RequestCounters.h"

#include <cstdint>
#include <string>

namespace testgateway {

struct GatewayOptions {
    /// SQLite file; made when missing, in a folder that exists.
    std::string database{};
    std::string key{};
    /// 0: any free port.
    std::uint16_t port = 0;
    std::string base = "/agora/passerelle";
    int maxThreads = 64;
    /// What health says of the gateway's clock, as the head of an answer has it; empty: the truth.
    std::string date{};
};

/// What the handlers share. Each part may be used by any thread.
struct Gateway {
    explicit Gateway(const GatewayOptions& chosen) : options(chosen), queue(chosen.database) {}

    const GatewayOptions options;
    Queue queue;
    Faults faults{};
    RequestCounters counters{};
    StopSignal stop{};
};

}  // namespace testgateway
