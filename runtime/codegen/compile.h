// The compiler's door: SemanticModel of a file -> CodeUnit of its module, with the units of everything defined in it.
// The text has passed the syntax check; what is refused here are only limits (nesting, sizes).
#pragma once

#include <memory>
#include <string>

#include "analyzer/semantic/semantic_model.h"
#include "runtime/bytecode/code_unit.h"

namespace krait::codegen {

enum class CompileMode : uint8_t { kExec, kEval, kSingle };

struct CompileOptions {
  CompileMode mode = CompileMode::kExec;
  int optimize = 0;                 // -O: 1 drops asserts and makes __debug__ false, 2 drops docstrings too
  bool checks_annotations = false;  // functions test their parameters and results (interp/contracts.h)
  bool observes_values = false;     // what expressions, parameters and results are is recorded (interp/observe.h)
  bool future_annotations = false;  // inherited from the code that calls compile()
  bool keeps_columns = true;        // else positions are lines only (-X no_debug_ranges)
  bool awaits_at_top = false;       // PyCF_ALLOW_TOP_LEVEL_AWAIT: a module that awaits is a coroutine's code
};

struct CompileError {
  std::string message;
  TextRange range;
  bool is_recursion = false;  // RecursionError instead of SyntaxError
};

struct CompileResult {
  std::unique_ptr<bytecode::CodeUnit> unit;  // null: see error
  CompileError error;
};

// The unit borrows from `names` and not from the model.
CompileResult compileModule(const semantic::SemanticModel& model, Interner& names, const CompileOptions& options);

}  // namespace krait::codegen
