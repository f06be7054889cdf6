// Named tuples: the class form, typing.NamedTuple(…) and collections.namedtuple(…).
#include <cctype>

#include "analyzer/syntax/keywords.h"
#include "checker/declare/any_rules.h"
#include "checker/declare/field_transform.h"

namespace krait::declare {

void addNamedTupleMembers(World& w, ClassId cls, const std::vector<NamedTupleField>& fields) {
  std::vector<TypeId> types;
  for (const NamedTupleField& field : fields) types.push_back(field.type);
  TypeId instance = selfInstanceOf(w, cls);
  w.classes[cls].tuple_type = w.types.tuple(types, instance);
  finishSelfAlias(w, cls);
  TypeId self_type = w.types.tuple(types, instance);
  for (const NamedTupleField& field : fields) {
    w.classes[cls].named_tuple_fields.push_back(field.name);
    ScopeId scope = w.classes[cls].scope;
    SymbolId found = w.scopes[scope].names.find(field.name);
    if (found.valid()) {
      Symbol& symbol = w.symbols[found];
      symbol.type = field.type;
      symbol.resolved = symbol.typed = Progress::kDone;
      symbol.set(kIsDeclared);
      symbol.set(kIsProperty);
      symbol.clear(kIsProperty);
      symbol.set(kIsReadOnlyItem);
    } else {
      addMember(w, cls, field.name, field.type, SymbolKind::kVariable, kIsReadOnlyItem);
    }
  }
  TypeId str = builtinType(w, "str");
  TypeId any = w.types.any(AnyKind::kSpecialForm);
  auto typeOf = [&](TypeId type) { return w.types.typeType(type); };
  // What a subclass inherits makes the subclass.
  TypeId self_var = selfVariable(w, cls);
  CallableParts creator;
  creator.vars.push_back(self_var);
  creator.add(w.name("_cls"), ParamKind::kPos, typeOf(self_var));
  for (const NamedTupleField& field : fields) {
    creator.add(field.name, field.has_default ? ParamKind::kOpt : ParamKind::kPos, field.type);
  }
  creator.ret = self_var;
  addMethod(w, cls, "__new__", creator, kIsStaticMethod);
  CallableParts replace;
  replace.add(w.name("_self"), ParamKind::kPos, self_var);
  for (const NamedTupleField& field : fields) replace.add(field.name, ParamKind::kNamedOpt, field.type);
  replace.ret = self_var;
  replace.vars.push_back(self_var);
  addMethod(w, cls, "_replace", replace);
  addMethod(w, cls, "__replace__", replace);
  CallableParts as_dict;
  as_dict.add(w.name("_self"), ParamKind::kPos, self_type);
  TypeId dict_args[] = {str, any};
  as_dict.ret = builtinType(w, "dict", dict_args);
  addMethod(w, cls, "_asdict", as_dict);
  CallableParts make;
  make.vars.push_back(self_var);
  make.add(w.name("_cls"), ParamKind::kPos, typeOf(self_var));
  TypeId any_arg[] = {any};
  make.add(w.name("iterable"), ParamKind::kPos, namedType(w, "typing", "Iterable", any_arg));
  make.ret = self_var;
  addMethod(w, cls, "_make", make, kIsClassMethod);
  std::vector<TypeId> names(fields.size(), str);
  uint32_t flags = kIsClassVar | kIsInitializedInClass;
  addMember(w, cls, w.names._fields, w.types.tuple(names, builtinType(w, "tuple")), SymbolKind::kVariable, flags);
  TypeId field_types[] = {str, any};
  addMember(w, cls, w.name("_field_types"), builtinType(w, "dict", field_types), SymbolKind::kVariable, flags);
  addMember(w, cls, w.names._field_defaults, builtinType(w, "dict", field_types), SymbolKind::kVariable, flags);
  addMember(w, cls, w.names._source, str, SymbolKind::kVariable, flags);
  if (!w.scopes[w.classes[cls].scope].names.find(w.name("__doc__")).valid()) addMember(w, cls, w.name("__doc__"), str, SymbolKind::kVariable, flags);
  std::vector<TypeId> literals;
  for (const NamedTupleField& field : fields) {
    literals.push_back(w.types.instance(w.types[str].cls(), {}, w.types.literal(LiteralKind::kStr, w.text(field.name), str)));
  }
  if (w.types.is(str, TypeKind::kInstance)) {
    addMember(w, cls, w.names.__match_args__, w.types.tuple(literals, builtinType(w, "tuple")), SymbolKind::kVariable, flags);
  }
}

static constexpr const char* kOwnNames[] = {"__new__", "__init__", "__slots__", "__getnewargs__", "_fields", "_field_defaults", "_field_types",
                                            "_make", "_replace", "_asdict", "_source", "__annotations__"};

// Names that the class form makes itself may not be bound in its body.
static void checkOwnNames(World& w, ClassId cls) {
  ModuleId module = w.classes[cls].module;
  for (const char* name : kOwnNames) {
    SymbolId found = w.scopes[w.classes[cls].scope].names.find(w.name(name));
    if (!found.valid() || w.symbols[found].definitions.empty()) continue;
    NodeId where = w.symbols[found].definitions.back().node;
    report(w, module, where, Code::kMisc, std::string("Cannot overwrite NamedTuple attribute \"") + name + "\"");
  }
}

// A statement that may stand in the body beside the fields: methods, classes of theirs aside, `pass`, `...` and a docstring.
static bool mayStandInBody(const Ast& ast, NodeId node) {
  if (ast.is(node, NodeKind::kPass) || ast.is(node, NodeKind::kFunctionDef)) return true;
  auto expression = ast.tryAs<syntax::ExprStmt>(node);
  auto constant = expression ? ast.tryAs<syntax::Constant>(expression->value()) : std::nullopt;
  return constant && (constant->constantKind() == syntax::ConstantKind::kEllipsis || constant->constantKind() == syntax::ConstantKind::kStr);
}

// ref: mypy semanal_namedtuple.check_namedtuple_classdef
void transformNamedTupleClass(World& w, ClassId cls) {
  collectClass(w, cls);
  ModuleId module = w.classes[cls].module;
  const Ast& ast = *w.modules[module].ast;
  std::vector<NamedTupleField> fields;
  bool seen_default = false;
  for (NodeId node : fieldStatements(w, cls)) {
    auto invalid = [&] {
      report(w, module, node, Code::kMisc, "Invalid statement in NamedTuple definition; expected \"field_name: field_type [= default]\"");
    };
    auto assign = ast.tryAs<syntax::AnnAssign>(node);
    auto plain = ast.tryAs<syntax::Assign>(node);
    NodeId target = assign ? assign->target() : plain && plain->targets().size() == 1 ? plain->targets()[0] : NodeId::none();
    // For the specification these are attributes of the class.
    if (plain && follows(w.options, Divergence::kConditionalItems)) continue;
    if (!target.valid() || !ast.is(target, NodeKind::kName)) {
      invalid();
      continue;
    }
    NamedTupleField field;
    field.name = syntax::nameOf(ast, target);
    field.type = w.types.any();
    field.has_default = plain || assign->value().valid();
    if (assign) {
      AnnotationContext c{w, module, w.classes[cls].scope, &ast};
      c.item_of = "NamedTuple";
      TypeId type = analyzeType(c, assign->annotation());
      if (type.valid()) field.type = type;
    }
    std::string name(w.text(field.name));
    if (name.starts_with("_")) {
      report(w, module, node, Code::kMisc, "NamedTuple field name cannot start with an underscore: " + name);
    }
    if (!assign) invalid();
    else if (seen_default && !field.has_default) {
      report(w, module, node, Code::kMisc, "Non-default NamedTuple fields cannot follow default fields");
    }
    seen_default = seen_default || (assign && field.has_default);
    fields.push_back(field);
  }
  for (NodeId node : ast.as<syntax::ClassDef>(w.classes[cls].node).body()) {
    bool is_field = ast.is(node, NodeKind::kAnnAssign) || ast.is(node, NodeKind::kAssign);
    if (is_field || mayStandInBody(ast, node) || isUnreachable(w, module, node)) continue;
    if (ast.is(node, NodeKind::kIf) && follows(w.options, Divergence::kConditionalItems)) continue;
    report(w, module, node, Code::kMisc, "Invalid statement in NamedTuple definition; expected \"field_name: field_type [= default]\"");
  }
  checkOwnNames(w, cls);
  addNamedTupleMembers(w, cls, fields);
}

// The strings of a list or tuple display, or of a text of names.
static bool fieldNames(World& w, const Ast& ast, NodeId node, std::vector<NamedTupleField>& fields, std::string& problem) {
  TypeId any = w.types.any(AnyKind::kUnannotated);
  if (auto text = syntax::stringValue(ast, node)) {
    std::string word;
    for (char ch : std::string(*text) + " ") {
      if (ch == ' ' || ch == ',' || ch == '\n' || ch == '\t') {
        if (!word.empty()) fields.push_back({w.name(word), any, false});
        word.clear();
      } else {
        word += ch;
      }
    }
    return true;
  }
  NodeList items;
  if (auto list = ast.tryAs<syntax::List>(node)) {
    items = list->elts();
  } else if (auto tuple = ast.tryAs<syntax::Tuple>(node)) {
    items = tuple->elts();
  } else {
    problem = "List or tuple literal expected as the second argument to \"namedtuple()\"";
    return false;
  }
  for (NodeId item : items) {
    auto name = syntax::stringValue(ast, item);
    if (!name) return problem = "String literal expected as \"namedtuple()\" item", false;
    fields.push_back({w.name(*name), any, false});
  }
  return true;
}

// The name of a field: a text, or outside of mypy's mode a Final name of the module for one.
static std::optional<std::string> fieldName(World& w, const Symbol& around, const Ast& ast, NodeId node) {
  if (auto text = syntax::stringValue(ast, node)) return std::string(*text);
  if (!follows(w.options, Divergence::kFinalNames) || !ast.is(node, NodeKind::kName)) return std::nullopt;
  SymbolId named = lookupName(w, around.scope, syntax::nameOf(ast, node));
  if (!named.valid() || w.symbols[named].module != around.module || w.symbols[named].definitions.size() != 1) return std::nullopt;
  auto assign = ast.tryAs<syntax::AnnAssign>(w.symbols[named].definitions[0].node);
  if (!assign || !assign->value().valid() || !fullNameAt(w, around.module, around.scope, ast, assign->annotation()).ends_with(".Final")) return std::nullopt;
  auto text = syntax::stringValue(ast, assign->value());
  return text ? std::optional<std::string>(std::string(*text)) : std::nullopt;
}

static bool isIdentifier(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  for (unsigned char ch : name) {
    if (ch < 0x80 && !std::isalnum(ch) && ch != '_') return false;
  }
  return true;
}

// What is wrong with a name for a field; empty: nothing.
static std::string fieldProblem(World& w, const std::vector<NamedTupleField>& fields, size_t at) {
  std::string name(w.text(fields[at].name));
  for (size_t i = 0; i < at; ++i) {
    if (fields[i].name == fields[at].name) return "has duplicate field name \"" + name + "\"";
  }
  if (!isIdentifier(name)) return "field name \"" + name + "\" is not a valid identifier";
  if (name[0] == '_') return "field name \"" + name + "\" starts with an underscore";
  return syntax::isKeyword(name) ? "field name \"" + name + "\" is a keyword" : "";
}

// Names that cannot be fields become their positions; without rename=True they are reported.
static void renameFields(World& w, std::vector<NamedTupleField>& fields, ModuleId module, NodeId call, const char* form, bool renames) {
  for (size_t i = 0; i < fields.size(); ++i) {
    std::string problem = fieldProblem(w, fields, i);
    if (problem.empty()) continue;
    if (!renames) report(w, module, call, Code::kMisc, std::string("\"") + form + "()\" " + problem);
    fields[i].name = w.name("_" + std::to_string(i));
  }
}

// Gives a class that a call made its fields; the tuple that it is.
static TypeId completeNamedTuple(World& w, ClassId cls, const std::vector<NamedTupleField>& fields) {
  w.classes[cls].bases.push_back(builtinType(w, "tuple", w.types.any(AnyKind::kSpecialForm)));
  computeMro(w, cls);
  addNamedTupleMembers(w, cls, fields);
  TypeId tuple = w.types.tuple(w.types[w.classes[cls].tuple_type].args(), builtinType(w, "tuple"));
  w.classes[cls].bases[0] = tupleFallback(w, tuple);
  return tuple;
}

// Makes the class that a call tells. False: the call tells none, which was reported.
static bool namedTupleOf(World& w, SymbolId id, const Ast& ast, NodeId call_node, bool typed) {
  const Symbol symbol = w.symbols[id];
  auto call = ast.as<syntax::Call>(call_node);
  const char* form = typed ? "NamedTuple" : "namedtuple";
  auto invalid = [&](std::string text) {
    report(w, symbol.module, call_node, Code::kMisc, std::move(text));
    return false;
  };
  if (call.args().size() < 2) return invalid(std::string("Too few arguments for \"") + form + "()\"");
  if (typed && call.args().size() > 2) return invalid("Too many arguments for \"NamedTuple()\"");
  std::vector<NamedTupleField> fields;
  size_t defaults = 0;
  NodeList elements;
  for (size_t i = 2; i < call.args().size(); ++i) {
    auto keyword = ast.tryAs<syntax::Keyword>(call.args()[i]);
    std::string_view option = keyword && keyword->arg().valid() ? syntax::nameText(ast, keyword->arg()) : std::string_view();
    if (option == "rename" && !boolLiteral(ast, keyword->value())) {
      report(w, symbol.module, keyword->value(), Code::kArgType, "Boolean literal expected as the \"rename\" argument to namedtuple()");
    }
    if (option != "defaults") continue;
    auto list = ast.tryAs<syntax::List>(keyword->value());
    auto tuple = ast.tryAs<syntax::Tuple>(keyword->value());
    if (list) defaults = list->elts().size();
    if (tuple) defaults = tuple->elts().size();
    if (!list && !tuple) report(w, symbol.module, keyword->value(), Code::kMisc, "List or tuple literal expected as the defaults argument to namedtuple()");
  }
  for (size_t i = 0; i < 2; ++i) {
    NodeId part = call.args()[i];
    if (ast.is(part, NodeKind::kKeyword) || ast.is(part, NodeKind::kStarred)) return invalid(std::string("Unexpected arguments to \"") + form + "()\"");
  }
  auto name = syntax::stringValue(ast, call.args()[0]);
  if (!name) return invalid(std::string("\"") + form + "()\" expects a string literal as the first argument");
  NodeId items = call.args()[1];
  if (*name != w.text(symbol.name)) {
    report(w, symbol.module, call_node, Code::kNameMatch,
           std::string("First argument to namedtuple() should be \"") + std::string(w.text(symbol.name)) + "\", not \"" + std::string(*name) + "\"");
  }
  if (!typed) {
    std::string problem;
    if (!fieldNames(w, ast, items, fields, problem)) return invalid(std::move(problem));
    if (defaults > fields.size()) report(w, symbol.module, call_node, Code::kMisc, "Too many defaults given in call to \"namedtuple()\"");
    for (size_t i = 0; i < defaults && i < fields.size(); ++i) fields[fields.size() - 1 - i].has_default = true;
    NodeId rename = keywordValue(ast, call.args(), w.name("rename"));
    renameFields(w, fields, symbol.module, call_node, form, rename.valid() && boolLiteral(ast, rename).value_or(false));
  } else {
    if (auto list = ast.tryAs<syntax::List>(items)) {
      elements = list->elts();
    } else if (auto tuple = ast.tryAs<syntax::Tuple>(items)) {
      elements = tuple->elts();
    } else {
      return invalid("List or tuple literal expected as the second argument to \"NamedTuple()\"");
    }
    for (NodeId element : elements) {
      auto pair = ast.tryAs<syntax::Tuple>(element);
      if (!pair) return invalid("Tuple expected as \"NamedTuple()\" field");
      if (pair->elts().size() != 2) return invalid("Invalid \"NamedTuple()\" field definition");
      if (!fieldName(w, symbol, ast, pair->elts()[0])) return invalid("Invalid \"NamedTuple()\" field name");
    }
  }
  ClassId cls = makeClass(w, id, call_node, symbol.name);
  w.classes[cls].set(kClassNamedTuple);
  if (typed) {
    std::vector<NodeId> types;
    for (NodeId element : elements) types.push_back(ast.as<syntax::Tuple>(element).elts()[1]);
    bindCallTypeVars(w, cls, symbol.scope, ast, types);
    bool is_in_place = !w.classes[cls].type_vars.empty() && ast.is(ast.parent(call_node), NodeKind::kClassDef);
    if (is_in_place) {
      report(w, symbol.module, call_node, Code::kMisc, "Generic named tuples are not supported for legacy class syntax");
      reportNote(w, symbol.module, call_node, Code::kMisc, "Use either Python 3 class syntax, or the assignment syntax");
    }
    for (NodeId element : elements) {
      NodeList pair = ast.as<syntax::Tuple>(element).elts();
      auto field_name = fieldName(w, symbol, ast, pair[0]);
      AnnotationContext c{w, symbol.module, symbol.scope, &ast};
      c.item_of = "NamedTuple";
      c.extra = &w.classes[cls].type_vars;
      TypeId type = analyzeType(c, pair[1]);
      fields.push_back({w.name(*field_name), type.valid() ? type : w.types.any(), false});
    }
    if (is_in_place) {
      w.classes[cls].type_vars.clear();
      for (NamedTupleField& field : fields) field.type = w.types.any(AnyKind::kFromError);
    }
    renameFields(w, fields, symbol.module, call_node, form, false);
  }
  TypeId tuple = completeNamedTuple(w, cls, fields);
  reportUnimported(w, symbol.module, call_node, "NamedTuple type", tuple);
  reportExplicit(w, symbol.module, call_node, tuple);
  return true;
}

bool resolveNamedTupleCall(World& w, SymbolId id, const Ast& ast, NodeId call_node, const std::string& callee) {
  bool typed = callee == "typing.NamedTuple" || callee == "typing_extensions.NamedTuple";
  if (!typed && callee != "collections.namedtuple") return false;
  if (namedTupleOf(w, id, ast, call_node, typed)) return true;
  if (!w.options.mypy) return false;
  // To mypy the name means a class all the same, one without fields. ref: mypy semanal_namedtuple.check_namedtuple
  ClassId cls = makeClass(w, id, call_node, w.symbols[id].name);
  w.classes[cls].set(kClassNamedTuple);
  completeNamedTuple(w, cls, {});
  return true;
}

}  // namespace krait::declare
