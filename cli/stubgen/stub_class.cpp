// Classes of a stub: their bases, members, and the attributes that methods give to self.
#include <algorithm>

#include "cli/stubgen/stub_context.h"
#include "cli/stubgen/stub_parts.h"
#include "cli/stubgen/stub_text.h"

namespace krait::cli {

using namespace krait::syntax;

static std::string lastPart(const Ast& ast, NodeId node) {
  if (auto call = ast.tryAs<Call>(node)) node = call->func();
  if (auto subscript = ast.tryAs<Subscript>(node)) node = subscript->value();
  if (auto attribute = ast.tryAs<Attribute>(node)) return std::string(nameText(ast, attribute->attr()));
  return std::string(nameText(ast, node));
}

static std::string baseText(const Ast& ast, NodeId base, const std::string& class_name) {
  bool is_nameable = ast.is(base, NodeKind::kName) || ast.is(base, NodeKind::kAttribute) || ast.is(base, NodeKind::kSubscript);
  if (is_nameable) return ast.is(base, NodeKind::kSubscript) ? annotationText(ast, base) : sourceText(ast, base);
  if (lastPart(ast, base) == "NamedTuple") return sourceText(ast, base);
  std::string fields = lastPart(ast, base) == "namedtuple" ? namedTupleFieldsText(ast, base) : "";
  return fields.empty() ? "Incomplete" : "NamedTuple('" + class_name + "', [" + fields + "])";
}

static std::string basesText(const Ast& ast, ClassDef def, const std::string& name) {
  std::string out;
  bool is_open = false;
  for (NodeId arg : def.args()) {
    auto keyword = ast.tryAs<Keyword>(arg);
    std::string text;
    if (keyword) text = keyword->arg().valid() ? std::string(nameText(ast, keyword->arg())) + "=" + sourceText(ast, keyword->value()) : "";
    else text = ast.is(arg, NodeKind::kStarred) ? "Incomplete" : baseText(ast, arg, name);
    if (text.empty() || text == "object" || (text == "Incomplete" && is_open)) continue;
    is_open |= text == "Incomplete";
    out += (out.empty() ? "" : ", ") + text;
  }
  return out.empty() ? "" : "(" + out + ")";
}

static StubScope scopeOf(const StubContext& c, ClassDef def, const StubScope& outer) {
  StubScope scope{.indent = outer.indent + "    ", .is_class = true, .class_name = std::string(nameText(c.ast, def.name()))};
  for (NodeId arg : def.args()) {
    std::string base = lastPart(c.ast, arg);
    scope.is_enum |= base == "Enum" || base == "IntEnum" || base == "StrEnum" || base == "Flag" || base == "IntFlag";
    scope.is_named_tuple |= base == "NamedTuple";
    scope.is_protocol |= base == "Protocol";
  }
  for (std::string_view name : {"dataclass", "define", "frozen", "mutable", "attrs", "s"}) scope.is_dataclass |= hasDecorator(c.ast, def.decorators(), name);
  if (!c.options.has_analysis) return scope;
  auto known = c.w.modules[c.module].classes.find(def.id.value);
  if (known == c.w.modules[c.module].classes.end()) return scope;
  c.w.header(known->second);
  scope.is_enum |= c.w.classes[known->second].has(types::kClassEnum);
  return scope;
}

// Names that the class body binds: attributes of self with these names are told already.
static void addOwnNames(const StubContext& c, NodeList body, std::set<std::string>& names) {
  forEachStatement(c, body, [&](NodeId statement) {
    if (auto def = c.ast.tryAs<FunctionDef>(statement)) names.emplace(nameText(c.ast, def->name()));
    if (auto def = c.ast.tryAs<ClassDef>(statement)) names.emplace(nameText(c.ast, def->name()));
    if (auto assign = c.ast.tryAs<Assign>(statement)) {
      for (NodeId target : assign->targets()) names.emplace(nameText(c.ast, target));
    }
    if (auto declared = c.ast.tryAs<AnnAssign>(statement)) names.emplace(nameText(c.ast, declared->target()));
  });
}

// The functions that `x = property(_get, _set)` is made of.
static void addPropertyParts(const StubContext& c, NodeList body, std::set<std::string>& names) {
  forEachStatement(c, body, [&](NodeId statement) {
    auto assign = c.ast.tryAs<Assign>(statement);
    auto call = assign ? c.ast.tryAs<Call>(assign->value()) : std::nullopt;
    if (!call || nameText(c.ast, call->func()) != "property") return;
    for (NodeId arg : call->args()) {
      auto keyword = c.ast.tryAs<Keyword>(arg);
      names.emplace(nameText(c.ast, keyword ? keyword->value() : arg));
    }
  });
}

// Does a base class have the attribute?
static bool isInherited(StubContext& c, NodeId function, std::string_view name) {
  if (!c.options.has_analysis) return false;
  auto known = c.w.modules[c.module].classes.find(c.ast.parent(function).value);
  if (known == c.w.modules[c.module].classes.end()) return false;
  std::vector<types::ClassId> mro = c.w.header(known->second).mro;
  for (size_t i = 1; i < mro.size(); ++i) {
    c.w.members(mro[i]);
    if (c.w.classes[mro[i]].self_attributes == types::Progress::kNot) c.w.hooks.complete_self_attributes(c.w, mro[i]);
    if (c.w.scopes[c.w.classes[mro[i]].scope].names.find(c.w.name(name)).valid()) return true;
  }
  return false;
}

namespace {
struct SelfAttributes {
  StubContext& c;
  StubScope& scope;
  NodeId function;
  std::string_view self;
  std::string out;

