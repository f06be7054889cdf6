// NPY201: names that numpy 2 took away or moved. ref: numpy's migration guide for 2.0
#include <algorithm>
#include <string>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
enum class Kind : uint8_t {
  kNone,     // advice only; empty: nothing takes its place
  kText,     // another expression
  kBuiltin,  // a builtin
  kModule,   // `numpy.inf`, by way of the module
  kFrom,     // a name imported from its module
};
struct Removed {
  std::string_view name;
  Kind kind;
  bool is_new;  // what takes its place is there since numpy 2 only
  std::string_view text;
};
}  // namespace

static constexpr Removed kRemoved[] = {
    {"AxisError", Kind::kFrom, false, "numpy.exceptions.AxisError"},
    {"ComplexWarning", Kind::kFrom, false, "numpy.exceptions.ComplexWarning"},
    {"DataSource", Kind::kFrom, false, "numpy.lib.npyio.DataSource"},
    {"Inf", Kind::kModule, false, "numpy.inf"},
    {"Infinity", Kind::kModule, false, "numpy.inf"},
    {"ModuleDeprecationWarning", Kind::kFrom, false, "numpy.exceptions.ModuleDeprecationWarning"},
    {"NINF", Kind::kText, false, "-np.inf"},
    {"NZERO", Kind::kText, false, "-0.0"},
    {"NaN", Kind::kModule, false, "numpy.nan"},
    {"PINF", Kind::kModule, false, "numpy.inf"},
    {"PZERO", Kind::kText, false, "0.0"},
    {"RankWarning", Kind::kFrom, true, "numpy.exceptions.RankWarning"},
    {"TooHardError", Kind::kFrom, false, "numpy.exceptions.TooHardError"},
    {"VisibleDeprecationWarning", Kind::kFrom, false, "numpy.exceptions.VisibleDeprecationWarning"},
    {"add_docstring", Kind::kFrom, false, "numpy.lib.add_docstring"},
    {"add_newdoc", Kind::kFrom, false, "numpy.lib.add_newdoc"},
    {"add_newdoc_ufunc", Kind::kNone, false, "`add_newdoc_ufunc` is an internal function."},
    {"alltrue", Kind::kModule, false, "numpy.all"},
    {"asfarray", Kind::kNone, false, "Use `np.asarray` with a `float` dtype instead."},
    {"byte_bounds", Kind::kFrom, true, "numpy.lib.array_utils.byte_bounds"},
    {"cast", Kind::kNone, false, "Use `np.asarray(arr, dtype=dtype)` instead."},
    {"cfloat", Kind::kModule, false, "numpy.complex128"},
    {"chararray", Kind::kModule, false, "numpy.char.chararray"},
    {"clongfloat", Kind::kModule, false, "numpy.clongdouble"},
    {"compare_chararrays", Kind::kModule, false, "numpy.char.compare_chararrays"},
    {"compat", Kind::kNone, false, "Python 2 is no longer supported."},
    {"complex_", Kind::kModule, false, "numpy.complex128"},
    {"cumproduct", Kind::kModule, false, "numpy.cumprod"},
    {"deprecate", Kind::kNone, false, "Emit `DeprecationWarning` with `warnings.warn` directly, or use `typing.deprecated`."},
    {"deprecate_with_doc", Kind::kNone, false, "Emit `DeprecationWarning` with `warnings.warn` directly, or use `typing.deprecated`."},
    {"disp", Kind::kNone, false, "Use a dedicated print function instead."},
    {"fastCopyAndTranspose", Kind::kNone, false, "Use `arr.T.copy()` instead."},
    {"find_common_type", Kind::kNone, false, "Use `numpy.promote_types` or `numpy.result_type` instead. To achieve semantics for the `scalar_types` argument, use `numpy.result_type` and pass the Python values `0`, `0.0`, or `0j`."},
    {"float_", Kind::kModule, false, "numpy.float64"},
    {"format_parser", Kind::kFrom, false, "numpy.rec.format_parser"},
    {"get_array_wrap", Kind::kNone, false, ""},
    {"geterrobj", Kind::kNone, false, "Use the `np.errstate` context manager instead."},
    {"in1d", Kind::kNone, false, "Use `np.isin` instead. Unlike `np.in1d`, `np.isin` preserves the shape of its input, so `np.in1d(ar1, ar2)` is equivalent to `np.isin(ar1, ar2).ravel()`."},
    {"infty", Kind::kModule, false, "numpy.inf"},
    {"issctype", Kind::kNone, false, ""},
    {"issubclass_", Kind::kBuiltin, false, "issubclass"},
    {"issubsctype", Kind::kModule, false, "numpy.issubdtype"},
    {"longcomplex", Kind::kModule, false, "numpy.clongdouble"},
    {"longfloat", Kind::kModule, false, "numpy.longdouble"},
    {"lookfor", Kind::kNone, false, "Search NumPy’s documentation directly."},
    {"mat", Kind::kModule, false, "numpy.asmatrix"},
    {"maximum_sctype", Kind::kNone, false, ""},
    {"nbytes", Kind::kNone, false, "Use `np.dtype(<dtype>).itemsize` instead."},
    {"obj2sctype", Kind::kNone, false, ""},
    {"product", Kind::kModule, false, "numpy.prod"},
    {"recfromcsv", Kind::kNone, false, "Use `np.genfromtxt` with comma delimiter instead."},
    {"recfromtxt", Kind::kNone, false, "Use `np.genfromtxt` instead."},
    {"round_", Kind::kModule, false, "numpy.round"},
    {"row_stack", Kind::kModule, false, "numpy.vstack"},
    {"safe_eval", Kind::kFrom, false, "ast.literal_eval"},
    {"sctype2char", Kind::kNone, false, ""},
    {"sctypes", Kind::kNone, false, ""},
    {"set_string_function", Kind::kNone, false, "Use `np.set_printoptions` for custom printing of NumPy objects."},
    {"seterrobj", Kind::kNone, false, "Use the `np.errstate` context manager instead."},
    {"singlecomplex", Kind::kModule, false, "numpy.complex64"},
    {"sometrue", Kind::kModule, false, "numpy.any"},
    {"source", Kind::kFrom, false, "inspect.getsource"},
    {"string_", Kind::kModule, false, "numpy.bytes_"},
    {"tracemalloc_domain", Kind::kFrom, false, "numpy.lib.tracemalloc_domain"},
    {"trapz", Kind::kModule, true, "numpy.trapezoid"},
    {"unicode_", Kind::kModule, false, "numpy.str_"},
    {"who", Kind::kNone, false, "Use an IDE variable explorer or `locals()` instead."},
};

