#pragma once

#include "base/EnumNames.h"
#include "base/JsonValue.h"
#include "base/JsonWriter.h"
#include "carillon/Clock.h"
#include "carillon/Message.h"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// A struct that travels or is shown names its members once, in a function beside it:
///
///     template <class Archive>
///     void fields(Archive& archive, Holder& holder) {
///         archive("run", holder.run);
///         archive("since", holder.since);
///     }
///
/// What becomes of them is the archive's business: JsonOut writes them, JsonIn reads them, eachText() (EachText.h)
/// hands over the texts among them. Beside the call an archive has these, which differ in the public form only:
///
///     orNull   a text or a Message as `said`, null when it is empty
///     orWord   an optional enum, that word when there is none; only written
///     ifAny    not there, in no form, when it is empty or 0
///     unless   not there, in no form, when it equals another member, which comes first
///     inside   for this host's own programs: not in the public form
///     said     a Message or a list of them, public as English text; where one has a code, as NAME_code and NAME_values
///              too, and of a list all of them whole as NAME_said
///
/// Only one whose kReads is true may be given what it changes, and one whose kIsPublic is true what is made for people.
namespace carillon {

/// What never comes.
inline constexpr TimePoint kNever = TimePoint::max();

/// Exact: between the processes of a host, times in microseconds. Public: for people and their programs, times as RFC
/// 3339, null for what is not there.
enum class JsonForm { Exact, Public };

template <JsonForm form, class T>
void writeJson(JsonWriter& json, const T& value);
template <class T>
void readJson(const JsonValue& json, T& value);

/// Writes the members of a struct into an object that is open.
template <JsonForm form>
class JsonOut {
public:
    static constexpr bool kReads = false;
    static constexpr bool kIsPublic = form == JsonForm::Public;

    explicit JsonOut(JsonWriter& json) : _json(json) {}

    template <class T>
    void operator()(std::string_view name, const T& value) {
        writeJson<form>(_json.key(name), value);
    }
    void orNull(std::string_view name, const std::string& text) {
        _json.key(name);
        if (form == JsonForm::Public && text.empty())
            _json.raw("null");
        else
            _json.value(std::string_view(text));
    }
    void orNull(std::string_view name, const Message& message) {
        if (form == JsonForm::Public && message.empty())
            _json.key(name).raw("null");
        else
            said(name, message);
    }
    template <class Enum>
    void orWord(std::string_view name, const std::optional<Enum>& value, std::string_view word) {
        _json.member(name, value ? nameOf(*value) : word);
    }
    template <class T>
    void ifAny(std::string_view name, const T& value) {
        if (value != T{}) (*this)(name, value);
    }
    template <class T>
    void unless(const T& other, std::string_view name, const T& value) {
        if (value != other) (*this)(name, value);
    }
    template <class T>
    void inside(std::string_view name, const T& value) {
        if constexpr (form == JsonForm::Exact) (*this)(name, value);
    }
    void said(std::string_view name, const Message& message) {
        (*this)(name, message);
        if (form == JsonForm::Exact || message.code.empty()) return;
        _json.key(std::string(name) + "_code").value(std::string_view(message.code));
        if (!message.values.empty())
            writeJson<JsonForm::Exact>(_json.key(std::string(name) + "_values"), message.values);
    }
    void said(std::string_view name, const std::vector<Message>& messages) {
        (*this)(name, messages);
        if (form == JsonForm::Exact) return;
        for (const auto& message : messages) {
            if (message.code.empty()) continue;
            return writeJson<JsonForm::Exact>(_json.key(std::string(name) + "_said"), messages);
        }
    }

private:
    JsonWriter& _json;
};

/// Reads the exact form. Everything throws Poco::DataFormatException when a member is missing or not of its form.
class JsonIn {
public:
    static constexpr bool kReads = true;
    static constexpr bool kIsPublic = false;

    explicit JsonIn(const JsonValue& json) : _json(json) {}

