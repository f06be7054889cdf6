// The abstract grammar of Python (library reference, `ast`) as data, and the check that a program's tree follows it before it is compiled.
#pragma once

#include <string>
#include <vector>

#include "runtime/object/object.h"

namespace krait::modules {

using namespace krait::object;

struct GrammarField {
  std::string type, name;
  bool optional = false, list = false;
};
struct GrammarNode {
  std::string name, doc;
  bool is_sum = false, is_product = false, has_positions = false;
  std::string sum;  // of a constructor: the sum type that it belongs to
  std::vector<GrammarField> fields;
};

// All sum types, product types and constructors, each sum before its constructors.
const std::vector<GrammarNode>& astGrammar();

// Raises TypeError or ValueError where `tree`, an instance of a class of `classes` (the dictionary of `_ast`), is not what the grammar
// and the compiler ask for. `root` is the constructor's name. ref: Python/Python-ast.c (obj2ast_*), Python/ast.c (_PyAST_Validate).
Status checkTree_py(Thread& t, Value tree, const std::string& root, Dict* classes);

}  // namespace krait::modules
