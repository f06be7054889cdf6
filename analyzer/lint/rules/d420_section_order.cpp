// D420, D421: sections out of the order that their style names, and properties whose docstrings begin with a verb.
// ref: the styles of Google and NumPy
#include <algorithm>
#include <string>

#include "analyzer/lint/docstring_sections.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct Place {
  std::string_view name;
  int rank;
};
}  // namespace

static constexpr Place kNumpyOrder[] = {
    {"Short Summary", 1}, {"Extended Summary", 2}, {"Parameters", 3}, {"Attributes", 4}, {"Methods", 5}, {"Returns", 6}, {"Yields", 7}, {"Receives", 8},
    {"Other Parameters", 9}, {"Other Params", 9}, {"Raises", 10}, {"Warns", 11}, {"Warnings", 12}, {"See Also", 13}, {"Notes", 14}, {"References", 15},
    {"Examples", 16}};
static constexpr Place kGoogleOrder[] = {
    {"Args", 1}, {"Arguments", 1}, {"Keyword Args", 1}, {"Keyword Arguments", 1}, {"Other Args", 1}, {"Other Arguments", 1}, {"Return", 2},
    {"Returns", 2}, {"Yield", 3}, {"Yields", 3}, {"Raises", 4}};

// 0: a section that may stand anywhere.
template <size_t kSize>
static int rankIn(const Place (&order)[kSize], std::string_view name) {
  const Place* found = std::find_if(std::begin(order), std::end(order), [&](const Place& place) { return place.name == name; });
  return found == std::end(order) ? 0 : found->rank;
}

void checkSectionOrder(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    DocSections doc = readSections(context, docstring);
    int highest = 0;
    std::string_view last;
    for (const DocSection& section : doc.sections) {
      int rank = doc.is_numpy ? rankIn(kNumpyOrder, section.kind) : rankIn(kGoogleOrder, section.kind);
      if (rank == 0) continue;
      if (rank < highest) context.sink.begin("D420"_rule, section.name_range, {section.name, last});
      if (rank <= highest) continue;
      highest = rank;
      last = section.name;
    }
  }
}

static bool isProperty(const LintContext& context, NodeId function) {
  for (NodeId decorator : context.ast.as<syntax::FunctionDef>(function).decorators()) {
    if (auto call = context.ast.tryAs<syntax::Call>(decorator)) decorator = call->func();
    std::string name = qualifiedName(context, decorator);
    if (isOneOf(name, {"builtins.property", "functools.cached_property", "abc.abstractproperty"})) return true;
    if (listsQualified(context, "pydocstyle.property-decorators", name)) return true;
  }
  return false;
}

// The first word in lower case, without the punctuation around it.
static std::string firstVerb(std::string_view word) {
  auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  while (!word.empty() && !isLetter(word.front())) word.remove_prefix(1);
  while (!word.empty() && !isLetter(word.back())) word.remove_suffix(1);
  std::string out;
  for (char c : word) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

void checkPropertyVerb(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    if (!context.ast.is(docstring.owner, NodeKind::kFunctionDef) || !isProperty(context, docstring.owner)) continue;
    std::string_view text = trimmedText(docstring.content);
    std::string_view word = text.substr(0, text.find_first_of(" \t\r\n"));
    std::string verb = firstVerb(word);
    if (verb.ends_with("s")) verb.pop_back();
    if (verb == "fetche") verb = "fetch";
    if (!isOneOf(verb, {"return", "get", "yield", "fetch", "retrieve"})) continue;
    uint32_t begin = static_cast<uint32_t>(word.data() - context.ast.text().data());
    context.sink.begin("D421"_rule, {begin, begin + static_cast<uint32_t>(word.size())}, {word});
  }
}

}  // namespace krait::lint
