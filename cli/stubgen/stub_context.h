// What the parts of the stub writer share: the module, what is known of its types, and the texts written so far. An item is one
// import, assignment, function or class of the module's top level.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "analyzer/semantic/flow/reachability.h"
#include "cli/infer/propose.h"
#include "cli/stubgen/stub.h"

namespace krait::cli {

struct StubItem {
  std::vector<std::string> names;  // that it defines
  std::string text;                // with its line end
  std::set<std::string> uses;
  bool is_import = false;
  bool is_wanted = false;
};

struct StubContext {
  types::World& w;
  types::ModuleId module;
  const syntax::Ast& ast;
  const StubOptions& options;
  const StubRequests& requests;
  const std::set<std::string>& imported;         // by other modules, from this one
  std::string module_name;
  semantic::Reachability reachability;
  // By the offset where they would be put in: ": int", " -> str".
  std::map<uint32_t, std::string> parameter_types;
  std::map<uint32_t, std::string> result_types;  // by function node
  std::vector<StubItem> items;
  std::set<std::string> wanted;                  // of __all__
  bool has_all = false;
};

// One level of definitions: the module's own, or those of a class.
struct StubScope {
  std::string indent;
  bool is_class = false;
  bool is_enum = false, is_dataclass = false, is_named_tuple = false, is_protocol = false;
  std::string class_name;
  std::set<std::string> defined;
  std::set<std::string> overloaded;  // functions of which overloads were written
  std::set<std::string> functions;   // names that stand for functions or classes
  std::set<std::string> needed;      // private names that `property(…)` reads
};

// The type of the name or attribute node as an annotation in the module; "Incomplete" where it is not known.
std::string inferredText(const StubContext& c, syntax::NodeId node);
// The statement's text in the scope; empty: it says nothing to others. Adds what it defines to `scope`.
std::string functionText(StubContext& c, StubScope& scope, syntax::NodeId node);
std::string classText(StubContext& c, StubScope& scope, syntax::NodeId node);
std::string assignmentText(StubContext& c, StubScope& scope, syntax::NodeId node);
// `self.x = …` in the method, each attribute once.
std::string selfAttributesText(StubContext& c, StubScope& scope, syntax::NodeId function);
// Statements that run in the scope's own body: branches that cannot run are left out. Calls visit(statement).
template <class Visit>
void forEachStatement(const StubContext& c, syntax::NodeList body, Visit&& visit) {
  for (syntax::NodeId statement : body) {
    if (c.reachability.isMarked(statement)) continue;
    if (auto branch = c.ast.tryAs<syntax::If>(statement)) {
      forEachStatement(c, branch->body(), visit);
      forEachStatement(c, branch->orelse(), visit);
    } else if (auto attempt = c.ast.tryAs<syntax::Try>(statement)) {
      forEachStatement(c, attempt->body(), visit);
      forEachStatement(c, attempt->orelse(), visit);
      for (syntax::NodeId handler : attempt->handlers()) forEachStatement(c, c.ast.as<syntax::ExceptHandler>(handler).body(), visit);
      forEachStatement(c, attempt->finalbody(), visit);
    } else if (auto with = c.ast.tryAs<syntax::With>(statement)) {
      forEachStatement(c, with->body(), visit);
    } else {
      visit(statement);
    }
  }
}
bool hasDecorator(const syntax::Ast& ast, syntax::NodeList decorators, std::string_view name);
// Whether the stub shows the name in this scope.
bool isShown(const StubContext& c, const StubScope& scope, std::string_view name);

}  // namespace krait::cli
