// Fields of classes that a call makes: `P = NamedTuple("P", [("x", int)])`, `namedtuple("P", "x y")`,
// `TypedDict("T", {"x": int})`, `Enum("E", "A B")`. Their names stand in strings, sometimes several in one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lsp/locate.h"

namespace krait::lsp {

// The call that makes the class `owner` is (an assignment of the call, or the call itself); none: it is no such thing.
NodeId functionalCall(const syntax::Ast& ast, NodeId owner);
// Does the call make an enumeration?
bool makesEnum(const syntax::Ast& ast, NodeId call);
// The class as a target: where its name stands, and the call.
Target functionalClass(SourceModule& module, NodeId call);
// Its fields in order: the constant that names each, the range of the name inside it, the call as owner.
std::vector<Target> functionalFields(SourceModule& module, NodeId call);
// The one of that name; a target without a module: there is none.
Target functionalField(SourceModule& module, NodeId call, std::string_view name);
// The field whose name stands at the offset inside the constant, or a target without a module.
Target functionalFieldAt(SourceModule& module, NodeId constant, uint32_t offset);
// All fields that the constant names.
std::vector<Target> fieldsOfConstant(SourceModule& module, NodeId constant);

}  // namespace krait::lsp
