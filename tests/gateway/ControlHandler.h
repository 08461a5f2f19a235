#pragma once

#include "Gateway.h"
#include "Http.h"

#include <string>
#include "Poco/Net/HTTPRequestHandler.h"

namespace testgateway {

/// Answers one call of the control API, with which tests fill and disturb the gateway. One thread.
class ControlHandler final : public Poco::Net::HTTPRequestHandler {
public:
    explicit ControlHandler(Gateway& gateway) : _gateway(gateway) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override;

private:
    using Action = Reply (ControlHandler::*)(const std::string& body);

    Reply replyTo(Poco::Net::HTTPServerRequest& request);
    static Action actionOf(const std::string& path);

    Reply addItems(const std::string& body);
    Reply addRawAnswer(const std::string& body);
    Reply addBacklog(const std::string& body);
    Reply addFault(const std::string& body);
    Reply clearFaults(const std::string& body);
    Reply reset(const std::string& body);
    Reply state(const std::string& body);

    Gateway& _gateway;
};

}  // namespace testgateway
