// S301 to S323: functions that trust their input. ref: bandit B301 and its blacklist
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/bindings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/string_text.h"

namespace krait::lint {

static bool isPickle(std::string_view name) {
  return isOneOf(name, {"pickle.load", "pickle.loads", "pickle.Unpickler", "dill.load", "dill.loads", "dill.Unpickler", "shelve.open",
                        "shelve.DbfilenameShelf", "jsonpickle.decode", "jsonpickle.unpickler.decode", "pandas.read_pickle"});
}

static bool isWeakHash(std::string_view name) {
  return isOneOf(name, {"Crypto.Hash.SHA.new", "Crypto.Hash.MD5.new", "Crypto.Hash.MD4.new", "Crypto.Hash.MD2.new",
                        "Cryptodome.Hash.SHA.new", "Cryptodome.Hash.MD5.new", "Cryptodome.Hash.MD4.new", "Cryptodome.Hash.MD2.new",
                        "cryptography.hazmat.primitives.hashes.SHA1", "cryptography.hazmat.primitives.hashes.MD5"});
}

static bool isUrlOpener(std::string_view name) {
  if (name.starts_with("six.moves.")) name.remove_prefix(10);
  return isOneOf(name, {"urllib.request.urlopen", "urllib.request.urlretrieve", "urllib.request.Request", "urllib.request.URLopener",
                        "urllib.request.FancyURLopener"});
}

static bool isWebAddress(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\n\r\f\v"), text.size()));
  return text.starts_with("http://") || text.starts_with("https://");
}

// Literals beside a format string do not count: what it begins with itself does.
static bool beginsWithScheme(const LintContext& context, syntax::JoinedStr joined) {
  const std::vector<Token>& tokens = context.tokens.all();
  TextRange range = context.ast.range(joined.id);
  size_t at = context.tokens.firstAt(range.begin);
  while (at < tokens.size() && tokens[at].begin < range.end && tokens[at].kind != TokenKind::kFStringMiddle) {
    bool is_empty = tokens[at].kind == TokenKind::kFStringStart && tokens[at + 1].kind == TokenKind::kFStringEnd;
    bool is_field = tokens[at].kind == TokenKind::kFStringStart && tokens[at + 1].kind != TokenKind::kFStringMiddle;
    if (is_field && !is_empty) return false;
    ++at;
  }
  if (at == tokens.size() || tokens[at].begin >= range.end || joined.values().empty()) return false;
  for (const TextPiece& piece : textPieces(context, joined.values()[0])) {
    if (piece.range.begin == tokens[at].begin) return isWebAddress(piece.value);
  }
  return false;
}

// Does the text of the expression begin with a web address's scheme?
static bool isWebAddress(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  if (auto add = ast.tryAs<syntax::BinOp>(expr); add && add->op() == syntax::BinaryOp::kAdd) return isWebAddress(context, add->left());
  if (auto joined = ast.tryAs<syntax::JoinedStr>(expr)) return beginsWithScheme(context, *joined);
  auto text = syntax::stringValue(ast, expr);
  return text && isWebAddress(*text);
}

static bool isSafeAddress(LintContext& context, NodeId call, std::string_view name) {
  const Ast& ast = context.ast;
  if (!name.ends_with("urlopen") && !name.ends_with("urlretrieve") && !name.ends_with("Request")) return false;
  NodeList args = ast.as<syntax::Call>(call).args();
  for (NodeId arg : args) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (ast.is(arg, NodeKind::kStarred) || (keyword && !keyword->arg().valid())) return false;
  }
  NodeId url = positionalAt(ast, call, 0);
  if (!url.valid()) {
    NodeId keyword = keywordNodeOf(ast, call, "url");
    if (keyword.valid()) url = ast.as<syntax::Keyword>(keyword).value();
  }
  if (!url.valid()) return false;
  if (auto inner = ast.tryAs<syntax::Call>(url)) {
    std::string made = qualifiedName(context, inner->func());
    if (!made.ends_with("urllib.request.Request") || inner->args().empty()) return false;
    url = inner->args()[0];
    if (auto keyword = ast.tryAs<syntax::Keyword>(url)) url = keyword->value();
  }
  if (ast.is(url, NodeKind::kName)) url = assignedValue(context, url);
  return url.valid() && isWebAddress(context, url);
}

static bool isWeakRandom(std::string_view name) {
  return isOneOf(name, {"random.Random", "random.random", "random.randrange", "random.randint", "random.choice", "random.choices",
                        "random.uniform", "random.triangular", "random.randbytes"});
}

