// What a lint rule sees and how it reports. A rule is one file in rules/ with one function, named in rules.def: a rule
// for nodes is called once for each node of its kinds, a rule for modules once a file. Rules read the context, never
// change it, and report through context.sink. One function may stand for several codes: it reports them all, and the
// runner drops the findings whose codes are not wanted.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/interner.h"
#include "analyzer/config/lint_options.h"
#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/diagnostics/source_files.h"
#include "analyzer/semantic/exports.h"
#include "analyzer/semantic/semantic_model.h"
#include "analyzer/semantic/undefined_names.h"
#include "analyzer/syntax/ast.h"

namespace krait::lint {

class SharedTokens;
using semantic::Definition;
using semantic::DefinitionKind;
using semantic::Reference;
using semantic::Scope;
using semantic::ScopeId;
using semantic::ScopeKind;
using semantic::SemanticModel;
using semantic::Symbol;
using semantic::SymbolId;
using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;
using syntax::NodeList;

// The name of the last callee that was asked for: the rules of one call ask one after the other.
struct CalleeCache {
  NodeId call;
  std::string name;
};

struct LintContext {
  const SourceFile& file;
  std::string_view module;  // dotted name; empty for a script
  const Ast& ast;
  const SemanticModel& model;
  const semantic::ModuleExports& exports;
  const config::LintOptions& options;
  const semantic::NameSet& builtins;
  const semantic::NameSet* star_names;  // null: not all names of the file can be known
  bool is_stub;
  bool is_init;  // __init__.py
  DiagnosticSink& sink;
  SharedTokens& tokens;
  CalleeCache& callees;

  // Whether the symbol (an owner) is read anywhere: by a name, a string annotation, or `__all__`.
  bool isUsed(SymbolId owner) const;
};

using ModuleRule = void (*)(LintContext&);
using NodeRule = void (*)(LintContext&, NodeId);

// Names that say "not used on purpose": `_`, `__`, and names that begin with an underscore and end in a letter or digit.
bool isDummyName(std::string_view name);
// The statement list that holds a statement: its position in the parent's field tells blocks apart.
NodeList blockOf(const Ast& ast, NodeId statement);
// The nearest statement that holds the node, itself included.
NodeId statementOf(const Ast& ast, NodeId node);

}  // namespace krait::lint
