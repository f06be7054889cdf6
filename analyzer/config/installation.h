// Where krait's own data lies: share/krait beside the folder of the binary, in an installation and in a build tree
// alike.
#pragma once

#include <string>

namespace krait::config {

// `<prefix>/share/krait` of the running binary, without a final slash. KRAIT_SHARE in the environment overrides it.
std::string shareFolder();

// The folder that holds typeshed's stdlib/ and stubs/.
std::string typeshedFolder();

// The Python 3.14 standard library.
std::string stdlibFolder();

}  // namespace krait::config
