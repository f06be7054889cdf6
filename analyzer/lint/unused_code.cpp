#include "analyzer/lint/unused_code.h"

#include <algorithm>
#include <string_view>

namespace krait::lint {

using semantic::Definition;
using semantic::DefinitionKind;
using semantic::ScopeKind;
using semantic::SemanticModel;
using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;

std::string_view spelling(UnusedKind kind) {
  switch (kind) {
    case UnusedKind::kImport: return "import";
    case UnusedKind::kFunction: return "function";
    case UnusedKind::kMethod: return "method";
    case UnusedKind::kClass: return "class";
    case UnusedKind::kVariable: return "variable";
    case UnusedKind::kAttribute: return "attribute";
    case UnusedKind::kProperty: return "property";
    case UnusedKind::kArgument: return "argument";
    case UnusedKind::kUnreachable: return "code";
  }
  return "";
}

uint32_t confidenceOf(UnusedKind kind) {
  switch (kind) {
    case UnusedKind::kImport: return 90;
    case UnusedKind::kArgument:
    case UnusedKind::kUnreachable: return 100;
    default: return 60;
  }
}

static bool isSpecial(std::string_view name) { return name.size() > 4 && name.starts_with("__") && name.ends_with("__"); }

namespace {
struct NamesVisit {
  const SemanticModel& model;
  const Ast& ast;
  const LineIndex& lines;
  bool is_test;
  bool is_init;
  FileNames names = {};

