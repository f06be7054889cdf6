// ActionList: the code actions found for one request. Takes the place and the kinds that the client asked for; gives
// CodeActions with finished edits. Each add…() function looks at the place and adds what fits there, or nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lsp/locate.h"
#include "lsp/server.h"

namespace krait::lsp {

struct ActionList {
  Server& server;
  SourceModule& module;
  TextRange selection;
  const Json& only;  // kinds, or null
  Json list = Json::array();

  // Does the client want actions of the kind ("refactor.extract" is a "refactor")?
  bool wants(std::string_view kind) const;
  // Only where the kind is wanted.
  void add(std::string title, std::string_view kind, const std::vector<Edit>& edits, bool is_preferred = false);
};

// Fixes of lint findings at the place, all safe fixes of the file, suppression comments, organised imports.
void addFindingActions(ActionList& actions);
// An import for an undefined name.
void addImportActions(ActionList& actions);
void addExtractActions(ActionList& actions);
void addInlineAction(ActionList& actions);
// Members: abstract ones to implement, overriding ones to mark.
void addMemberActions(ActionList& actions);
// A docstring for a function or a class that has none.
void addDocstringAction(ActionList& actions);
// Annotations, f-strings.
void addRewriteActions(ActionList& actions);

// A class that only stores its parameters.
void addDataclassAction(ActionList& actions);
// A function or class of module level to a new module.
void addMoveAction(ActionList& actions);

// The edits that make `name` of `module` known in the file: into an import that is there, or a line of its own. An empty
// name imports the module itself.
std::vector<Edit> importEdits(Workspace& workspace, SourceModule& file, std::string_view module, std::string_view name);
// The indentation of the line that holds the offset.
std::string indentAt(const SourceModule& module, uint32_t offset);

}  // namespace krait::lsp
