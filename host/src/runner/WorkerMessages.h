#pragma once

#include "base/JsonValue.h"
#include "carillon/Check.h"
#include "carillon/ConfigReader.h"
#include "carillon/RunReport.h"
#include "carillon/SyncTask.h"
#include "plugins/PluginLibrary.h"

#include "Poco/JSON/Object.h"

#include <string>
#include <vector>

/// The forms in which a worker process tells the host what its task produced: JSON, one line a message.
namespace carillon {

Poco::JSON::Object::Ptr toJson(const RunReport& report);
Poco::JSON::Object::Ptr toJson(const Check& check);
Poco::JSON::Object::Ptr toJson(const Reject& reject);
Poco::JSON::Object::Ptr toJson(const PlannedItem& item);
Poco::JSON::Object::Ptr toJson(const MailAccount& account);
Poco::JSON::Object::Ptr toJson(const ConfigFault& fault);
Poco::JSON::Object::Ptr toJson(const PluginDescription& plugin);

/// These throw Poco::Exception when the value is not of the form.
RunReport reportFromJson(const JsonValue& json);
Check checkFromJson(const JsonValue& json);
Reject rejectFromJson(const JsonValue& json);
PlannedItem plannedItemFromJson(const JsonValue& json);
MailAccount mailAccountFromJson(const JsonValue& json);
ConfigFault faultFromJson(const JsonValue& json);
PluginDescription pluginFromJson(const JsonValue& json);

/// One line without its end. Keys keep their order; a byte that is not UTF-8 becomes the four characters \xNN.
std::string toLine(const Poco::JSON::Object& json);

}  // namespace carillon
