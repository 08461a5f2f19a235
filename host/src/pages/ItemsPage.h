#pragma once

#include "carillon/Items.h"
#include "pages/PageFrame.h"

#include <cstdint>
#include <string>
#include <vector>

namespace carillon {

/// What the page of items is made from.
struct ItemsSource {
    std::string job{};
    std::string plugin{};
    ItemQuery query{};          ///< Whose words the form shows.
    std::string since{};        ///< As it was given.
    std::vector<Item> items{};  ///< Newest first.
    std::string next{};         ///< Where the list goes on; empty: nowhere.
};

/// Which rejects a form dismisses, and why: its fields `id` (any number of them) and `reason`. Throws HttpRefusal: 400,
/// none is meant. The reason may be missing.
DismissRequest dismissWishOf(const HttpRequest& request);

/// `/jobs/{job}/items`, and what asks why rejects are dismissed. Safe from any thread.
class ItemsPage {
public:
    HttpResponse answer(const PageFrame& frame, const PageRequest& request, const ItemsSource& source) const;
    HttpResponse confirm(const PageFrame& frame, const PageRequest& request, const std::string& job,
                         const DismissRequest& wish) const;

private:
    Template _template{"items.html"};
    Template _confirmation{"dismiss.html"};
};

}  // namespace carillon
