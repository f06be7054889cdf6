// The order of a dict's entries, for those that change it (collections.OrderedDict) or begin at its ends over and over.
// Entries are named by their numbers, which hold until the next change of the dict's keys. Nothing here runs Python code but
// the end of what dictRemoveAt takes out.
#pragma once

#include "runtime/object/containers.h"

namespace krait::object {

// The numbers of the first and the last live entry: `filled` and -1 in an empty dict. Asking for them over and over while
// entries are taken out there costs no more than the entries did.
int64_t dictFirst(Dict* dict);
int64_t dictLast(Dict* dict);
// Puts a live entry behind all others, or before them. One that is there already stays and the dict's version with it.
void dictMoveLast(Dict* dict, int64_t entry);
void dictMoveFirst(Dict* dict, int64_t entry);
// Told of a key that dict's own methods took out of an instance of a subclass; null: nobody wants to know.
extern void (*on_bypass)(Thread& t, Value dict, Value key);
// Takes a live entry out.
void dictRemoveAt(Dict* dict, int64_t entry);

}  // namespace krait::object
