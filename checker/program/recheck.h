// Checking parts of a module once more in a World that is kept, and telling what others would now see otherwise.
#pragma once

#include <optional>
#include <vector>

#include "checker/program/mentions.h"
#include "checker/types/world.h"

namespace krait::program {

class Recheck {
 public:
  Recheck(types::World& w, types::ModuleId id) : w_(w), id_(id) {}

  // The functions (outermost ones) as if nobody had looked into their bodies; with the top level also the variables of the module and
  // its classes. `forgets_facts`: what the bodies told is asked anew by whoever needs it (what they mention means something else).
  void forget(const std::vector<types::FunctionId>& functions, bool has_top_level, bool forgets_facts);
  // Checks them, as far as they had been checked before.
  void check();
  // The names of variables, attributes and functions whose types or results are not those of before; those that are `redeclared`
  // are no surprise. None: something changed that people use without its name.
  std::optional<NameIds> changedNames(const NameIds& redeclared);

 private:
  // What others may have read.
  struct Promise {
    types::SymbolId symbol;
    types::TypeId type, setter_type;
    types::Progress typed;
  };
  struct FactsPromise {
    types::FunctionId function;
    types::FactsAnswer answer;
  };
  void forgetSymbol(types::SymbolId symbol);
  void forgetAttributes(types::FunctionId function);
  void forgetTopLevel(types::ScopeId scope);
  void forgetBody(types::FunctionId function);

  types::World& w_;
  types::ModuleId id_;
  bool has_top_level_ = false;
  std::vector<types::FunctionId> reached_;
  std::vector<Promise> promises_;
  std::vector<FactsPromise> facts_;
  std::vector<std::pair<types::FunctionId, std::vector<types::BodyFactsStore::Call>>> calls_;
};

// Do all whom these names concern mention them? Not where a protocol asks for such a member, and not those of special methods.
bool isSeenByMentions(const types::World& w, const NameIds& names);

}  // namespace krait::program
