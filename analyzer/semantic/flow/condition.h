// Static truth of conditions: comparisons of sys.version_info, sys.platform and os.name, TYPE_CHECKING, MYPY, PY2/PY3, names
// that the configuration declares always true or false, and `not`, `and`, `or` of them (typing specification,
// "Version and platform checking"; the rules of mypy/reachability.py). Constants count only where the caller says so.
#pragma once

#include <string>
#include <vector>

#include "analyzer/config/options.h"
#include "analyzer/syntax/ast.h"

namespace krait::semantic {

// kCheckingTrue and kCheckingFalse: so for a type checker, the other way round when the program runs.
enum class Truth : uint8_t { kUnknown, kTrue, kFalse, kCheckingTrue, kCheckingFalse };

inline bool isTrue(Truth truth) { return truth == Truth::kTrue || truth == Truth::kCheckingTrue; }
inline bool isFalse(Truth truth) { return truth == Truth::kFalse || truth == Truth::kCheckingFalse; }
Truth negated(Truth truth);

enum class ConstantConditions : uint8_t { kUnknown, kKnown };

// What the code is checked for.
struct Target {
  int major = 3;
  int minor = 14;
  std::string platform = "linux";  // sys.platform
  std::string os_name;             // os.name; empty: a comparison with it has no truth (mypy)
  std::vector<std::string> always_true;
  std::vector<std::string> always_false;
  // kKnown: `if False`, `while 1`, `if ""` have a truth as well.
  ConstantConditions constants = ConstantConditions::kUnknown;
};

// The target that a module's options describe.
Target targetOf(const config::Options& options);

Truth truthOf(const syntax::Ast& ast, syntax::NodeId condition, const Target& target);

}  // namespace krait::semantic
