// CheckOptions: the switches that change what the checker reports for one module: the configuration's own record.
#pragma once

#include "analyzer/config/options.h"

namespace krait::types {

using CheckOptions = config::Options;

}  // namespace krait::types
