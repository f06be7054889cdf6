// The examples of codes: taken from the fixtures when krait was built (cmake/tools/write_examples.py), in
// share/krait/examples.txt.
#pragma once

#include <string>
#include <string_view>

namespace krait::cli {

// A program that has the code's finding: the lines that have it end in `  # <- CODE`, all are indented by four blanks.
// `options` are what has to be given so that it is found. Both are empty when there is no example.
struct Example {
  std::string text, options;
  bool is_stub = false;
};
Example exampleOf(std::string_view code);

}  // namespace krait::cli
