// What values come by while a program runs that was compiled to be watched (`krait verify --soundness`, `krait infer
// --from-run`): for each expression, parameter and result the kinds of values seen, with a sample of what containers hold.
#pragma once

#include <string>

#include "runtime/object/thread.h"

namespace krait::interp {

// All that was seen, as JSON:
//   {"classes": {"m:C": ["m:C", "m:B", "builtins:object"]},        each class with its method resolution order
//    "places": [{"file", "line", "column", "end_line", "end_column", "what": "expression|parameter|result",
//                "function": qualified name, "name": a parameter's, "values": [KIND, ...], "is_complete": bool}]}
// Lines count from 1, columns are UTF-8 bytes from 0. A KIND is {"class": name}, with "value" for None, bool, small int and
// short str, "items" (a list's, set's or tuple's sample; `"is_whole"` when these are all), "keys" and "items" of a dict,
// "of" (the class that a class object is), "module", "member" (an enum's) and "is_callable".
std::string observationsText(object::Thread& t);

}  // namespace krait::interp
