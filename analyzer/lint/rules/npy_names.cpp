// NPY001, NPY002, NPY003: names that numpy took away, and its generator that everything shares. ref: numpy's release notes
#include <algorithm>
#include <string>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkNumpyAliases(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  // What assigns to the module's name uses it, too.
  auto plain = ast.tryAs<syntax::Name>(node);
  if (plain && plain->context() != syntax::ExprContext::kLoad) return;
  std::string name = qualifiedName(context, node);
  if (!name.starts_with("numpy.")) return;
  name = name.substr(6);
  if (isOneOf(name, {"int", "float", "complex", "object", "str", "unicode"})) {
    std::string type = name == "unicode" ? "str" : name;
    auto finding = context.sink.begin("NPY001"_rule, ast.range(node), {name});
    if (isBuiltinAvailable(context, node, type)) finding.fix("Replace `np." + name + "` with builtin type", {{ast.range(node), type}});
    return;
  }
  std::string today = name == "round_" ? "round" : name == "product" ? "prod" : name == "cumproduct" ? "cumprod" : name == "sometrue" ? "any" : name == "alltrue" ? "all" : "";
  if (today.empty()) return;
  auto finding = context.sink.begin("NPY003"_rule, ast.range(node), {name, today});
  std::optional<ImportedName> imported = importName(context, "numpy", today, node, true);
  if (!imported) return;
  std::vector<FixEdit> edits = {{ast.range(node), imported->text}};
  if (imported->edit) edits.push_back(*imported->edit);
  finding.fix("Replace with `np." + today + "`", std::move(edits));
}

void checkNumpyRandom(LintContext& context, NodeId node) {
  static constexpr std::string_view kLegacy[] = {
      "beta", "binomial", "bytes", "chisquare", "choice", "dirichlet", "exponential", "f", "gamma", "geometric", "get_state", "gumbel", "hypergeometric",
      "laplace", "logistic", "lognormal", "logseries", "multinomial", "multivariate_normal", "negative_binomial", "noncentral_chisquare", "noncentral_f",
      "normal", "pareto", "permutation", "poisson", "power", "rand", "randint", "randn", "random", "random_integers", "random_sample", "ranf", "rayleigh",
      "sample", "seed", "set_state", "shuffle", "standard_cauchy", "standard_exponential", "standard_gamma", "standard_normal", "standard_t", "triangular",
      "uniform", "vonmises", "wald", "weibull", "zipf"};
  std::string name(calleeName(context, node));
  if (!name.starts_with("numpy.random.")) return;
  name = name.substr(13);
  if (!std::binary_search(std::begin(kLegacy), std::end(kLegacy), name)) return;
  context.sink.begin("NPY002"_rule, context.ast.range(context.ast.as<syntax::Call>(node).func()), {name});
}

}  // namespace krait::lint
