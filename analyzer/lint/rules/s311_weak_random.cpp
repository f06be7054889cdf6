// S311: pseudo-random numbers. ref: bandit B311
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkWeakRandom(LintContext& context, NodeId node) {
  auto call = context.ast.as<syntax::Call>(node);
  if (isOneOf(qualifiedName(context, call.func()),
              {"random.Random", "random.random", "random.randrange", "random.randint", "random.choice",
               "random.choices", "random.uniform", "random.triangular", "random.randbytes"})) {
    context.sink.begin("S311"_rule, context.ast.range(node));
  }
}

}  // namespace krait::lint
