#include "agent/cli/flag_set.h"

#include <algorithm>
#include <utility>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace reeve {
namespace {

constexpr size_t kHelpWidth = 80;
constexpr size_t kHelpColumn = 32;

// Breaks lines between words where they would pass `width`.
std::string Wrap(absl::string_view text, size_t width) {
  std::string wrapped;
  size_t column = 0;
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    if (column > 0 && column + 1 + word.size() > width) {
      wrapped += '\n';
      column = 0;
    }
    if (column > 0) {
      wrapped += ' ';
      ++column;
    }
    absl::StrAppend(&wrapped, word);
    column += word.size();
  }
  return wrapped;
}

// Prints the usage line that the command asks for in place of CLI11's, and
// keeps to the width of a terminal.
class UsageFormatter : public CLI::Formatter {
 public:
  explicit UsageFormatter(const std::string& command) : command_(command) {
    column_width(kHelpColumn);
    label("Positionals", "Arguments");
  }

  void AddToUsage(const std::string& text) {
    absl::StrAppend(&arguments_, " ", text);
  }

  std::string make_usage(const CLI::App* /*app*/,
                         std::string /*name*/) const override {
    return absl::StrCat("Usage: reeve ", command_, " [FLAGS]", arguments_,
                        "\n");
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    return Wrap(option->get_description(), kHelpWidth - kHelpColumn);
  }

 private:
  const std::string command_;
  std::string arguments_;
};

struct Flag {
  CLI::Option* option;
  FlagSet::Setter setter;
};

struct Toggle {
  const CLI::Option* on;
  const CLI::Option* off;
  bool* target;
};

struct Argument {
  CLI::Option* option;
  std::string name;
  std::string* target;
};

bool IsFlag(absl::string_view arg) { return arg.size() > 1 && arg[0] == '-'; }

}  // namespace

struct FlagSet::Impl {
  Impl(const std::string& command_name, const std::string& command_summary)
      : command(command_name),
        summary(command_summary),
        app(absl::StrCat(Wrap(summary, kHelpWidth), "\n")),
        formatter(std::make_shared<UsageFormatter>(command_name)) {
    app.formatter(formatter);
    app.set_help_flag();
    app.allow_extras();
    help_flag = app.add_flag("-h,--help", "Print this");
    help_flag->group(group);
  }

  // The error for a line that the help would have prevented.
  absl::Status Misuse(absl::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " (see \"reeve ", command, " --help\")"));
  }

  CLI::Option* AddOption(const std::string& names, const std::string& help) {
    CLI::Option* option = app.add_option(
        names, [](const CLI::results_t&) { return true; }, help);
    return option->type_size(1)->expected(1)->allow_extra_args(false);
  }

  bool IsSwitch(const std::string& name) const {
    const CLI::Option* option = app.get_option_no_throw(name);
    return option != nullptr && option->get_expected_max() == 0;
  }

  // The switches of "-it", which are "-i" and "-t"; none if it is not of these.
  std::vector<std::string> SplitSwitches(const std::string& arg) const {
    std::vector<std::string> names;
    if (arg.size() < 3 || arg[1] == '-') return names;
    for (const char letter : arg.substr(1)) {
      names.push_back(absl::StrCat("-", std::string(1, letter)));
      const CLI::Option* option = app.get_option_no_throw(names.back());
      if (option == help_flag || !IsSwitch(names.back())) return {};
    }
    return names;
  }

  // What comes before the program, which goes to `rest`. "--a=b" comes out as
  // "--a", "b": CLI11 would take the next argument for the value of "--a=".
  absl::StatusOr<std::vector<std::string>> TakeFlags(
      const std::vector<std::string>& args);

  // Lets CLI11 assign what TakeFlags left.
  absl::Status Match(std::vector<std::string> taken);

  // The name of what turns a flag off again; "" if nothing does.
  std::string NegationOf(const CLI::Option* option) const {
    for (const Toggle& toggle : toggles) {
      // get_name() does not tell those that the help leaves out.
      if (toggle.on == option) {
        return absl::StrCat("--", toggle.off->get_lnames().front());
      }
    }
    return "";
  }

  const std::string command;
  const std::string summary;
  CLI::App app;
  std::shared_ptr<UsageFormatter> formatter;
  CLI::Option* help_flag;
  bool help_wanted = false;
  std::string group = "Flags";
  std::vector<Flag> flags;
  std::vector<std::pair<CLI::Option*, bool*>> switches;
  std::vector<Toggle> toggles;
  std::vector<Argument> arguments;
  std::vector<std::string>* program = nullptr;
  std::vector<std::string> rest;
  std::string example;
};

