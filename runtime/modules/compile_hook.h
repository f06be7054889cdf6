// What modules need from above them: the compiler and the import system, installed by runtime/embed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/object/thread.h"

namespace krait::modules {

using namespace krait::object;

struct CompileHooks {
  // Source (str or bytes) to a code object; raises SyntaxError. mode: "exec", "eval", "single".
  // `optimize`: -1 as the interpreter was started. `feature_version`: of Python 3 whose syntax a tree may have, -1 for any.
  Ref (*compile)(Thread& t, Value source, Value filename, const std::string& mode, int flags, bool dont_inherit, int optimize, int feature_version) = nullptr;
  // The tokens of some lines, as a list (see runtime/compile/tokens_to_python.h).
  Ref (*tokenize)(Thread& t, std::string_view lines, bool extra_tokens, bool is_last, int64_t lines_before, std::vector<std::string>& indents) = nullptr;
  // Source (str or bytes) to the blocks of its symbol table: (type, name, nested, line, {name: flags}, [parameters], [children]).
  Ref (*symtable)(Thread& t, Value source, Value filename, const std::string& mode) = nullptr;
  // __import__.
  Ref (*import)(Thread& t, Value name, Value globals, Value locals, Value fromlist, Value level) = nullptr;
};
extern CompileHooks compile_hooks;

inline Ref compileSource_py(Thread& t, Value source, Value filename, const std::string& mode, int flags, bool dont_inherit, int optimize = -1,
                            int feature_version = -1) {
  return compile_hooks.compile(t, source, filename, mode, flags, dont_inherit, optimize, feature_version);
}
inline Ref importModule_py(Thread& t, Value name, Value globals, Value locals, Value fromlist, Value level) {
  return compile_hooks.import(t, name, globals, locals, fromlist, level);
}

}  // namespace krait::modules
