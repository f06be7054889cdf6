#include "analyzer/lint/assignments.h"

namespace krait::lint {

SoleAssignment soleAssignment(const Ast& ast, NodeId statement) {
  if (auto assign = ast.tryAs<syntax::Assign>(statement)) {
    if (assign->targets().size() != 1) return {};
    return {.target = assign->targets()[0], .value = assign->value()};
  }
  auto annotated = ast.tryAs<syntax::AnnAssign>(statement);
  if (!annotated) return {};
  return {.target = annotated->target(), .value = annotated->value()};
}

}  // namespace krait::lint