    template <class T>
    void operator()(std::string_view name, T& value) {
        readJson(_json[name], value);
    }
    template <class T>
    void orNull(std::string_view name, T& text) {
        (*this)(name, text);
    }
    template <class T>
    void ifAny(std::string_view name, T& value) {
        if (_json.has(name)) (*this)(name, value);
    }
    template <class T>
    void unless(const T& other, std::string_view name, T& value) {
        value = other;
        ifAny(name, value);
    }
    template <class T>
    void inside(std::string_view name, T& value) {
        (*this)(name, value);
    }
    template <class T>
    void said(std::string_view name, T& value) {
        (*this)(name, value);
    }

private:
    const JsonValue& _json;
};

namespace detail {

template <class T>
struct KindOf {
    static constexpr bool isSpan = false, isOptional = false, isList = false, isMap = false;
};
template <class Rep, class Period>
struct KindOf<std::chrono::duration<Rep, Period>> : KindOf<void> {
    static constexpr bool isSpan = true;
};
template <class T>
struct KindOf<std::optional<T>> : KindOf<void> {
    static constexpr bool isOptional = true;
};
template <class T>
struct KindOf<std::vector<T>> : KindOf<void> {
    static constexpr bool isList = true;
};
/// Pairs with names are an object in their order.
template <class T>
struct KindOf<std::vector<std::pair<std::string, T>>> : KindOf<void> {
    static constexpr bool isMap = true;
};
template <class T>
struct KindOf<std::map<std::string, T>> : KindOf<void> {
    static constexpr bool isMap = true;
};
template <NamedEnum Enum, class T>
struct KindOf<std::map<Enum, T>> : KindOf<void> {
    static constexpr bool isMap = true;
};

inline std::string_view memberName(const std::string& name) {
    return name;
}
template <NamedEnum Enum>
std::string_view memberName(Enum name) {
    return nameOf(name);
}

/// A name that another version wrote is passed over.
template <class Map>
void readMember(Map& map, const JsonValue::Member& member) {
    auto item = typename Map::value_type::second_type{};
    readJson(member.value, item);
    using Key = std::remove_const_t<typename Map::value_type::first_type>;
    if constexpr (std::same_as<Key, std::string>)
        map.insert(map.end(), {member.name, std::move(item)});
    else if (const auto key = enumOf<Key>(member.name))
        map.insert_or_assign(*key, std::move(item));
}

}  // namespace detail

/// The members of a value, into an object that is open. The function that names them also reads them, which an archive
/// that writes does not.
template <JsonForm form, class T>
void writeFields(JsonOut<form>& archive, const T& value) {
    fields(archive, const_cast<T&>(value));
}

/// Exact: the text alone where it says it all.
template <JsonForm form>
void writeMessage(JsonWriter& json, const Message& message) {
    if (form == JsonForm::Public || message.code.empty()) {
        json.value(std::string_view(message.text));
        return;
    }
    json.beginObject().member("text", std::string_view(message.text)).member("code", std::string_view(message.code));
    if (!message.values.empty()) writeJson<form>(json.key("values"), message.values);
    json.endObject();
}

inline void readMessage(const JsonValue& json, Message& message) {
    message = Message();
    if (json.isText()) {
        message.text = json.text();
        return;
    }
    message.text = json["text"].text();
    message.code = json["code"].text();
    if (json.has("values")) readJson(json["values"], message.values);
}

template <JsonForm form>
void writeTime(JsonWriter& json, TimePoint at) {
    if constexpr (form == JsonForm::Exact)
        json.value(at.time_since_epoch().count());
    else if (at == kNever || at == TimePoint{})
        json.raw("null");
    else
        json.value(std::string_view(toRfc3339(at)));
}

template <JsonForm form, class T>
void writeJson(JsonWriter& json, const T& value) {
    using Kind = detail::KindOf<T>;
    if constexpr (std::same_as<T, std::string>) {
        json.value(std::string_view(value));
    } else if constexpr (std::same_as<T, Message>) {
        writeMessage<form>(json, value);
    } else if constexpr (std::integral<T>) {
        json.value(value);
    } else if constexpr (std::is_enum_v<T>) {
        json.value(nameOf(value));
    } else if constexpr (std::same_as<T, TimePoint>) {
        writeTime<form>(json, value);
    } else if constexpr (Kind::isSpan) {
        json.value(value.count());
    } else if constexpr (Kind::isOptional) {
        if (value)
            writeJson<form>(json, *value);
        else
            json.raw("null");
    } else if constexpr (Kind::isMap) {
        json.beginObject();
        for (const auto& [name, member] : value) writeJson<form>(json.key(detail::memberName(name)), member);
        json.endObject();
    } else if constexpr (Kind::isList) {
        json.beginArray();
        for (const auto& item : value) writeJson<form>(json, item);
        json.endArray();
    } else {
        json.beginObject();
        JsonOut<form> archive(json);
        writeFields(archive, value);
        json.endObject();
    }
}

template <class T>
void readJson(const JsonValue& json, T& value) {
    using Kind = detail::KindOf<T>;
    if constexpr (std::same_as<T, std::string>) {
        value = json.text();
    } else if constexpr (std::same_as<T, Message>) {
        readMessage(json, value);
    } else if constexpr (std::same_as<T, bool>) {
        value = json.flag();
    } else if constexpr (std::integral<T>) {
        value = json.number<T>();
    } else if constexpr (std::is_enum_v<T>) {
        const auto named = enumOf<T>(json.text());
        if (!named) throw Poco::DataFormatException("no such word: " + json.text());
        value = *named;
    } else if constexpr (std::same_as<T, TimePoint>) {
        value = TimePoint(TimePoint::duration(json.number<std::int64_t>()));
    } else if constexpr (Kind::isSpan) {
        value = T(json.number<typename T::rep>());
    } else if constexpr (Kind::isOptional) {
        value.reset();
        if (!json.isNull()) readJson(json, value.emplace());
    } else if constexpr (Kind::isMap || Kind::isList) {
        value.clear();
        for (const auto& member : json.members()) {
            if constexpr (Kind::isMap) {
                detail::readMember(value, member);
            } else {
                readJson(member.value, value.emplace_back());
            }
        }
    } else {
        JsonIn archive(json);
        fields(archive, value);
    }
}

/// The exact form.
template <class T>
std::string toJson(const T& value) {
    JsonWriter json;
    writeJson<JsonForm::Exact>(json, value);
    return json.takeText();
}
template <class T>
std::string toPublicJson(const T& value) {
    JsonWriter json;
    writeJson<JsonForm::Public>(json, value);
    return json.takeText();
}
/// The same as an object of one member, `{"name":…}`.
template <class T>
std::string toJson(std::string_view name, const T& value) {
    JsonWriter json;
    json.beginObject();
    JsonOut<JsonForm::Exact> members(json);
    members(name, value);
    json.endObject();
    return json.takeText();
}
/// Of the exact form.
template <class T>
T fromJson(const JsonValue& json) {
    T value{};
    readJson(json, value);
    return value;
}
template <class T>
T fromJson(std::string_view text) {
    return fromJson<T>(JsonValue::parse(text));
}

}  // namespace carillon