absl::StatusOr<std::vector<std::string>> FlagSet::Impl::TakeFlags(
    const std::vector<std::string>& args) {
  std::vector<std::string> taken;
  size_t arguments_seen = 0;
  for (auto arg = args.begin(); arg != args.end(); ++arg) {
    if (*arg == "--") {
      rest.assign(arg + 1, args.end());
      return taken;
    }
    if (!IsFlag(*arg)) {
      if (program != nullptr && arguments_seen == arguments.size()) {
        rest.assign(arg, args.end());
        return taken;
      }
      ++arguments_seen;
      taken.push_back(*arg);
      continue;
    }
    const size_t equals = arg->find('=');
    const std::string name = arg->substr(0, equals);
    const CLI::Option* option = app.get_option_no_throw(name);
    if (option == help_flag) {
      help_wanted = true;
      return taken;
    }
    if (option == nullptr) {
      const std::vector<std::string> joined = SplitSwitches(*arg);
      if (joined.empty()) {
        return Misuse(absl::StrCat("unknown flag ", name));
      }
      taken.insert(taken.end(), joined.begin(), joined.end());
      continue;
    }
    taken.push_back(name);
    const bool is_switch = option->get_expected_max() == 0;
    if (equals != std::string::npos) {
      if (is_switch) {
        return Misuse(absl::StrCat(name, ": takes no value"));
      }
      taken.push_back(arg->substr(equals + 1));
    } else if (!is_switch) {
      if (++arg == args.end()) {
        return Misuse(
            absl::StrCat(name, ": needs a value: ", option->get_option_text()));
      }
      taken.push_back(*arg);
    }
  }
  return taken;
}

absl::Status FlagSet::Impl::Match(std::vector<std::string> taken) {
  try {
    // CLI11 takes them last first.
    std::reverse(taken.begin(), taken.end());
    app.parse(std::move(taken));
  } catch (const CLI::ArgumentMismatch&) {
    for (const Flag& flag : flags) {
      if (flag.option->count() > 1 && flag.option->get_multi_option_policy() ==
                                          CLI::MultiOptionPolicy::Throw) {
        return Misuse(
            absl::StrCat(flag.option->get_name(), ": given more than once"));
      }
    }
    return Misuse("too many arguments");
  } catch (const CLI::ParseError& error) {
    return Misuse(error.what());
  }
  for (const Argument& argument : arguments) {
    if (argument.option->count() == 0) {
      return Misuse(absl::StrCat(argument.name, " is missing"));
    }
  }
  std::vector<std::string> extra = app.remaining();
  if (program == nullptr) extra.insert(extra.end(), rest.begin(), rest.end());
  if (!extra.empty()) {
    return Misuse(absl::StrCat("unexpected argument ", extra.front()));
  }
  return absl::OkStatus();
}

FlagSet::FlagSet(const std::string& command, const std::string& summary)
    : command_(command), impl_(std::make_unique<Impl>(command, summary)) {}

FlagSet::~FlagSet() = default;

void FlagSet::BeginGroup(const std::string& heading) { impl_->group = heading; }

void FlagSet::AddValue(const std::string& names, const std::string& value,
                       const std::string& help, Setter setter) {
  CLI::Option* option = impl_->AddOption(names, help);
  option->option_text(value);
  option->group(impl_->group);
  impl_->flags.push_back({option, std::move(setter)});
}

void FlagSet::AddText(const std::string& names, const std::string& value,
                      const std::string& help, std::string* target) {
  AddValue(names, value, help, [target](const std::string& text) {
    *target = text;
    return absl::OkStatus();
  });
}

