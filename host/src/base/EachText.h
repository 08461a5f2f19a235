#pragma once

#include "base/Fields.h"

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace carillon {

/// Hands over each Wanted that is in a value, to be changed in place: those among its members, theirs, and so on. Of a
/// map only the values, as a name cannot be changed there.
template <class Wanted, class F>
class EachOf {
public:
    static constexpr bool kReads = false;
    static constexpr bool kIsPublic = false;

    explicit EachOf(F& take) : _take(take) {}

    template <class T>
    void operator()(std::string_view, T& value) {
        visit(value);
    }
    template <class T>
    void orNull(std::string_view, T& value) {
        visit(value);
    }
    template <class T>
    void ifAny(std::string_view, T& value) {
        visit(value);
    }
    template <class T>
    void unless(const T&, std::string_view, T& value) {
        visit(value);
    }
    template <class T>
    void inside(std::string_view, T& value) {
        visit(value);
    }
    template <class T>
    void said(std::string_view, T& value) {
        visit(value);
    }

    template <class T>
    void visit(T& value) {
        using Kind = detail::KindOf<T>;
        if constexpr (std::same_as<T, Wanted>) {
            _take(value);
        } else if constexpr (std::same_as<T, Message>) {
            _take(value.text);
            if (!value.code.empty()) _take(value.code);
            visit(value.values);
        } else if constexpr (Kind::isOptional) {
            if (value) visit(*value);
        } else if constexpr (Kind::isList || Kind::isMap) {
            for (auto& item : value) visit(item);
        } else if constexpr (requires { value.second; }) {
            if constexpr (!std::is_const_v<decltype(value.first)>) visit(value.first);
            visit(value.second);
        } else if constexpr (!std::same_as<T, std::string> && !std::integral<T> && !std::is_enum_v<T> &&
                             !std::same_as<T, TimePoint> && !Kind::isSpan) {
            fields(*this, value);
        }
    }

private:
    F& _take;
};

/// Each text; of a message its code and the names of its values too.
template <class T, class F>
void eachText(T& value, F take) {
    EachOf<std::string, F>(take).visit(value);
}

/// Each message, but not those among the values of another.
template <class T, class F>
void eachMessage(T& value, F take) {
    EachOf<Message, F>(take).visit(value);
}

}  // namespace carillon
