// What the transforms that turn annotated class bodies into fields share (dataclasses, dataclass_transform, attrs): the
// statements that may be fields, literal options, and where a transform comes from. Takes a class whose header is done.
#pragma once

#include <optional>

#include "checker/declare/annotation_internal.h"

namespace krait::declare {

// What @dataclass or a dataclass_transform says of the classes that it makes.
struct TransformSpec {
  bool is_dataclass = false;
  bool eq_default = true, order_default = false, kw_only_default = false, frozen_default = false;
  std::vector<std::string> field_specifiers;  // full names
  // Where the options of this class are: the arguments of the decorator or of the class statement.
  NodeList arguments;
  NodeId reason;                // where a wrong combination of options is reported
  bool declares_metaclass = false;  // the class that names the metaclass: neither frozen nor not
};

// @functools.total_ordering: adds the ordering methods that the class lacks.
void transformTotalOrdering(World& w, ClassId cls);
// The transform that applies to the class; none: it is an ordinary one.
std::optional<TransformSpec> findTransform(World& w, ClassId cls);
// Reads a dataclass_transform(…) decorator. `reports`: what is wrong with its arguments is said.
TransformSpec readTransform(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId decorator, bool reports);
bool isTransformName(const std::string& fullname);

// Is the decorator `x.default` or `x.validator` of an attr.ib() field?
bool isFieldDecorator(World& w, const FunctionInfo& function, NodeId decorator);

// The reachable assignments of a class body, those under `if` too.
std::vector<NodeId> fieldStatements(World& w, ClassId cls);
std::optional<bool> boolLiteral(const Ast& ast, NodeId node);
// The value of a keyword argument, or none.
NodeId keywordValue(const Ast& ast, NodeList args, NameId name);
// A bool option of a call or class statement; a value that is no literal is reported.
bool boolOption(World& w, ModuleId module, const Ast& ast, NodeList args, NameId name, bool fallback, const char* allowed = "True or False");
// The type with Self in it as the class itself.
TypeId withSelf(World& w, ClassId cls, TypeId type);
// A type variable that stands for the class or a subclass in methods which a transform adds: subclasses compare with themselves.
TypeId ownVariable(World& w, ClassId cls, const std::string& name);
// The position of a class in messages about the whole of it.
NodeId classNode(World& w, ClassId cls);
bool definesItself(World& w, ClassId cls, NameId name);
// What `converter` takes as its first argument, from its declaration, where it gives `produces` (or none). Any where
// nothing fits (reported at `at`).
TypeId converterInput(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId converter, NodeId at, bool is_attrs,
                      TypeId produces);
// Slots of a generated class; nothing where a base class has none.
void addSlots(World& w, ClassId cls, const std::vector<NameId>& names);

}  // namespace krait::declare
