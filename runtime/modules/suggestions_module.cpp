// The `_suggestions` module: the nearest of some names. ref: Modules/_suggestions.c.
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/str.h"
#include "runtime/object/suggestions.h"

namespace krait::modules {

static Ref generateSuggestions(Thread& t, const Value* a) {
  if (!isList(a[0])) return raiseTypeError(t, "candidates must be a list");
  if (!isStr(a[1])) return raiseTypeError(t, "_generate_suggestions() argument 2 must be str, not %s", typeNameOf(t, a[1]));
  std::vector<std::string> candidates;
  for (int64_t i = 0; i < a[0].as<List>()->size; ++i) {
    Value v = a[0].as<List>()->items[i];
    if (!isStr(v)) return raiseTypeError(t, "all elements in 'candidates' must be strings");
    candidates.push_back(toUtf8(v.as<Str>()));
  }
  std::string found = nearestName(candidates, toUtf8(a[1].as<Str>()));
  return found.empty() ? Ref::none() : newStr(t, found);
}
static const NativeDef kSuggestionFunctions[] = {{"_generate_suggestions", "(candidates, item, /)", generateSuggestions, "Returns the candidate in candidates that's closest to item"},
    {nullptr, nullptr, nullptr}};
extern const NativeModule kSuggestionsModule;
const NativeModule kSuggestionsModule = {"_suggestions", "Suggestions for mistyped names", kSuggestionFunctions};

}  // namespace krait::modules
