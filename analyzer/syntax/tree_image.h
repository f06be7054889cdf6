// Trees as bytes: what parse and lowering made of a text, written once and read back in a fiftieth of the time. An image
// is good for the build that wrote it (base/build_identity.h) and for the text that it was made of; whoever keeps images
// keeps those two beside them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/syntax/ast.h"

namespace krait::syntax {

// The tree's image; its size is a multiple of 8.
std::string writeTreeImage(const Ast& ast);
// The tree of `text`, whose image this is; it keeps nothing of the image. `image` begins at a multiple of 8. nullopt: the
// bytes are not a whole image, or not one of a text of this size.
std::optional<Ast> readTreeImage(std::string_view image, std::string_view text, Interner& names);

}  // namespace krait::syntax
