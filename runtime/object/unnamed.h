// The name by which bindArguments_py knows that a constructor does not say its own: its messages speak of "function", without brackets.
#pragma once

namespace krait::object {

inline constexpr char kUnnamed[] = "function";

}  // namespace krait::object