  void target(NodeId node, NodeId annotation) {
    if (auto tuple = c.ast.tryAs<Tuple>(node)) {
      for (NodeId item : tuple->elts()) target(item, NodeId::none());
    }
    auto attribute = c.ast.tryAs<Attribute>(node);
    if (!attribute || nameText(c.ast, attribute->value()) != self) return;
    std::string name(nameText(c.ast, attribute->attr()));
    if (!isShown(c, scope, name) || scope.defined.contains(name) || name.starts_with("__")) return;
    if (!annotation.valid() && isInherited(c, function, name)) return;
    scope.defined.insert(name);
    out += scope.indent + name + ": " + (annotation.valid() ? annotationText(c.ast, annotation) : inferredText(c, attribute->attr())) + "\n";
  }

  void visit(NodeId node) {
    if (c.ast.is(node, NodeKind::kFunctionDef) || c.ast.is(node, NodeKind::kClassDef) || c.reachability.isMarked(node) || isExpression(c.ast, node)) return;
    if (auto assign = c.ast.tryAs<Assign>(node)) {
      for (NodeId item : assign->targets()) target(item, NodeId::none());
    }
    if (auto declared = c.ast.tryAs<AnnAssign>(node)) target(declared->target(), declared->annotation());
    forEachChild(c.ast, node, [&](NodeId child) { visit(child); });
  }
};
}  // namespace

std::string selfAttributesText(StubContext& c, StubScope& scope, NodeId function) {
  auto def = c.ast.as<FunctionDef>(function);
  NodeList params = c.ast.as<Parameters>(def.params()).params();
  bool has_self = !params.empty() && !hasDecorator(c.ast, def.decorators(), "staticmethod") && !hasDecorator(c.ast, def.decorators(), "classmethod");
  if (!has_self) return "";
  SelfAttributes found{c, scope, function, nameText(c.ast, c.ast.as<Parameter>(params[0]).name()), ""};
  for (NodeId statement : def.body()) found.visit(statement);
  return std::move(found.out);
}

static std::string membersText(StubContext& c, StubScope& scope, ClassDef def) {
  std::set<std::string> own;
  addOwnNames(c, def.body(), own);
  addPropertyParts(c, def.body(), scope.needed);
  std::string out = docstringText(c, def.body(), scope.indent);
  forEachStatement(c, def.body(), [&](NodeId statement) {
    if (c.ast.is(statement, NodeKind::kClassDef)) {
      out += classText(c, scope, statement);
    } else if (c.ast.is(statement, NodeKind::kFunctionDef)) {
      StubScope attributes = scope;
      attributes.defined.insert(own.begin(), own.end());
      std::set<std::string> before = attributes.defined;
      out += selfAttributesText(c, attributes, statement);
      for (const std::string& name : attributes.defined) {
        if (!before.contains(name)) scope.defined.insert(name);
      }
      out += functionText(c, scope, statement);
    } else {
      out += assignmentText(c, scope, statement);
    }
  });
  return out;
}

std::string classText(StubContext& c, StubScope& outer, NodeId node) {
  auto def = c.ast.as<ClassDef>(node);
  StubScope scope = scopeOf(c, def, outer);
  if (!isShown(c, outer, scope.class_name) || !outer.defined.insert(scope.class_name).second) return "";
  outer.functions.insert(scope.class_name);
  std::string out = decoratorsText(c, outer, def.decorators());
  for (NodeId decorator : def.decorators()) {
    std::string name = lastPart(c.ast, decorator);
    bool is_attrs = name == "define" || name == "frozen" || name == "mutable" || name == "attrs" || name == "s";
    if (is_attrs) out += outer.indent + "@" + sourceText(c.ast, decorator) + "\n";
  }
  out += outer.indent + "class " + scope.class_name + typeParametersText(c, def.typeParams()) + basesText(c.ast, def, scope.class_name) + ":";
  std::string members = membersText(c, scope, def);
  return out + (members.empty() ? " ...\n" : "\n" + members);
}

}  // namespace krait::cli
