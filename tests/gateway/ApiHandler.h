#pragma once

#include "Delivery.h"
#include "Gateway.h"
#include "PendingAnswer.h"

#include <optional>
#include <string>
#include "Poco/Net/HTTPRequestHandler.h"

namespace testgateway {

/// Answers one call of the gateway's API, in both dialects. One thread.
class ApiHandler final : public Poco::Net::HTTPRequestHandler {
public:
    explicit ApiHandler(Gateway& gateway) : _gateway(gateway) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override;

private:
    struct Route {
        bool known = false;
        Call call = Call::Pending;
        Dialect dialect = Dialect::Path;
    };

    Route routeOf(const std::string& uri) const;
    bool hasKey(const Poco::Net::HTTPServerRequest& request) const;

    void answer(Poco::Net::HTTPServerRequest& request, Delivery& delivery);
    void answerCall(const Route& route, const std::optional<Fault>& fault, const std::string& body, Delivery& delivery);
    void answerPending(const Route& route, const std::optional<Fault>& fault, Delivery& delivery);
    Reply acknowledge(const Route& route, NumberStyle numbers, const std::string& body);
    Reply stats(NumberStyle numbers);

    Gateway& _gateway;
};

}  // namespace testgateway
