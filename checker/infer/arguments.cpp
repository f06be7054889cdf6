// Arguments of calls: which actual goes to which formal, whether the count is right, whether the types fit.
#include <algorithm>

#include "checker/infer/infer.h"
#include "checker/infer/library.h"

namespace krait::infer {

static std::vector<TypeId> tupleItems(World& w, TypeId type) {
  type = proper(w, type);
  if (!w.types.is(type, TypeKind::kTuple)) return {};
  return {w.types[type].args().begin(), w.types[type].args().end()};
}

static bool hasUnpack(World& w, const std::vector<TypeId>& items) {
  for (TypeId item : items) {
    if (w.types.is(item, TypeKind::kUnpack)) return true;
  }
  return false;
}

std::vector<std::vector<size_t>> mapArguments(Checker& c, const CallSite& site, const std::vector<TypeId>& types, TypeId callee) {
  World& w = c.w;
  CallableView view = w.types.callable(callee);
  std::span<const ParamShape> formals = view.params();
  size_t n = formals.size();
  std::vector<std::vector<size_t>> map(n);
  std::vector<size_t> ambiguous;
  size_t fi = 0;
  auto indexOf = [&](NameId name) -> size_t {
    for (size_t i = 0; i < n; ++i) {
      if (formals[i].name == name && !isStar(formals[i].kind)) return i;
    }
    return n;
  };
  auto star2 = [&]() -> size_t {
    for (size_t i = 0; i < n; ++i) {
      if (formals[i].kind == ParamKind::kStar2) return i;
    }
    return n;
  };
  for (size_t ai = 0; ai < site.args.size(); ++ai) {
    switch (site.args[ai].kind) {
      case ArgKind::kPos:
        if (fi < n) {
          if (!isStar(formals[fi].kind)) {
            map[fi++].push_back(ai);
          } else if (formals[fi].kind == ParamKind::kStar) {
            map[fi].push_back(ai);
          }
        }
        break;
      case ArgKind::kStar: {
        std::vector<TypeId> items = tupleItems(w, types[ai]);
        if (w.types.is(proper(w, types[ai]), TypeKind::kTuple) && !hasUnpack(w, items)) {
          for (size_t k = 0; k < items.size() && fi < n; ++k) {
            if (formals[fi].kind == ParamKind::kStar2) break;
            map[fi].push_back(ai);
            if (formals[fi].kind != ParamKind::kStar) ++fi;
          }
        } else {
          while (fi < n) {
            if (isNamed(formals[fi].kind) || formals[fi].kind == ParamKind::kStar2) break;
            map[fi].push_back(ai);
            if (formals[fi].kind == ParamKind::kStar) break;
            ++fi;
          }
        }
        break;
      }
      case ArgKind::kNamed: {
        size_t at = indexOf(site.args[ai].name);
        if (at < n) {
          map[at].push_back(ai);
        } else if (star2() < n) {
          map[star2()].push_back(ai);
        }
        break;
      }
      case ArgKind::kStar2: {
        TypeId actual = proper(w, types[ai]);
        if (w.types.is(actual, TypeKind::kTypedDict)) {
          for (const TypedDictItem& item : w.types.typedDictItems(actual)) {
            size_t at = indexOf(item.name);
            if (at == n) at = star2();
            if (at < n) map[at].push_back(ai);
          }
        } else {
          ambiguous.push_back(ai);
        }
        break;
      }
    }
  }
  if (!ambiguous.empty()) {
    std::vector<size_t> unmatched;
    for (size_t i = 0; i < n; ++i) {
      bool from_star = !map[i].empty() && (site.args[map[i][0]].kind == ArgKind::kStar || site.args[map[i][0]].kind == ArgKind::kStar2);
      if ((formals[i].name.valid() && (map[i].empty() || from_star) && formals[i].kind != ParamKind::kStar) ||
          formals[i].kind == ParamKind::kStar2) {
        unmatched.push_back(i);
      }
    }
    for (size_t ai : ambiguous) {
      for (size_t i : unmatched) map[i].push_back(ai);
    }
  }
  return map;
}

TypeId expandActual(Checker& c, ArgumentExpander& expander, TypeId actual, ArgKind kind, NameId formal_name, ParamKind formal_kind) {
  World& w = c.w;
  actual = kind == ArgKind::kPos || kind == ArgKind::kNamed ? actual : proper(w, actual);
  if (kind == ArgKind::kStar) {
    if (w.types.is(actual, TypeKind::kTuple)) {
      const Type& tuple = w.types[actual];
      if (tuple.count == 0) return w.types.any();
      size_t at = expander.tuple_index % tuple.count;
      ++expander.tuple_index;
      TypeId item = tuple.items[at];
      if (w.types.is(item, TypeKind::kUnpack)) {
        TypeId inner = proper(w, w.types[item].items[0]);
        if (isNamed(w, inner, "builtins.tuple")) return w.types[inner].items[0];
        return item;
      }
      return item;
    }
    if (isParamSpec(w, actual)) return actual;
    if (w.types.is(actual, TypeKind::kTypeVar)) actual = proper(w, upperBound(w, TypeVarId(w.types[actual].ref)));
    if (w.types.is(actual, TypeKind::kInstance)) {
      ClassId iterable = lookupClass(w, "typing", "Iterable");
      if (iterable.valid() && isSubtype(w, actual, instanceWithAny(w, iterable))) {
        if (isSubclass(w, w.types[actual].cls(), iterable)) return w.types[mapToSupertype(w, actual, iterable)].items[0];
        ++c.silent;
        TypeId item = iteratedType(c, actual, NodeId::none());
        --c.silent;
        return item;
      }
    }
    return w.types.any();
  }
  if (kind == ArgKind::kStar2) {
    if (w.types.is(actual, TypeKind::kTypedDict)) {
      for (const TypedDictItem& item : w.types.typedDictItems(actual)) {
        bool used = false;
        for (NameId name : expander.kwargs_used) used = used || name == item.name;
        bool wanted = formal_kind == ParamKind::kStar2 ? !used : item.name == formal_name;
        if (!wanted) continue;
        expander.kwargs_used.push_back(item.name);
        return item.type;
      }
      return w.types.any();
    }
    if (isParamSpec(w, actual)) return actual;
    ClassId mapping = lookupClass(w, "typing", "Mapping");
    if (w.types.is(actual, TypeKind::kInstance) && mapping.valid() && isSubclass(w, w.types[actual].cls(), mapping)) {
      TypeId mapped = mapToSupertype(w, actual, mapping);
      if (w.types[mapped].count > 1) return w.types[mapped].items[1];
    }
    if (w.types.is(actual, TypeKind::kInstance)) {
      TypeId getter = findMemberType(w, w.names.__getitem__, actual, actual);
      if (getter.valid() && w.types.is(getter, TypeKind::kCallable)) return w.types.callable(getter).ret();
    }
    return w.types.any();
  }
  return actual;
}

void tooFewArguments(Checker& c, TypeId callee, const CallSite& site, NodeId node) {
  World& w = c.w;
  CallableView view = w.types.callable(callee);
  size_t positional = 0;
  for (const Arg& arg : site.args) positional += arg.name.valid() ? 0 : 1;
  size_t minimum = 0;
  for (const ParamShape& param : view.params()) minimum += param.kind == ParamKind::kPos ? 1 : 0;
  std::string names;
  size_t count = 0;
  bool all_named = true;
  for (size_t i = positional; i < minimum && i < view.params().size(); ++i) {
    NameId name = view.params()[i].name;
    bool given = false;
    for (const Arg& arg : site.args) given = given || (arg.name.valid() && arg.name == name);
    if (given) continue;
    ++count;
    if (!name.valid()) {
      all_named = false;
      continue;
    }
    names += (names.empty() ? "" : "\", \"") + std::string(w.text(name));
  }
  std::string name = callableName(w, callee);
  if (!name.empty() && count > 0 && all_named && !site.is_implicit) {
    fail(c, node, Code::kCallArg, std::string(count == 1 ? "Missing positional argument" : "Missing positional arguments") + " \"" + names + "\" in call to " + name);
    return;
  }
  fail(c, node, Code::kCallArg, "Too few arguments" + (name.empty() ? "" : " for " + name));
}

bool checkOmittedArgument(Checker& c, TypeId callee, const CallSite& site, const std::vector<TypeId>& types) {
  World& w = c.w;
  CallableView view = w.types.callable(callee);
  size_t count = site.args.size();
  if (count < 2 || view.paramCount() != count + 1 || isDynamic(c)) return false;
  for (const ParamShape& param : view.params()) {
    if (param.kind != ParamKind::kPos || !param.name.valid()) return false;
  }
  for (size_t i = 0; i < count; ++i) {
    if (site.args[i].kind != ArgKind::kPos || !types[i].valid()) return false;
  }
  // With parameter `omitted` left out, do the others fit?
  auto fits = [&](size_t omitted) {
    for (size_t i = 0; i < count; ++i) {
      if (!isSubtype(w, types[i], view.types()[i < omitted ? i : i + 1])) return false;
    }
    return true;
  };
  std::string name = callableName(w, callee);
  if (name.empty() || fits(count)) return false;
  for (size_t omitted = 0; omitted < count; ++omitted) {
    if (!fits(omitted)) continue;
    NodeId at = site.args[omitted].node.valid() ? site.args[omitted].node : site.node;
    fail(c, at, Code::kCallArg, "Missing positional argument \"" + std::string(w.text(view.params()[omitted].name)) + "\" in call to " + name);
    return true;
  }
  return false;
}

static void unexpectedKeyword(Checker& c, TypeId callee, NameId name, TypeId type, NodeId node) {
  World& w = c.w;
  CallableView view = w.types.callable(callee);
  std::string text = "Unexpected keyword argument \"" + std::string(w.text(name)) + "\"" + forFunction(w, callee);
  // Suggest parameters with similar names, those whose type fits first.
  std::vector<NameId> fitting, others;
  for (size_t i = 0; i < view.params().size(); ++i) {
    if (!view.params()[i].name.valid() || view.params()[i].kind == ParamKind::kStar) continue;
    (isSubtype(w, type, view.types()[i]) ? fitting : others).push_back(view.params()[i].name);
  }
  std::vector<std::string> matches = similarNames(w, fitting, w.text(name));
  if (matches.empty()) matches = similarNames(w, others, w.text(name));
  if (!matches.empty()) text += "; did you mean " + didYouMean(matches) + "?";
  fail(c, node, Code::kCallArg, text);
  FunctionId definition = view.shape->definition;
  if (!definition.valid() || w.functions[definition].module == c.module) return;
  // Where the builtins are everybody knows.
  if (w.text(w.modules[w.functions[definition].module].name) == "builtins") return;
  std::string called = callableName(w, callee);
  note(c, node, Code::kCallArg, (called.empty() ? "Called function" : called) + " defined in \"" + std::string(w.text(w.modules[w.functions[definition].module].name)) + "\"");
}

// P.args and P.kwargs are passed on once each; functools.partial() may leave them out.
static bool checkParamSpecArguments(Checker& c, TypeId callee, const CallSite& site, const std::vector<TypeId>& types, const std::vector<size_t>& actuals) {
  World& w = c.w;
  if (actuals.empty()) {
    if (w.types.callable(callee).has(kPartialForm)) return true;
    tooFewArguments(c, callee, site, site.node);
    return false;
  }
  size_t passed_on = 0;
  for (size_t ai : actuals) passed_on += types[ai].valid() && isParamSpec(w, proper(w, types[ai])) ? 1 : 0;
  ArgKind kind = site.args[actuals[0]].kind;
  if (passed_on < 2 || (kind != ArgKind::kStar && kind != ArgKind::kStar2)) return true;
  fail(c, site.node, Code::kArgType, std::string(kind == ArgKind::kStar ? "ParamSpec.args" : "ParamSpec.kwargs") + " should only be passed once");
  return false;
}

// Do these arguments, which fall to one parameter, surely give it more than one value?
static bool surelyDoubled(World& w, const CallSite& site, const std::vector<TypeId>& types, const std::vector<size_t>& given) {
  bool is_doubled = false;
  for (size_t k = 0; k < given.size(); ++k) {
    ArgKind kind = site.args[given[k]].kind;
    TypeId type = proper(w, types[given[k]]);
    bool is_definite = kind == ArgKind::kPos || kind == ArgKind::kNamed || w.types.is(type, TypeKind::kTuple) || w.types.is(type, TypeKind::kTypedDict);
    if (!is_definite) return false;
    is_doubled = k == 0 || is_doubled || kind != ArgKind::kStar2;
  }
  return is_doubled;
}

// Only `*args, **kwargs` and a `**kwargs` of unknown keys may give a parameter what another argument gives it, too.
// ref: mypy is_duplicate_mapping
static bool mayBeDoubled(World& w, const CallSite& site, const std::vector<TypeId>& types, const std::vector<size_t>& given) {
  auto kindOf = [&](size_t k) { return site.args[given[k]].kind; };
  if (given.size() == 2 && kindOf(0) == ArgKind::kStar && kindOf(1) == ArgKind::kStar2) return false;
  size_t certain = 0;
  for (size_t k = 0; k < given.size(); ++k) {
    certain += kindOf(k) != ArgKind::kStar2 || w.types.is(proper(w, types[given[k]]), TypeKind::kTypedDict);
  }
  return certain > 1;
}

// A method whose first parameter has an odd name may lack it. ref: mypy messages.maybe_note_about_special_args
static void specialArgumentNote(Checker& c, TypeId callee, NodeId node) {
  World& w = c.w;
  FunctionId id = w.types.callable(callee).shape->definition;
  if (!id.valid() || !w.functions[id].owner.valid() || !w.functions[id].node.valid() || w.functions[id].has(kFnStatic)) return;
  const Ast& ast = *w.modules[w.functions[id].module].ast;
  auto def = ast.tryAs<syntax::FunctionDef>(w.functions[id].node);
  if (!def) return;
  NodeList params = ast.as<syntax::Parameters>(def->params()).params();
  if (params.empty()) return;
  std::string_view first = syntax::nameText(ast, ast.as<syntax::Parameter>(params[0]).name());
  if (first == "self" || first == "cls" || first == "mcs") return;
  note(c, node, Code::kCallArg, "Looks like the first special argument in a method is not named \"self\", \"cls\", or \"mcs\", maybe it is missing?");
}

bool checkArgumentCount(Checker& c, TypeId callee, const CallSite& site, const std::vector<TypeId>& types,
                        const std::vector<std::vector<size_t>>& map) {
  World& w = c.w;
  CallableView view = w.types.callable(callee);
  std::vector<size_t> used(site.args.size());
  for (const auto& actuals : map) {
    for (size_t ai : actuals) ++used[ai];
  }
  bool ok = true;
  bool unexpected = false;
  bool has_star = varArgument(w, callee).exists;
  for (size_t i = 0; i < site.args.size(); ++i) {
    const Arg& arg = site.args[i];
    TypeId type = proper(w, types[i]);
    bool nonempty_tuple = w.types.is(type, TypeKind::kTuple) && w.types[type].count > 0 && !hasUnpack(w, tupleItems(w, type));
    if (used[i] == 0 && (arg.kind != ArgKind::kStar || nonempty_tuple) && arg.kind != ArgKind::kStar2) {
      ok = false;
      if (arg.kind != ArgKind::kNamed) {
        fail(c, site.node, Code::kCallArg, "Too many arguments" + forFunction(w, callee));
        specialArgumentNote(c, callee, site.node);
      } else {
        unexpectedKeyword(c, callee, arg.name, types[i], site.node);
        unexpected = true;
      }
    } else if ((arg.kind == ArgKind::kStar && !has_star) || arg.kind == ArgKind::kStar2) {
      size_t length = 0;
      bool known = false;
      if (w.types.is(type, TypeKind::kTuple) && !hasUnpack(w, tupleItems(w, type))) {
        length = w.types[type].count;
        known = true;
      }
      bool is_dict = w.types.is(type, TypeKind::kTypedDict);
      if (is_dict) {
        length = w.types.typedDictItems(type).size();
        known = true;
      }
      if (known && used[i] < length) {
        if (is_dict) {
          std::string names;
          size_t extra = 0;
          for (const TypedDictItem& item : w.types.typedDictItems(type)) {
            bool taken = false;
            for (const ParamShape& param : view.params()) taken = taken || param.name == item.name;
            if (taken) continue;
            ++extra;
            names += (names.empty() ? "" : "\", \"") + std::string(w.text(item.name));
          }
          fail(c, site.node, Code::kCallArg, std::string("Extra argument") + (extra == 1 ? "" : "s") + " \"" + names + "\" from **args" + forFunction(w, callee));
          unexpected = true;
        } else {
          fail(c, site.node, Code::kCallArg, "Too many arguments" + forFunction(w, callee));
          specialArgumentNote(c, callee, site.node);
        }
        ok = false;
      }
    }
  }
  for (size_t i = 0; i < map.size(); ++i) {
    const ParamShape& param = view.params()[i];
    if (isRequired(param.kind) && map[i].empty() && !unexpected) {
      if (isPositional(param.kind)) {
        tooFewArguments(c, callee, site, site.node);
      } else {
        fail(c, site.node, Code::kCallArg, "Missing named argument \"" + (param.name.valid() ? std::string(w.text(param.name)) : "?") + "\"" + forFunction(w, callee));
      }
      ok = false;
      if (isPositional(param.kind)) {
        // One message tells all the missing positional ones.
        for (size_t j = i + 1; j < map.size(); ++j) {
          if (isRequired(view.params()[j].kind) && map[j].empty() && !isPositional(view.params()[j].kind)) {
            fail(c, site.node, Code::kCallArg, "Missing named argument \"" + std::string(w.text(view.params()[j].name)) + "\"" + forFunction(w, callee));
          }
        }
        break;
      }
    } else if (!isStar(param.kind) && map[i].size() > 1) {
      bool is_doubled = follows(*c.options, Divergence::kDoubledArguments) ? surelyDoubled(w, site, types, map[i]) : mayBeDoubled(w, site, types, map[i]);
      if (is_doubled) {
        std::string name = callableName(w, callee);
        fail(c, site.node, Code::kMisc, (name.empty() ? "Function" : name) + " gets multiple values for keyword argument \"" + (param.name.valid() ? std::string(w.text(param.name)) : "") + "\"");
        ok = false;
      }
    } else if (isNamed(param.kind) && !map[i].empty() && site.args[map[i][0]].kind != ArgKind::kNamed && site.args[map[i][0]].kind != ArgKind::kStar2) {
      fail(c, site.node, Code::kCallArg, "Too many positional arguments" + forFunction(w, callee));
      specialArgumentNote(c, callee, site.node);
      ok = false;
    } else if (isStar(param.kind) && isParamSpec(w, view.types()[i])) {
      ok = checkParamSpecArguments(c, callee, site, types, map[i]) && ok;
    }
  }
  return ok;
}

// Is it type[C] of a protocol or abstract class, or of a type variable?
bool wantsConcrete(World& w, TypeId wanted) {
  wanted = proper(w, wanted);
  if (!w.types.is(wanted, TypeKind::kTypeType)) return false;
  TypeId item = proper(w, w.types[wanted].items[0]);
  if (!w.types.is(item, TypeKind::kInstance)) return w.types.is(item, TypeKind::kTypeVar);
  ClassId cls = w.types[item].cls();
  w.hooks.complete_abstract(w, cls);
  return w.header(cls).has(kClassProtocol) || !w.classes[cls].abstract_members.empty();
}

bool isAbstractClassObject(World& w, const CheckOptions& options, TypeId type) {
  if (!w.types.is(type, TypeKind::kCallable) || !w.types.callable(type).isTypeObject()) return false;
  if (w.types.callable(type).has(kFromTypeType)) return false;
  TypeId item = proper(w, w.types.callable(type).ret());
  if (!w.types.is(item, TypeKind::kInstance)) return false;
  ClassId cls = w.types[item].cls();
  if (w.header(cls).has(kClassProtocol)) return true;
  if (follows(options, Divergence::kAbstractClassObjects)) return false;
  w.hooks.complete_abstract(w, cls);
  return !w.classes[cls].abstract_members.empty();
}

std::vector<TypeId> variadicItems(Checker& c, ArgumentExpander& expander, const CallSite& site, const std::vector<TypeId>& types, const ArgumentMap& map, size_t formal) {
  World& w = c.w;
  std::vector<TypeId> items;
  for (size_t ai : map[formal]) {
    TypeId actual = proper(w, types[ai]);
    bool is_tuple = w.types.is(actual, TypeKind::kTuple);
    if (site.args[ai].kind != ArgKind::kStar) {
      items.push_back(types[ai]);
    } else if (is_tuple && hasUnpack(w, tupleItems(w, actual))) {
      std::span<const TypeId> rest = w.types[actual].args();
      for (size_t before = 0; before < formal && !w.types.is(rest[0], TypeKind::kUnpack); ++before) {
        if (std::find(map[before].begin(), map[before].end(), ai) != map[before].end()) rest = rest.subspan(1);
      }
      items.insert(items.end(), rest.begin(), rest.end());
    } else {
      TypeId item = expandActual(c, expander, types[ai], ArgKind::kStar, NameId::none(), ParamKind::kStar);
      items.push_back(is_tuple ? item : w.types.unpack(builtinType(w, "tuple", item)));
    }
  }
  return items;
}

// *args: *Ts or *args: *tuple[…]: the actuals together form a tuple. ref: mypy checkexpr.check_argument_types
static void checkVariadic(Checker& c, TypeId callee, const CallSite& site, const std::vector<TypeId>& types,
                          const ArgumentMap& map, size_t formal_index, ArgumentExpander& expander) {
  World& w = c.w;
  const std::vector<size_t>& actuals = map[formal_index];
  TypeId formal = w.types.callable(callee).types()[formal_index];
  TypeId wanted = proper(w, w.types[formal].items[0]);
  if (!w.types.is(wanted, TypeKind::kTuple)) wanted = w.types.tuple(std::span<const TypeId>(&formal, 1), builtinType(w, "tuple"));
  std::vector<TypeId> items = variadicItems(c, expander, site, types, map, formal_index);
  if (isSubtype(w, normalizedTuple(w, items, builtinType(w, "tuple")), wanted)) return;
  // An unpacked tuple[X, ...] among the wanted stands for as many X as there are arguments left.
  std::vector<TypeId> each = tupleItems(w, wanted);
  for (size_t k = 0; k < each.size(); ++k) {
    TypeId inner = w.types.is(each[k], TypeKind::kUnpack) ? proper(w, w.types[each[k]].items[0]) : TypeId::none();
    if (!isNamed(w, inner, "builtins.tuple")) continue;
    TypeId item = w.types[inner].items[0];
    each.erase(each.begin() + static_cast<ptrdiff_t>(k));
    size_t count = items.size() > each.size() ? items.size() - each.size() : 0;
    each.insert(each.begin() + static_cast<ptrdiff_t>(k), count, item);
    break;
  }
  if (each.size() != items.size()) {
    fail(c, site.node, Code::kCallArg, (items.size() > each.size() ? "Too many arguments" : "Too few arguments") + forFunction(w, callee));
    return;
  }
  for (size_t k = 0; k < items.size() && k < actuals.size(); ++k) {
    if (items[k] == each[k]) continue;
    bool is_open = w.types.is(items[k], TypeKind::kUnpack) || w.types.is(each[k], TypeKind::kUnpack);
    if (!is_open && isSubtype(w, items[k], each[k])) continue;
    const Arg& arg = site.args[actuals[k]];
    TypeId shown = arg.kind == ArgKind::kStar ? types[actuals[k]] : items[k];
    reportIncompatibleArgument(c, callee, site, actuals[k] + 1, formal_index + 1, shown, arg.kind, arg.node.valid() ? arg.node : site.node);
  }
}

// Is more than one of the arguments for *args: *Ts of unknown length?
static bool hasSeveralOpen(Checker& c, const CallSite& site, const std::vector<TypeId>& types, const std::vector<size_t>& actuals) {
  size_t open = 0;
  for (size_t ai : actuals) {
    TypeId type = proper(c.w, types[ai]);
    if (site.args[ai].kind == ArgKind::kStar && (!c.w.types.is(type, TypeKind::kTuple) || hasUnpack(c.w, tupleItems(c.w, type)))) ++open;
  }
  return open > 1;
}

void checkArgumentTypes(Checker& c, TypeId callee, const CallSite& site, const std::vector<TypeId>& types,
                        const std::vector<std::vector<size_t>>& map) {
  World& w = c.w;
  CallableView view = w.types.callable(callee);
  ArgumentExpander expander;
  for (size_t i = 0; i < map.size(); ++i) {
    TypeId formal = view.types()[i];
    ParamKind kind = view.params()[i].kind;
    if (kind == ParamKind::kStar && w.types.is(formal, TypeKind::kUnpack)) {
      if (hasSeveralOpen(c, site, types, map[i])) {
        fail(c, site.node, Code::kCallArg, "Passing multiple variadic unpacks in a call is not supported");
        continue;
      }
      checkVariadic(c, callee, site, types, map, i, expander);
      continue;
    }
    for (size_t ai : map[i]) {
      TypeId actual = types[ai];
      const Arg& arg = site.args[ai];
      if (arg.kind == ArgKind::kStar && !isParamSpec(w, proper(w, actual))) {
        TypeId plain = proper(w, actual);
        if (w.types.is(plain, TypeKind::kTypeVar)) plain = proper(w, upperBound(w, TypeVarId(w.types[plain].ref)));
        bool fits = isIterable(c, plain) || (follows(*c.options, Divergence::kIndexedArguments) && findMemberType(w, w.names.__getitem__, plain, plain).valid());
        if (!fits) {
          fail(c, site.node, Code::kMisc, "Expected iterable as variadic argument");
        }
      }
      if (arg.kind == ArgKind::kStar2 && !isParamSpec(w, proper(w, actual))) {
        TypeId plain = proper(w, actual);
        bool fits = w.types.is(plain, TypeKind::kAny) || w.types.is(plain, TypeKind::kTypedDict);
        ClassId mapping = lookupClass(w, "typing", "Mapping");
        if (!fits && mapping.valid()) {
          TypeId args[] = {builtinType(w, "str"), w.types.any()};
          TypeId never_args[] = {w.types.never(), w.types.never()};
          fits = isSubtype(w, plain, w.types.instance(mapping, args)) || isSubtype(w, plain, w.types.instance(mapping, never_args)) ||
                 (findMemberType(w, w.names.keys, plain, plain).valid() && findMemberType(w, w.names.__getitem__, plain, plain).valid() &&
                  !isSubclass(w, w.types.is(plain, TypeKind::kInstance) ? w.types[plain].cls() : mapping, mapping));
        }
        if (!fits) {
          bool is_mapping = mapping.valid() && w.types.is(plain, TypeKind::kInstance) && isSubclass(w, w.types[plain].cls(), mapping);
          if (is_mapping) {
            fail(c, site.node, Code::kArgType, "Argument after ** must have string keys");
          } else {
            fail(c, site.node, Code::kArgType, "Argument after ** must be a mapping, not " + formatType(w, actual));
          }
        }
      }
      size_t repeats = 1;
      TypeId plain = proper(w, actual);
      bool star_formal = kind == ParamKind::kStar && arg.kind == ArgKind::kStar && w.types.is(plain, TypeKind::kTuple);
      if (star_formal) repeats = w.types[plain].count - std::min<size_t>(expander.tuple_index, w.types[plain].count);
      if (kind == ParamKind::kStar2 && arg.kind == ArgKind::kStar2 && w.types.is(plain, TypeKind::kTypedDict)) {
        repeats = w.types.typedDictItems(plain).size() - std::min(expander.kwargs_used.size(), w.types.typedDictItems(plain).size());
      }
      for (size_t r = 0; r < repeats; ++r) {
        TypeId expanded = expandActual(c, expander, actual, arg.kind, view.params()[i].name, kind);
        NodeId where = arg.node.valid() ? arg.node : site.node;
        TypeId wanted = formal;
        if (kind == ParamKind::kStar2 && view.has(kUnpackKwargs)) {
          TypeId dict = proper(w, formal);
          if (w.types.is(dict, TypeKind::kTypedDict)) {
            for (const TypedDictItem& item : w.types.typedDictItems(dict)) {
              if (item.name == arg.name) wanted = item.type;
            }
          }
        }
        if (w.types.is(proper(w, expanded), TypeKind::kDeleted)) {
          fail(c, where, Code::kMisc, "Trying to read deleted variable \"" + std::string(w.text(NameId(w.types[proper(w, expanded)].ref))) + "\"");
          continue;
        }
        if (isAbstractClassObject(w, *c.options, proper(w, expanded)) && wantsConcrete(w, wanted)) {
          fail(c, where, Code::kTypeAbstract, "Only concrete class can be given where " + formatType(w, wanted) + " is expected");
          continue;
        }
        if (!isSubtype(w, expanded, wanted)) {
          if (isDynamic(c) && c.w.types.is(proper(w, expanded), TypeKind::kAny)) continue;
          // A star's own type is shown, not its item's; an item of a TypedDict is as a named argument.
          bool is_star = arg.kind == ArgKind::kStar || arg.kind == ArgKind::kStar2;
          bool is_item = arg.kind == ArgKind::kStar2 && kind != ParamKind::kStar2 && w.types.is(proper(w, types[ai]), TypeKind::kTypedDict);
          if (is_item) {
            CallSite by_name = site;
            by_name.args[ai].name = view.params()[i].name;
            reportIncompatibleArgument(c, callee, by_name, ai + 1, i + 1, expanded, ArgKind::kNamed, where);
            continue;
          }
          reportIncompatibleArgument(c, callee, site, ai + 1, i + 1, is_star ? types[ai] : expanded, arg.kind, where);
        }
      }
    }
  }
}

}  // namespace krait::infer
