#include "analyzer/semantic/compile_errors/symbol_check.h"

namespace krait::semantic {

using namespace syntax;

static bool checkAnnotation(SymbolCheck& c, NodeId annotation) {
  if (annotation.isNone()) return true;
  enterBlock(c, BlockKind::kAnnotation);
  bool ok = checkExpression(c, annotation);
  leaveBlock(c);
  return ok;
}

// The place of an `arg` of CPython: its name and annotation, without star and default.
static TextRange parameterRange(const Ast& ast, const Parameter& parameter) {
  TextRange range = ast.range(parameter.name());
  if (parameter.annotation().valid()) range.end = ast.range(parameter.annotation()).end;
  return range;
}

static bool isStarred(ParameterKind kind) {
  return kind == ParameterKind::kVarPositional || kind == ParameterKind::kVarKeyword;
}

// Plain parameters first, then `*args` and `**kwargs`.
bool checkParameters(SymbolCheck& c, NodeId parameters) {
  for (bool starred : {false, true}) {
    for (NodeId id : c.ast.as<Parameters>(parameters).params()) {
      Parameter parameter = c.ast.as<Parameter>(id);
      if (isStarred(parameter.parameterKind()) != starred) continue;
      if (!addName(c, nameOf(c.ast, parameter.name()), kNameParam, parameterRange(c.ast, parameter))) return false;
    }
  }
  return true;
}

bool checkDefaults(SymbolCheck& c, NodeId parameters) {
  for (NodeId id : c.ast.as<Parameters>(parameters).params()) {
    NodeId value = c.ast.as<Parameter>(id).defaultValue();
    if (value.valid() && !checkExpression(c, value)) return false;
  }
  return true;
}

static bool checkFunctionAnnotations(SymbolCheck& c, const FunctionDef& def) {
  static constexpr ParameterKind kOrder[] = {ParameterKind::kPositionalOnly, ParameterKind::kPositionalOrKeyword,
                                             ParameterKind::kVarPositional, ParameterKind::kVarKeyword,
                                             ParameterKind::kKeywordOnly};
  NodeList params = c.ast.as<Parameters>(def.params()).params();
  for (ParameterKind kind : kOrder) {
    for (NodeId id : params) {
      Parameter parameter = c.ast.as<Parameter>(id);
      if (parameter.parameterKind() == kind && !checkAnnotation(c, parameter.annotation())) return false;
    }
  }
  return checkAnnotation(c, def.returns());
}

// A bound, constraint or default of a type parameter.
static bool checkTypeVariablePart(SymbolCheck& c, NodeId part, const char* place) {
  if (part.isNone()) return true;
  enterBlock(c, BlockKind::kTypeVariable).place = place;
  bool ok = checkExpression(c, part);
  leaveBlock(c);
  return ok;
}

static bool checkTypeParam(SymbolCheck& c, NodeId id) {
  auto addParam = [&](NodeId name) {
    if (nameText(c.ast, name) == "__classdict__") {
      return failAt(c.check, id, "reserved name '__classdict__' cannot be used for type parameter");
    }
    return addName(c, nameOf(c.ast, name), kNameTypeParam | kNameLocal, c.ast.range(id));
  };
  if (auto variable = c.ast.tryAs<TypeVar>(id)) {
    bool is_tuple = variable->bound().valid() && c.ast.is(variable->bound(), NodeKind::kTuple);
    return addParam(variable->name()) &&
           checkTypeVariablePart(c, variable->bound(), is_tuple ? "a TypeVar constraint" : "a TypeVar bound") &&
           checkTypeVariablePart(c, variable->defaultValue(), "a TypeVar default");
  }
  if (auto tuple = c.ast.tryAs<TypeVarTuple>(id)) {
    return addParam(tuple->name()) && checkTypeVariablePart(c, tuple->defaultValue(), "a TypeVarTuple default");
  }
  if (auto spec = c.ast.tryAs<ParamSpec>(id)) {
    return addParam(spec->name()) && checkTypeVariablePart(c, spec->defaultValue(), "a ParamSpec default");
  }
  return true;
}

static bool checkTypeParams(SymbolCheck& c, NodeList params) {
  for (NodeId id : params) {
    if (!checkTypeParam(c, id)) return false;
  }
  return true;
}

static bool checkFunctionBody(SymbolCheck& c, const FunctionDef& def) {
  if (!checkFunctionAnnotations(c, def)) return false;
  enterBlock(c, BlockKind::kFunction).is_coroutine = def.isAsync();
  bool ok = checkParameters(c, def.params()) && checkStatements(c, def.body());
  leaveBlock(c);
  return ok;
}

static bool checkFunctionDef(SymbolCheck& c, const FunctionDef& def) {
  if (!addName(c, nameOf(c.ast, def.name()), kNameLocal, def.range())) return false;
  if (!checkDefaults(c, def.params()) || !checkExpressions(c, def.decorators())) return false;
  if (def.typeParams().empty()) return checkFunctionBody(c, def);
  enterBlock(c, BlockKind::kTypeParameters);
  bool ok = checkTypeParams(c, def.typeParams()) && checkFunctionBody(c, def);
  leaveBlock(c);
  return ok;
}

static bool checkClassParts(SymbolCheck& c, const ClassDef& def) {
  if (!checkExpressions(c, def.args()) || !checkKeywordNames(c, def.args())) return false;
  enterBlock(c, BlockKind::kClass).class_name = nameOf(c.ast, def.name());
  bool ok = checkStatements(c, def.body());
  leaveBlock(c);
  return ok;
}

static bool checkClassDef(SymbolCheck& c, const ClassDef& def) {
  if (!addName(c, nameOf(c.ast, def.name()), kNameLocal, def.range())) return false;
  if (!checkExpressions(c, def.decorators())) return false;
  if (def.typeParams().empty()) return checkClassParts(c, def);
  enterBlock(c, BlockKind::kTypeParameters);
  bool ok = checkTypeParams(c, def.typeParams()) && checkClassParts(c, def);
  leaveBlock(c);
  return ok;
}

static bool checkTypeAlias(SymbolCheck& c, const TypeAlias& alias) {
  if (!checkExpression(c, alias.name())) return false;
  bool is_generic = !alias.typeParams().empty();
  if (is_generic) enterBlock(c, BlockKind::kTypeParameters);
  bool ok = checkTypeParams(c, alias.typeParams());
  if (ok) {
    enterBlock(c, BlockKind::kTypeAlias);
    ok = checkExpression(c, alias.value());
    leaveBlock(c);
  }
  if (is_generic) leaveBlock(c);
  return ok;
}

static bool checkAnnAssign(SymbolCheck& c, const AnnAssign& assign) {
  if (auto name = c.ast.tryAs<Name>(assign.target())) {
    uint32_t known = flagsOf(c, c.currentIndex(), mangledName(c, name->name()));
    bool is_declared = (known & (kNameGlobal | kNameNonlocal)) != 0;
    if (is_declared && c.currentIndex() != 0 && assign.isSimple()) {
      return failAt(c.check, assign.id,
                    "annotated name '" + std::string(c.ast.name(name->name())) +
                        ((known & kNameGlobal) != 0 ? "' can't be global" : "' can't be nonlocal"));
    }
    uint32_t flags = assign.isSimple() ? kNameAnnotated | kNameLocal : assign.value().valid() ? kNameLocal : 0;
    if (flags != 0 && !addName(c, name->name(), flags, name->range())) return false;
  } else if (!checkExpression(c, assign.target())) {
    return false;
  }
  if (!checkAnnotation(c, assign.annotation())) return false;
  return assign.value().isNone() || checkExpression(c, assign.value());
}

// `global` (flag kNameGlobal) or `nonlocal` names of the statement `id`.
static bool checkDirective(SymbolCheck& c, NodeId id, NodeList names, uint32_t flag) {
  std::string word = flag == kNameGlobal ? "global" : "nonlocal";
  for (NodeId name_node : names) {
    NameId name = nameOf(c.ast, name_node);
    NameId mangled = mangledName(c, name);
    uint32_t known = flagsOf(c, c.currentIndex(), mangled);
    std::string shown = "name '" + std::string(c.ast.name(name)) + "' is ";
    if ((known & kNameParam) != 0) return failAt(c.check, id, shown + "parameter and " + word);
    if ((known & kNameUsed) != 0) return failAt(c.check, id, shown + "used prior to " + word + " declaration");
    if ((known & kNameAnnotated) != 0) {
      return failAt(c.check, id, "annotated name '" + std::string(c.ast.name(name)) + "' can't be " + word);
    }
    if ((known & kNameLocal) != 0) return failAt(c.check, id, shown + "assigned to before " + word + " declaration");
    if (!addName(c, name, flag, c.ast.range(id))) return false;
    c.directives.push_back({c.currentIndex(), mangled, c.ast.range(id)});
    c.has_nonlocal |= flag == kNameNonlocal;
  }
  return true;
}

static bool checkAliases(SymbolCheck& c, NodeList aliases) {
  for (NodeId id : aliases) {
    Alias alias = c.ast.as<Alias>(id);
    std::string_view text = nameText(c.ast, alias.name());
    if (text == "*") {
      if (c.current().kind == BlockKind::kModule) continue;
      return failAt(c.check, id, "import * only allowed at module level");
    }
    NameId name = nameOf(c.ast, alias.asname().valid() ? alias.asname() : alias.name());
    if (alias.asname().isNone() && text.find('.') != std::string_view::npos) {
      name = c.check.names.intern(text.substr(0, text.find('.')));
    }
    if (!addName(c, name, kNameImport, c.ast.range(id))) return false;
  }
  return true;
}

static bool checkHandlers(SymbolCheck& c, NodeList handlers) {
  for (NodeId id : handlers) {
    ExceptHandler handler = c.ast.as<ExceptHandler>(id);
    if (handler.type().valid() && !checkExpression(c, handler.type())) return false;
    if (handler.name().valid() && !addName(c, nameOf(c.ast, handler.name()), kNameLocal, handler.range())) return false;
    if (!checkStatements(c, handler.body())) return false;
  }
  return true;
}

// May the statement wait here? ref: symtable_raise_if_not_coroutine
static bool checkPlaceOfAsync(SymbolCheck& c, NodeId id, bool is_async, const char* message) {
  bool waits_at_top = c.check.awaits_at_top && c.current().kind == BlockKind::kModule;
  bool is_fine = !is_async || waits_at_top || (c.current().kind == BlockKind::kFunction && c.current().is_coroutine);
  return is_fine || failAt(c.check, id, message);
}

static bool checkWith(SymbolCheck& c, const With& with) {
  if (!checkPlaceOfAsync(c, with.id, with.isAsync(), "'async with' outside async function")) return false;
  for (NodeId id : with.items()) {
    WithItem item = c.ast.as<WithItem>(id);
    if (!checkExpression(c, item.contextExpr())) return false;
    if (item.optionalVars().valid() && !checkExpression(c, item.optionalVars())) return false;
  }
  return checkStatements(c, with.body());
}

static bool checkMatch(SymbolCheck& c, const Match& match) {
  if (!checkExpression(c, match.subject())) return false;
  for (NodeId id : match.cases()) {
    MatchCase match_case = c.ast.as<MatchCase>(id);
    if (!checkPattern(c, match_case.pattern())) return false;
    if (match_case.guard().valid() && !checkExpression(c, match_case.guard())) return false;
    if (!checkStatements(c, match_case.body())) return false;
  }
  return true;
}

// Children in field order: right for every statement without names of its own.
static bool checkParts(SymbolCheck& c, NodeId id) {
  bool ok = true;
  forEachChild(c.ast, id, [&](NodeId child) {
    if (ok) ok = isStatement(c.ast, child) ? checkStatement(c, child) : checkExpression(c, child);
  });
  return ok;
}

bool checkStatement(SymbolCheck& c, NodeId id) {
  const Ast& ast = c.ast;
  switch (ast.kind(id)) {
    case NodeKind::kFunctionDef: return checkFunctionDef(c, ast.as<FunctionDef>(id));
    case NodeKind::kClassDef: return checkClassDef(c, ast.as<ClassDef>(id));
    case NodeKind::kTypeAlias: return checkTypeAlias(c, ast.as<TypeAlias>(id));
    case NodeKind::kAnnAssign: return checkAnnAssign(c, ast.as<AnnAssign>(id));
    case NodeKind::kGlobal: return checkDirective(c, id, ast.as<Global>(id).names(), kNameGlobal);
    case NodeKind::kNonlocal: return checkDirective(c, id, ast.as<Nonlocal>(id).names(), kNameNonlocal);
    case NodeKind::kImport: return checkAliases(c, ast.as<Import>(id).names());
    case NodeKind::kImportFrom: return checkAliases(c, ast.as<ImportFrom>(id).names());
    case NodeKind::kFor:
      return checkPlaceOfAsync(c, id, ast.as<For>(id).isAsync(), "'async for' outside async function") && checkParts(c, id);
    case NodeKind::kWith: return checkWith(c, ast.as<With>(id));
    case NodeKind::kMatch: return checkMatch(c, ast.as<Match>(id));
    case NodeKind::kTry: {
      Try statement = ast.as<Try>(id);
      return checkStatements(c, statement.body()) && checkHandlers(c, statement.handlers()) &&
             checkStatements(c, statement.orelse()) && checkStatements(c, statement.finalbody());
    }
    default: return checkParts(c, id);
  }
}

bool checkStatements(SymbolCheck& c, NodeList list) {
  for (NodeId id : list) {
    if (!checkStatement(c, id)) return false;
  }
  return true;
}

}  // namespace krait::semantic
