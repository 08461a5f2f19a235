#pragma once

#include "AgoraSession.h"
#include "Gateway.h"

#include "carillon/RunReport.h"

#include "Poco/Exception.h"

namespace passerelle {

/// Whether what failed will fail again until a person has mended it: a key, a password or a setting is wrong.
inline bool isHopeless(const Poco::Exception& cause) {
    const auto* refused = dynamic_cast<const GatewayRefused*>(&cause);
    return (refused != nullptr && !refused->mayPass()) || dynamic_cast<const LoginRefused*>(&cause) != nullptr;
}

/// Does the work; where it throws what is hopeless, gives up with its message.
template <typename Work>
carillon::RunReport givingUpWhereHopeless(const Work& work) {
    try {
        return work();
    } catch (const Poco::Exception& e) {
        if (!isHopeless(e)) throw;
        return carillon::RunReport::giveUp(saidBy(e));
    }
}

}  // namespace passerelle
