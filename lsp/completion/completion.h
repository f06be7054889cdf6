// Completion: what may be typed at a place. Each add…() function looks at the place and adds its items; those that
// return bool say whether the place is theirs alone (the rest of the line means nothing else).
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "lsp/call_place.h"
#include "lsp/locate.h"
#include "lsp/repair.h"
#include "lsp/server.h"

namespace krait::lsp {

// CompletionItemKind of the protocol.
enum ItemKind : int { kTextItem = 1, kMethodItem = 2, kFunctionItem = 3, kFieldItem = 5, kVariableItem = 6, kClassItem = 7, kModuleItem = 9,
                      kPropertyItem = 10, kValueItem = 12, kKeywordItem = 14, kConstantItem = 21 };

// The items found so far; a name is listed once, with the rank of the nearest scope.
struct Items {
  Json list = Json::array();
  std::set<std::string, std::less<>> seen;
  bool is_incomplete = false;
  bool has_call_snippets = false;  // functions are put in with parentheses

  // The new item, for what it says besides; null when the name is listed already.
  Json* add(std::string_view label, int kind, int rank, std::string detail = {});
};

struct CompletionPlace {
  Server& server;
  SourceModule& module;
  uint32_t cursor = 0;
  uint32_t word_begin = 0;         // of the part of a name already typed
  uint32_t dot = 0xffffffffu;      // where what stands before a dot ends, if there is one
  std::string_view line_before;    // from the line's start to the word
  OpenEnds ends;

  std::string_view word() const { return module.text().substr(word_begin, cursor - word_begin); }
};

bool addImportParts(const CompletionPlace& place, Items& items);   // `import a.b`, `from a import b`
bool addStringContents(const CompletionPlace& place, Items& items);  // keys, literals; nothing else inside a string
bool addOverrides(const CompletionPlace& place, Items& items);     // `def …` in a class
void addMembers(const CompletionPlace& place, Items& items);       // after a dot
void addKeywordArguments(const CompletionPlace& place, const CallPlace& call, Items& items);
// Values that the parameter's annotation names; and of the names that are listed those that fit come first.
void addExpected(const CompletionPlace& place, const CallPlace& call, Items& items);
// The members of an enumeration, in order; nothing: it is none.
std::vector<std::string> enumMembers(Workspace& workspace, const Target& cls);
// `color == |`, `case |`: the values that what stands there can be equal to.
void addCompared(const CompletionPlace& place, Items& items);
// On the line of a `case`: where the subject of its match ends; 0: it is no such line.
uint32_t matchSubjectEnd(const CompletionPlace& place);
void preferExceptions(const CompletionPlace& place, Items& items);  // behind `raise` and `except`
bool addFixtures(const CompletionPlace& place, Items& items);       // parameters of tests, `usefixtures("…")`
bool addConversions(const CompletionPlace& place, Items& items);    // `f"{x!`
bool addDisplayKeys(const CompletionPlace& place, Items& items);    // `movie: Movie = {"…`, of a TypedDict
void addNamesInScope(const CompletionPlace& place, Items& items);
void addAutoImports(const CompletionPlace& place, Items& items);

// Does the place name what is not there yet: a class, a parameter, what stands behind `as`?
bool namesSomethingNew(const CompletionPlace& place);

// What `module.` may be followed by; what may be imported from it.
void addImportableNames(Workspace& workspace, SourceModule& module, int rank, Items& items);
void addModuleMembers(Workspace& workspace, SourceModule& module, int rank, Items& items);
void addScopeNames(Workspace& workspace, SourceModule& module, semantic::ScopeId scope, int rank, Items& items);

}  // namespace krait::lsp
