#include "GatewayMove.h"

#include "BacklogReader.h"

#include "Poco/Exception.h"
#include "Poco/String.h"
#include "Poco/URI.h"

namespace passerelle {

std::optional<GatewayAddress> movedTo(const GatewayAddress& from, const std::string& call,
                                      const std::string& location) {
    try {
        Poco::URI target(from.text() + call);
        target.resolve(location);
        const std::string path = target.getPathEtc();
        // The whole gateway has moved, or this is something else.
        if (!target.getUserInfo().empty() || !path.ends_with(call)) return std::nullopt;
        GatewayAddress to(target.getScheme() + "://" + target.getAuthority() +
                          path.substr(0, path.size() - call.size()));
        const bool isSameDoor = to.scheme() == from.scheme() && to.port() == from.port();
        const bool isSafer = to.isEncrypted() && !from.isEncrypted();
        if (Poco::icompare(to.host(), from.host()) != 0 || !(isSameDoor || isSafer)) return std::nullopt;
        if (isSameDoor && to.path() == from.path()) return std::nullopt;
        return to;
    } catch (const Poco::Exception&) {  // an address that cannot be read, or used
        return std::nullopt;
    }
}

std::string adviceOnRedirect(const GatewayAddress& from, const std::string& call, const std::string& location) {
    if (from.isEncrypted() && Poco::icompare(location, 0, 7, std::string("http://")) == 0)
        return "it leads out of the encryption, which its hosting has to mend";
    if (!location.ends_with(call)) return "see validation_url in Agora or task.gateway.url";
    return "if the gateway is there now, enter " + excerpt(location.substr(0, location.size() - call.size())) +
           " as validation_url in Agora or as task.gateway.url";
}

}  // namespace passerelle