static const Removed* findRemoved(std::string_view name) {
  const Removed* found = std::lower_bound(std::begin(kRemoved), std::end(kRemoved), name,
                                          [](const Removed& removed, std::string_view text) { return removed.name < text; });
  return found != std::end(kRemoved) && found->name == name ? found : nullptr;
}

static std::string_view lastPart(std::string_view name) { return name.substr(name.rfind('.') + 1); }

// Is the node in a handler for this error, of a `try` whose body asks for the name that numpy 2 has?
static bool isFallback(const LintContext& context, NodeId node, std::string_view member, bool is_import) {
  const Ast& ast = context.ast;
  for (NodeId at = ast.parent(node); at.valid(); at = ast.parent(at)) {
    auto handler = ast.tryAs<syntax::ExceptHandler>(at);
    if (!handler) continue;
    bool catches = !handler->type().valid() || anyOver(ast, handler->type(), [&](NodeId part) {
      std::string name = qualifiedName(context, part);
      return is_import ? isOneOf(name, {"builtins.ImportError", "builtins.ModuleNotFoundError"}) : name == "builtins.AttributeError";
    });
    for (NodeId statement : ast.as<syntax::Try>(ast.parent(at)).body()) {
      if (!catches) break;
      bool asks = anyOver(ast, statement, [&](NodeId part) {
        if (auto alias = ast.tryAs<syntax::Alias>(part); is_import && alias) return syntax::nameText(ast, alias->name()) == member;
        auto attribute = ast.tryAs<syntax::Attribute>(part);
        return !is_import && attribute && syntax::nameText(ast, attribute->attr()) == member;
      });
      if (asks) return true;
    }
  }
  return false;
}

static bool isGuarded(const LintContext& context, NodeId node, std::string_view member) {
  if (context.ast.is(node, NodeKind::kAttribute)) return isFallback(context, node, member, false);
  for (const Definition& definition : context.model.definitions(context.model.ownerAt(node))) {
    if (isFallback(context, definition.node, member, true)) return true;
  }
  return false;
}

void checkNumpy2(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string name = qualifiedName(context, node);
  if (!name.starts_with("numpy.")) return;
  name = name.substr(6);
  const Removed* removed = findRemoved(name);
  if (!removed) return;
  if (removed->kind == Kind::kNone) {
    std::string advice = removed->text.empty() ? "without replacement in NumPy 2.0" : "in NumPy 2.0. " + std::string(removed->text);
    context.sink.begin("NPY201"_rule, ast.range(node), {name, advice});
    return;
  }
  bool is_imported = removed->kind == Kind::kModule || removed->kind == Kind::kFrom;
  if (is_imported && isGuarded(context, node, lastPart(removed->text))) return;
  std::string quoted = "`" + std::string(removed->text) + "`";
  std::string advice = "in NumPy 2.0. Use " + quoted + (removed->is_new ? " on NumPy 2.0, or ignore this warning on earlier versions." : " instead.");
  auto finding = context.sink.begin("NPY201"_rule, ast.range(node), {name, advice});
  std::vector<FixEdit> edits;
  std::string text(removed->text);
  if (is_imported) {
    // What stands in a part of numpy is reached through numpy itself.
    bool is_module = removed->kind == Kind::kModule;
    size_t dot = is_module ? text.find('.') : text.rfind('.');
    std::optional<ImportedName> imported = importName(context, text.substr(0, dot), text.substr(dot + 1), node, is_module);
    if (!imported) return;
    if (imported->edit) edits.push_back(*imported->edit);
    text = imported->text;
  } else if (removed->kind == Kind::kBuiltin && !isBuiltinAvailable(context, node, text)) {
    return;
  }
  edits.push_back({ast.range(node), text});
  finding.fix("Replace with " + quoted + (removed->is_new ? " (requires NumPy 2.0 or greater)" : ""), std::move(edits), removed->is_new ? FixSafety::kUnsafe : FixSafety::kSafe);
}

}  // namespace krait::lint