void FlagSet::AddList(const std::string& names, const std::string& value,
                      const std::string& help, Setter setter) {
  AddValue(names, value, help, std::move(setter));
  impl_->flags.back().option->multi_option_policy(
      CLI::MultiOptionPolicy::TakeAll);
}

void FlagSet::AddSwitch(const std::string& names, const std::string& help,
                        bool* target) {
  CLI::Option* option = impl_->app.add_flag(names, help);
  option->group(impl_->group);
  impl_->switches.emplace_back(option, target);
}

void FlagSet::AddToggle(const std::string& name, const std::string& help,
                        bool* target) {
  CLI::Option* on = impl_->app.add_flag(absl::StrCat("--", name), help);
  on->group(impl_->group);
  CLI::Option* off = impl_->app.add_flag(absl::StrCat("--no-", name));
  off->group("");
  impl_->toggles.push_back({on, off, target});
}

void FlagSet::AddArgument(const std::string& name, const std::string& help,
                          std::string* target) {
  CLI::Option* option = impl_->AddOption(name, help);
  impl_->arguments.push_back({option, name, target});
  impl_->formatter->AddToUsage(name);
}

void FlagSet::AddProgram(std::vector<std::string>* target) {
  impl_->program = target;
  impl_->formatter->AddToUsage("[--] PROGRAM [ARGS...]");
}

void FlagSet::AddExample(const std::string& example) {
  impl_->example = example;
  impl_->app.footer(absl::StrCat("Example:\n  ", example));
}

std::string FlagSet::Help() const {
  return absl::StrReplaceAll(impl_->app.help(), {{"\n\n\n", "\n\n"}});
}

CommandDescription FlagSet::Describe() const {
  CommandDescription description;
  description.name = command_;
  description.summary = impl_->summary;
  description.takes_program = impl_->program != nullptr;
  description.example = impl_->example;
  for (const CLI::Option* option :
       static_cast<const CLI::App&>(impl_->app).get_options()) {
    if (option->get_positional()) {
      description.arguments.push_back(
          {option->get_name(true), option->get_description()});
      continue;
    }
    // What turns others off is with those.
    if (option->get_group().empty()) continue;
    FlagDescription flag;
    for (const std::string& name : option->get_snames()) {
      flag.names.push_back(absl::StrCat("-", name));
    }
    for (const std::string& name : option->get_lnames()) {
      flag.names.push_back(absl::StrCat("--", name));
    }
    flag.negation = impl_->NegationOf(option);
    if (option->get_expected_max() > 0) flag.value = option->get_option_text();
    flag.help = option->get_description();
    flag.heading = option->get_group();
    flag.is_list =
        option->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
    description.flags.push_back(std::move(flag));
  }
  return description;
}

absl::StatusOr<FlagSet::Outcome> FlagSet::Parse(
    const std::vector<std::string>& args) {
  Impl& impl = *impl_;
  absl::StatusOr<std::vector<std::string>> taken = impl.TakeFlags(args);
  if (!taken.ok()) return taken.status();
  if (impl.help_wanted) return Outcome::kHelpWanted;
  const absl::Status matched = impl.Match(*std::move(taken));
  if (!matched.ok()) return matched;

  for (const auto& [option, target] : impl.switches) {
    *target = option->count() > 0;
  }
  for (const CLI::Option* option : impl.app.parse_order()) {
    for (const Toggle& toggle : impl.toggles) {
      if (option == toggle.on) *toggle.target = true;
      if (option == toggle.off) *toggle.target = false;
    }
  }
  for (const Argument& argument : impl.arguments) {
    *argument.target = argument.option->results().front();
  }
  if (impl.program != nullptr) *impl.program = impl.rest;
  for (const Flag& flag : impl.flags) {
    for (const std::string& value : flag.option->results()) {
      const absl::Status status = flag.setter(value);
      if (!status.ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat(flag.option->get_name(), " ", status.message()));
      }
    }
  }
  return Outcome::kParsed;
}

}  // namespace reeve
