// The `_types` module: the names that `types` has for the interpreter's own classes. ref: Modules/_typesmodule.c.
#include "runtime/modules/module_table.h"
#include "runtime/object/isolate.h"
#include "runtime/object/type.h"

namespace krait::modules {

static Status init(Thread& t, Module* m) {
  const Types& types = t.types();
  const struct {
    const char* name;
    Type* type;
  } kNames[] = {
      {"AsyncGeneratorType", types.async_generator}, {"BuiltinFunctionType", types.native_function}, {"BuiltinMethodType", types.native_function},
      {"CellType", types.cell}, {"ClassMethodDescriptorType", types.class_method_descriptor}, {"CodeType", types.code},
      {"CoroutineType", types.coroutine}, {"EllipsisType", types.ellipsis}, {"FrameType", types.frame}, {"FunctionType", types.function},
      {"GeneratorType", types.generator}, {"GenericAlias", types.generic_alias}, {"GetSetDescriptorType", types.getset},
      {"LambdaType", types.function}, {"MappingProxyType", types.mapping_proxy}, {"MemberDescriptorType", types.member},
      {"MethodDescriptorType", types.native_descriptor}, {"MethodType", types.method}, {"MethodWrapperType", types.method_wrapper},
      {"ModuleType", types.module}, {"NoneType", types.none}, {"NotImplementedType", types.not_implemented},
      {"SimpleNamespace", types.simple_namespace}, {"TracebackType", types.traceback}, {"UnionType", types.union_},
      {"WrapperDescriptorType", types.wrapper},
  };
  // No object is one: there is no C interface.
  Type* capsule = makeType(*t.isolate, {.name = "PyCapsule", .size = sizeof(Object), .flags = kTypeDisallowNew});
  readyType(*t.isolate, capsule);
  moduleSet(t, m, "CapsuleType", Value(capsule));
  for (const auto& entry : kNames) moduleSet(t, m, entry.name, Value(entry.type));
  return kDone;
}

extern const NativeModule kTypesModule;
const NativeModule kTypesModule = {"_types", "Define names for built-in types.", nullptr, init};

}  // namespace krait::modules