  void define(UnusedKind kind, std::string_view name, NodeId owner);
  void visitDefinition(const Definition& definition);
  void visitFunction(const Definition& definition);
  void visitNode(NodeId node);
  void addAll(NodeId value);
  void findUnreachable(syntax::NodeList body);
};
}  // namespace

void NamesVisit::define(UnusedKind kind, std::string_view name, NodeId owner) {
  TextRange range = ast.range(owner);
  uint32_t first = lines.lineOf(range.begin), last = lines.lineOf(range.end);
  names.defined.push_back({kind, std::string(name), first + 1, last - first + 1});
}

static bool isPropertyDecorator(const Ast& ast, NodeId decorator) {
  if (auto attribute = ast.tryAs<syntax::Attribute>(decorator)) decorator = attribute->attr();
  std::string_view name = syntax::nameText(ast, decorator);
  return name == "property" || name == "cached_property" || name == "setter" || name == "deleter" || name == "getter";
}

void NamesVisit::visitFunction(const Definition& definition) {
  std::string_view name = syntax::nameText(ast, definition.node);
  auto function = ast.as<syntax::FunctionDef>(definition.owner);
  bool is_method = model[model[definition.symbol].scope].kind == ScopeKind::kClass;
  // Decorators may register what they get: only those that Python itself knows leave it unused.
  bool is_property = false;
  for (NodeId decorator : function.decorators()) is_property = is_property || isPropertyDecorator(ast, decorator);
  if (is_test && (name.starts_with("test") || name.starts_with("setUp") || name.starts_with("tearDown"))) return;
  define(is_property ? UnusedKind::kProperty : is_method ? UnusedKind::kMethod : UnusedKind::kFunction, name, definition.owner);
}

void NamesVisit::visitDefinition(const Definition& definition) {
  std::string_view name = syntax::nameText(ast, definition.node);
  if (name == "_" || isSpecial(name)) return;
  switch (definition.kind) {
    case DefinitionKind::kFunction: return visitFunction(definition);
    case DefinitionKind::kClass:
      if (!(is_test && name.starts_with("Test"))) define(UnusedKind::kClass, name, definition.owner);
      return;
    case DefinitionKind::kImport:
    case DefinitionKind::kImportFrom: {
      if (is_init || name == "*") return;
      auto statement = ast.tryAs<syntax::ImportFrom>(ast.parent(definition.owner));
      if (statement && statement->module().valid() && syntax::nameText(ast, statement->module()) == "__future__") return;
      return define(UnusedKind::kImport, name.substr(0, name.find('.')), definition.owner);
    }
    case DefinitionKind::kAssign:
    case DefinitionKind::kAnnAssign:
    case DefinitionKind::kNamedExpr:
    case DefinitionKind::kFor:
    case DefinitionKind::kWith:
    case DefinitionKind::kExcept:
      if (!name.starts_with("_")) define(UnusedKind::kVariable, name, definition.node);
      return;
    default: return;
  }
}

// The names that `__all__` lists are used by whoever imports the module.
void NamesVisit::addAll(NodeId value) {
  if (!ast.is(value, NodeKind::kList) && !ast.is(value, NodeKind::kTuple)) return;
  for (NodeId element : ast.list(value, 0)) {
    if (auto name = syntax::stringValue(ast, element)) names.used.emplace_back(*name);
  }
}

void NamesVisit::findUnreachable(syntax::NodeList body) {
  for (size_t i = 0; i + 1 < body.size(); ++i) {
    NodeKind kind = ast.kind(body[i]);
    bool leaves = kind == NodeKind::kReturn || kind == NodeKind::kRaise || kind == NodeKind::kBreak || kind == NodeKind::kContinue;
    if (!leaves) continue;
    return define(UnusedKind::kUnreachable, kind == NodeKind::kReturn ? "return" : kind == NodeKind::kRaise ? "raise" : kind == NodeKind::kBreak ? "break" : "continue", body[i + 1]);
  }
}

void NamesVisit::visitNode(NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kAttribute: {
      auto attribute = ast.as<syntax::Attribute>(node);
      std::string_view name = syntax::nameText(ast, attribute.attr());
      if (attribute.context() != syntax::ExprContext::kStore) {
        names.used.emplace_back(name);
      } else if (syntax::nameText(ast, attribute.value()) == "self" && !isSpecial(name)) {
        define(UnusedKind::kAttribute, name, node);
      }
      return;
    }
    case NodeKind::kName:
      if (ast.as<syntax::Name>(node).context() == syntax::ExprContext::kLoad) names.used.emplace_back(syntax::nameText(ast, node));
      return;
    case NodeKind::kAugAssign:
      names.used.emplace_back(syntax::nameText(ast, ast.as<syntax::AugAssign>(node).target()));
      return;
    case NodeKind::kKeyword: names.used.emplace_back(syntax::nameText(ast, ast.as<syntax::Keyword>(node).arg())); return;
    case NodeKind::kImportFrom:
      // What another file imports is used there when that file uses it; the name itself is known by then.
      for (NodeId id : ast.as<syntax::ImportFrom>(node).names()) {
        auto alias = ast.as<syntax::Alias>(id);
        if (alias.asname().valid() || is_init) names.used.emplace_back(syntax::nameText(ast, alias.name()));
      }
      return;
    case NodeKind::kCall: {
      auto call = ast.as<syntax::Call>(node);
      std::string_view name = syntax::nameText(ast, call.func());
      bool names_attribute = name == "getattr" || name == "hasattr" || name == "setattr" || name == "delattr";
      if (!names_attribute || call.args().size() < 2) return;
      if (auto text = syntax::stringValue(ast, call.args()[1])) names.used.emplace_back(*text);
      return;
    }
    case NodeKind::kAssign:
      for (NodeId target : ast.as<syntax::Assign>(node).targets()) {
        if (syntax::nameText(ast, target) == "__all__") addAll(ast.as<syntax::Assign>(node).value());
      }
      return;
    case NodeKind::kFunctionDef: return findUnreachable(ast.as<syntax::FunctionDef>(node).body());
    case NodeKind::kIf: return findUnreachable(ast.as<syntax::If>(node).body());
    case NodeKind::kFor: return findUnreachable(ast.as<syntax::For>(node).body());
    case NodeKind::kWhile: return findUnreachable(ast.as<syntax::While>(node).body());
    case NodeKind::kMatchClass:
      for (NodeId name : ast.as<syntax::MatchClass>(node).kwdAttrs()) names.used.emplace_back(syntax::nameText(ast, name));
      return;
    default: return;
  }
}

FileNames namesOfFile(const SemanticModel& model, const LineIndex& lines, bool is_test, bool is_init) {
  NamesVisit visit{.model = model, .ast = model.ast(), .lines = lines, .is_test = is_test, .is_init = is_init};
  for (const Definition& definition : model.allDefinitions()) visit.visitDefinition(definition);
  for (uint32_t i = 0; i < visit.ast.nodeCount(); ++i) visit.visitNode(NodeId(i));
  std::vector<std::string>& used = visit.names.used;
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  std::stable_sort(visit.names.defined.begin(), visit.names.defined.end(),
                   [](const NamedCode& a, const NamedCode& b) { return a.line < b.line; });
  return std::move(visit.names);
}

std::vector<std::vector<NamedCode>> unusedCode(const std::vector<FileNames>& files) {
  std::vector<std::string_view> used;
  for (const FileNames& file : files) used.insert(used.end(), file.used.begin(), file.used.end());
  std::sort(used.begin(), used.end());
  std::vector<std::vector<NamedCode>> out(files.size());
  for (size_t i = 0; i < files.size(); ++i) {
    for (const NamedCode& code : files[i].defined) {
      bool is_used = code.kind != UnusedKind::kUnreachable && std::binary_search(used.begin(), used.end(), std::string_view(code.name));
      if (!is_used) out[i].push_back(code);
    }
  }
  return out;
}

}  // namespace krait::lint
