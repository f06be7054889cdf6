// What the files of annotation analysis ask of each other.
#pragma once

#include "checker/declare/declare.h"

namespace krait::declare {

void fail(AnnotationContext& context, NodeId node, Code code, std::string text);
void failNote(AnnotationContext& context, NodeId node, Code code, std::string text);
std::string dottedText(const Ast& ast, NodeId node);
// How messages call a variable that stands where a type should, written as `shown`: by its full name outside of functions.
std::string variableName(World& w, SymbolId variable, std::string shown);
// Reports a function that stands where a type should.
TypeId functionAsType(AnnotationContext& context, SymbolId symbol, NodeId node);
TypeId analyzeNamed(AnnotationContext& context, NodeId name, NodeList args, NodeId node, bool has_args);
TypeId analyzeSpecial(AnnotationContext& context, NameId special, NodeList args, NodeId node, bool has_args);
// A type inside another one: nothing that is only allowed at the top is allowed there.
// `*T` of an analysed T; reports what cannot be unpacked at `node`.
TypeId unpackedType(AnnotationContext& context, NodeId node, TypeId type);
TypeId analyzeInner(AnnotationContext& context, NodeId node, bool allows_unpack = false, bool allows_param_spec = false);
TypeId typeVarAsType(AnnotationContext& context, TypeVarId definition, NodeId node);
// Is the name one of typing's special forms?
bool isSpecialFormName(std::string_view name);
// The parameters that a list `[int, str]`, `...`, a ParamSpec or Concatenate stands for; none (nothing reported) if the
// expression is none of these.
TypeId analyzeParameters(AnnotationContext& context, NodeId node);
// Arg(int, "x") and its like (mypy_extensions) among the parameters of a Callable. False: it is an ordinary type.
bool addNamedParameter(AnnotationContext& context, NodeId node, CallableParts& parts);
// Parameters of a Callable in an order or with names that no function can have.
void checkParameterOrder(AnnotationContext& context, const CallableParts& parts, NodeList items);
TypeId analyzeLiteral(AnnotationContext& context, NodeList args, NodeId node);

}  // namespace krait::declare