static bool isWeakCipher(std::string_view name) {
  return isOneOf(name, {"Crypto.Cipher.ARC2.new", "Crypto.Cipher.Blowfish.new", "Crypto.Cipher.DES.new", "Crypto.Cipher.XOR.new",
                        "Cryptodome.Cipher.ARC2.new", "Cryptodome.Cipher.Blowfish.new", "Cryptodome.Cipher.DES.new", "Cryptodome.Cipher.XOR.new",
                        "cryptography.hazmat.primitives.ciphers.algorithms.ARC4",
                        "cryptography.hazmat.primitives.ciphers.algorithms.Blowfish",
                        "cryptography.hazmat.primitives.ciphers.algorithms.IDEA"});
}

namespace {
struct NamedRule {
  std::string_view name;
  Rule rule;
};
}  // namespace

static const NamedRule kDangerousCalls[] = {
    {"marshal.load", "S302"_rule},
    {"marshal.loads", "S302"_rule},
    {"cryptography.hazmat.primitives.ciphers.modes.ECB", "S305"_rule},
    {"tempfile.mktemp", "S306"_rule},
    {"xml.etree.cElementTree.parse", "S313"_rule},
    {"xml.etree.cElementTree.iterparse", "S313"_rule},
    {"xml.etree.cElementTree.fromstring", "S313"_rule},
    {"xml.etree.cElementTree.XMLParser", "S313"_rule},
    {"xml.sax.expatreader.create_parser", "S315"_rule},
    {"xml.dom.expatbuilder.parse", "S316"_rule},
    {"xml.dom.expatbuilder.parseString", "S316"_rule},
    {"xml.sax.parse", "S317"_rule},
    {"xml.sax.parseString", "S317"_rule},
    {"xml.sax.make_parser", "S317"_rule},
    {"xml.dom.minidom.parse", "S318"_rule},
    {"xml.dom.minidom.parseString", "S318"_rule},
    {"xml.dom.pulldom.parse", "S319"_rule},
    {"xml.dom.pulldom.parseString", "S319"_rule},
    {"ssl._create_unverified_context", "S323"_rule},
};

// What is suspicious about the function of this name; none when nothing is.
static std::optional<Rule> suspicion(std::string_view name) {
  if (isPickle(name)) return "S301"_rule;
  if (isWeakHash(name)) return "S303"_rule;
  if (isWeakCipher(name)) return "S304"_rule;
  if (name == "builtins.eval") return "S307"_rule;
  if (name == "django.utils.safestring.mark_safe" || name == "django.utils.html.mark_safe") return "S308"_rule;
  if (isUrlOpener(name)) return "S310"_rule;
  if (isWeakRandom(name)) return "S311"_rule;
  if (name.starts_with("telnetlib.")) return "S312"_rule;
  if (isOneOf(name, {"xml.etree.ElementTree.parse", "xml.etree.ElementTree.iterparse", "xml.etree.ElementTree.fromstring",
                     "xml.etree.ElementTree.XMLParser"})) {
    return "S314"_rule;
  }
  if (name.starts_with("ftplib.")) return "S321"_rule;
  for (const NamedRule& entry : kDangerousCalls) {
    if (entry.name == name) return entry.rule;
  }
  return std::nullopt;
}

void checkSuspiciousCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string name(calleeName(context, node));
  std::optional<Rule> found = name.empty() ? std::nullopt : suspicion(name);
  if (!found) return;
  NodeList args = ast.as<syntax::Call>(node).args();
  bool is_safe = (*found == "S308"_rule && args.size() == 1 && isStr(ast, args[0])) || (*found == "S310"_rule && isSafeAddress(context, node, name));
  if (!is_safe) context.sink.begin(*found, ast.range(node));
}

// In the preview a function that is only mentioned counts, as in `map(pickle.loads, texts)`.
void checkSuspiciousNames(LintContext& context, NodeId node) {
  if (!context.options.preview) return;
  const Ast& ast = context.ast;
  NodeId parent = ast.parent(node);
  auto call = ast.tryAs<syntax::Call>(parent);
  if ((call && call->func() == node) || ast.is(parent, NodeKind::kAttribute)) return;
  bool is_read = ast.is(node, NodeKind::kName) ? ast.as<syntax::Name>(node).context() == syntax::ExprContext::kLoad
                                               : ast.as<syntax::Attribute>(node).context() == syntax::ExprContext::kLoad;
  if (!is_read || isInAnnotation(context, node)) return;
  if (auto found = suspicion(qualifiedName(context, node))) context.sink.begin(*found, ast.range(node));
}

// A decorator is a call as well.
void checkSuspiciousDecorators(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (context.options.preview) return;
  for (NodeId decorator : ast.as<syntax::FunctionDef>(node).decorators()) {
    auto found = ast.is(decorator, NodeKind::kCall) ? std::nullopt : suspicion(qualifiedName(context, decorator));
    if (found) context.sink.begin(*found, decoratorRange(ast, decorator));
  }
}

}  // namespace krait::lint
