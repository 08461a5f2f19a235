#pragma once

#include "AgoraDatabase.h"
#include "AgoraSession.h"
#include "AgoraTime.h"
#include "GatewayClient.h"
#include "ListingReader.h"
#include "Settings.h"

#include "carillon/RunContext.h"

namespace passerelle {

/// Agora's settings with the job's overrides; the API key is concealed from here on.
inline Settings readEffectiveSettings(AgoraSession& session, const SyncOptions& options,
                                      carillon::RunContext& context) {
    Settings settings = withOverrides(AgoraDatabase(session).readSettings(), options);
    context.conceal(settings.key);
    return settings;
}

/// `waits`: see GatewayOptions.
inline GatewayOptions gatewayOptions(const Settings& settings, const SyncOptions& options, bool waits) {
    return {settings.url, settings.key, options.dialect, options.timeout, options.tls, waits, options.proxy};
}

/// The real gateway and zones of one run, and its limits. Throws GatewayRefused and Poco::NotFoundException for values
/// that cannot be used.
struct SyncParts {
    SyncParts(const Settings& settings, const SyncOptions& options, carillon::RunContext& context)
        : time(context, settings.agoraZone, options.gatewayZone),
          gateway(gatewayOptions(settings, options, true), context),
          limits{options.batch, settings.maxStatementBytes, options.maxRejectRatio, options.keepsStrangers,
                 options.notifiesCreators} {}

    AgoraTime time;
    GatewayClient gateway;
    SyncLimits limits;
};

}  // namespace passerelle
