// The two halves of the `_json` module: json_scanner.cpp reads, json_encoder.cpp writes.
#pragma once

#include "runtime/modules/module_table.h"

namespace krait::modules {

void addJsonScanner(Thread& t, Module* m);
void addJsonEncoder(Thread& t, Module* m);
Ref jsonScanString(Thread& t, const Value* a);
Ref jsonQuoteAscii(Thread& t, const Value* a);
Ref jsonQuote(Thread& t, const Value* a);

}  // namespace krait::modules
