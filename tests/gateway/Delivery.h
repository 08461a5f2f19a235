#pragma once

#include "BodySink.h"
#include "Faults.h"
#include "Http.h"

#include <functional>
#include <optional>
#include "Poco/Net/HTTPServerRequest.h"
#include "Poco/Net/HTTPServerResponse.h"

namespace testgateway {

/// Brings one answer to the client, with the faults that lie on the way (drip, cut). One thread, one use.
class Delivery {
public:
    Delivery(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response, StopSignal& stop);

    void setFault(const std::optional<Fault>& fault) { _fault = fault; }

    void send(const Reply& reply);
    /// A JSON answer with status 200 whose length nobody knows yet.
    void stream(const std::function<void(BodySink&)>& writeBody);
    /// Ends the connection without another byte; reset: with RST, else with FIN.
    void dropConnection(bool reset);

private:
    bool isCut() const { return _fault && _fault->kind == FaultKind::Cut; }
    void announceLength(std::optional<std::size_t> length);
    void deliver(std::optional<std::size_t> length, const std::function<void(BodySink&)>& writeBody);
    void writeThrough(BodySink& sink, const std::function<void(BodySink&)>& writeBody);

    Poco::Net::HTTPServerRequest& _request;
    Poco::Net::HTTPServerResponse& _response;
    StopSignal& _stop;
    std::optional<Fault> _fault{};
};

}  // namespace testgateway
