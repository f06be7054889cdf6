// The expression forms, one function each, in the file named after the form; and what several of them share.
#pragma once

#include "checker/infer/context.h"

namespace krait::infer {

TypeId inferName(Context& c, NodeId node);
TypeId inferConstant(Context& c, NodeId node, TypeId expected);
TypeId inferAttribute(Context& c, NodeId node, bool as_target = false);
TypeId inferCall(Context& c, NodeId node, bool allow_none_return);
TypeId inferBoolOp(Context& c, NodeId node, TypeId expected);
TypeId inferBinOp(Context& c, NodeId node, TypeId expected);
TypeId inferUnaryOp(Context& c, NodeId node, TypeId expected);
TypeId inferCompare(Context& c, NodeId node);
TypeId inferIfExp(Context& c, NodeId node, TypeId expected, bool allow_none_return);
TypeId inferLambda(Context& c, NodeId node, TypeId expected);
TypeId inferListOrSet(Context& c, NodeId node, NodeList items, std::string_view cls, std::string_view tag, TypeId expected);
TypeId inferTuple(Context& c, NodeId node, TypeId expected);
TypeId inferDict(Context& c, NodeId node, TypeId expected);
TypeId inferComprehension(Context& c, NodeId node, TypeId expected);
TypeId inferAwait(Context& c, NodeId node, bool allow_none_return);
TypeId inferYield(Context& c, NodeId node);
TypeId inferYieldFrom(Context& c, NodeId node, bool allow_none_return);
TypeId inferSubscript(Context& c, NodeId node);
TypeId inferSlice(Context& c, NodeId node);
TypeId inferJoinedString(Context& c, NodeId node);
TypeId inferSuper(Context& c, NodeId attribute, NodeId call, bool as_target);

// `reveal_type(x)` and its kin; nullopt-like none: an ordinary call.
TypeId inferSpecialCall(Context& c, NodeId call, const std::string& fullname, TypeId expected);
// "%" formatting and str.format.
TypeId checkPercentFormat(Context& c, NodeId node, NodeId literal, NodeId right);
void checkFormatCall(Context& c, NodeId call, NodeId literal);
// Calls and displays that make a TypedDict.
bool isTypedDictClass(World& w, TypeId callee);
TypeId checkTypedDictCall(Context& c, TypeId typed_dict, NodeId call);
TypeId inferTypedDictDisplay(Context& c, NodeId dict, TypeId expected);
std::vector<TypeId> typedDictCandidates(World& w, TypeId expected);
// `td["key"]` (read or written).
TypeId typedDictItemType(Context& c, TypeId typed_dict, NodeId index, bool as_target);
// get, setdefault, pop, update, __delitem__, keys…: a special signature or result; none: the ordinary one.
TypeId typedDictMethodType(Context& c, TypeId typed_dict, NameId method, NodeId call, TypeId signature);

TypeId currentExpected(const Context& c);
// The literal type that an expression of a simple form has, for indexing: its ints or strings; empty otherwise.
std::vector<std::string> literalStrings(Context& c, NodeId node, TypeId type);
bool literalInts(Context& c, NodeId node, std::vector<int64_t>& values, TypeId* type = nullptr);
TypeId instanceOf(World& w, std::string_view cls, TypeId arg);
bool isAny(World& w, TypeId type);
bool isNone(World& w, TypeId type);
TypeId anyFrom(World& w, TypeId source);

// ---- calls ----
struct ArgumentMap {
  std::vector<std::vector<uint32_t>> formals;  // by parameter: the arguments that go there
};
ArgumentMap mapArguments(World& w, const std::vector<Argument>& args, TypeId callee, const std::vector<TypeId>& arg_types);
// The type that an argument has for the parameter it is mapped to: items of stars taken out. Keeps its place.
class ArgumentExpander {
 public:
  explicit ArgumentExpander(Context& c) : c_(c) {}
  TypeId expand(TypeId type, ArgKind kind, NameId formal_name, ParamKind formal_kind);

 private:
  Context& c_;
  size_t tuple_index_ = 0;
  std::vector<NameId> used_keys_;
};
bool checkArgumentCount(Context& c, TypeId callee, const std::vector<TypeId>& arg_types, const std::vector<Argument>& args,
                        const ArgumentMap& map, NodeId at, TypeId object_type, const std::string& callable_name);
void checkArgumentTypes(Context& c, const std::vector<TypeId>& arg_types, const std::vector<Argument>& args, TypeId callee,
                        const ArgumentMap& map, NodeId at, TypeId object_type, bool* failed = nullptr);
std::vector<TypeId> inferArguments(Context& c, TypeId callee, const std::vector<Argument>& args, const ArgumentMap& map);
// One argument's type where `wanted` (or none) is expected.
TypeId inferArgument(Context& c, const Argument& argument, TypeId wanted = {});
std::vector<TypeId> inferArgumentsAlone(Context& c, const std::vector<Argument>& args);
CallResult checkCallableCall(Context& c, TypeId callee, std::vector<Argument>& args, NodeId at, NodeId callable_node,
                             const std::string& callable_name, TypeId object_type);
CallResult checkOverloadedCall(Context& c, TypeId callee, std::vector<Argument>& args, NodeId at, const std::string& callable_name,
                               TypeId object_type);
CallResult checkUnionCall(Context& c, TypeId callee, const std::vector<Argument>& args, NodeId at, const std::string& callable_name);
// The generic callable with its variables solved by the expected type, then by the arguments.
TypeId inferByReturnContext(Context& c, TypeId callee, NodeId at);
TypeId inferByArguments(Context& c, TypeId callee, const std::vector<Argument>& args, const ArgumentMap& map, NodeId at);
// Checks the solution against bounds and values; puts it in.
TypeId applyGenericArguments(Context& c, TypeId callee, const std::vector<TypeId>& types, NodeId at, bool skip_unsatisfied = false);
std::vector<Argument> argumentsOf(Context& c, NodeList args);
// Is the type an item for `*x`, `**x`?
bool isValidStarArgument(Context& c, TypeId type);
bool isValidStarStarArgument(Context& c, TypeId type);
bool isDuplicateMapping(const std::vector<uint32_t>& mapping, const std::vector<TypeId>& arg_types, const std::vector<Argument>& args,
                        World& w);

// ---- members ----
TypeId memberOfInstance(Context& c, TypeId instance, NameId name, NodeId at, const MemberOptions& options);
TypeId memberOfClass(Context& c, ClassId cls, TypeId item, NameId name, NodeId at, const MemberOptions& options);
TypeId memberOfModule(Context& c, ModuleId module, NameId name, NodeId at, bool as_target);
TypeId readDescriptor(Context& c, TypeId descriptor, TypeId instance, TypeId owner, NodeId at, const MemberOptions& options, NameId name);

}  // namespace krait::infer
