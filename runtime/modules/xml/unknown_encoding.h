// What every parser does about an encoding that libexpat does not know: Python's codecs tell its 256 characters.
#pragma once

#include <expat.h>

namespace krait::modules {

void setUnknownEncodingHandler(XML_Parser parser);

}  // namespace krait::modules
