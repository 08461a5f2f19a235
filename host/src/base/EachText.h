#pragma once

#include "base/Fields.h"

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace carillon {

/// Hands over each text that is in a value, to be changed in place: the texts of its members, of theirs, and so on. Of
/// a map only the values, as a name cannot be changed there.
template <class F>
class EachText {
public:
    static constexpr bool kReads = false;
    static constexpr bool kIsPublic = false;

    explicit EachText(F& take) : _take(take) {}

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
    void visit(T& value) {
        using Kind = detail::KindOf<T>;
        if constexpr (std::same_as<T, std::string>) {
            _take(value);
        } else if constexpr (Kind::isOptional) {
            if (value) visit(*value);
        } else if constexpr (Kind::isList || Kind::isMap) {
            for (auto& item : value) visit(item);
        } else if constexpr (requires { value.second; }) {
            if constexpr (!std::is_const_v<decltype(value.first)>) visit(value.first);
            visit(value.second);
        } else if constexpr (!std::integral<T> && !std::is_enum_v<T> && !std::same_as<T, TimePoint> && !Kind::isSpan) {
            fields(*this, value);
        }
    }

private:
    F& _take;
};

template <class T, class F>
void eachText(T& value, F take) {
    EachText<F>(take).visit(value);
}

}  // namespace carillon
