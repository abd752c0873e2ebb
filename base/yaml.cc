#include "base/yaml.h"

#include <yaml.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

constexpr int kDeepest = 10;

absl::Status Wrong(size_t line, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", what));
}

// An event of libyaml, freed with its scope.
class Event {
 public:
  Event() = default;
  ~Event() { yaml_event_delete(&event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  absl::Status Next(yaml_parser_t* parser) {
    if (yaml_parser_parse(parser, &event_) != 0) return absl::OkStatus();
    return Wrong(parser->problem_mark.line + 1,
                 parser->problem == nullptr ? "not YAML" : parser->problem);
  }

  yaml_event_type_t type() const { return event_.type; }
  size_t line() const { return event_.start_mark.line + 1; }
  bool has_anchor() const {
    switch (event_.type) {
      case YAML_SCALAR_EVENT:
        return event_.data.scalar.anchor != nullptr;
      case YAML_SEQUENCE_START_EVENT:
        return event_.data.sequence_start.anchor != nullptr;
      case YAML_MAPPING_START_EVENT:
        return event_.data.mapping_start.anchor != nullptr;
      default:
        return event_.type == YAML_ALIAS_EVENT;
    }
  }
  std::string text() const {
    return {reinterpret_cast<const char*>(event_.data.scalar.value),
            event_.data.scalar.length};
  }
  bool is_plain() const {
    return event_.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  }

 private:
  yaml_event_t event_ = {};
};

bool HasKey(const YamlNode& mapping, const std::string& key) {
  for (const auto& entry : mapping.entries) {
    if (entry.first == key) return true;
  }
  return false;
}

// Makes a tree of the parser's events.
class TreeParser {
 public:
  explicit TreeParser(absl::string_view text) {
    is_ready_ = yaml_parser_initialize(&parser_) != 0;
    if (!is_ready_) return;
    // It does not take a view of nothing.
    const char* const data = text.empty() ? "" : text.data();
    yaml_parser_set_input_string(
        &parser_, reinterpret_cast<const unsigned char*>(data), text.size());
  }
  ~TreeParser() {
    if (is_ready_) yaml_parser_delete(&parser_);
  }
  TreeParser(const TreeParser&) = delete;
  TreeParser& operator=(const TreeParser&) = delete;

  absl::StatusOr<YamlNode> Parse() {
    if (!is_ready_) return absl::ResourceExhaustedError("no memory for YAML");
    YamlNode root;
    size_t documents = 0;
    while (true) {
      Event event;
      absl::Status status = event.Next(&parser_);
      if (!status.ok()) return status;
      if (event.type() == YAML_STREAM_END_EVENT) return root;
      if (event.type() == YAML_DOCUMENT_START_EVENT && ++documents > 1) {
        return Wrong(event.line(), "a second document");
      }
      if (!IsValue(event.type())) continue;
      status = Fill(event, /*depth=*/0, &root);
      if (!status.ok()) return status;
    }
  }

 private:
  static bool IsValue(yaml_event_type_t type) {
    return type == YAML_SCALAR_EVENT || type == YAML_SEQUENCE_START_EVENT ||
           type == YAML_MAPPING_START_EVENT || type == YAML_ALIAS_EVENT;
  }

  // What begins with `event` becomes `node`.
  absl::Status Fill(const Event& event, int depth, YamlNode* node) {
    node->line = event.line();
    if (event.has_anchor()) {
      return Wrong(event.line(), "anchors and aliases are not supported");
    }
    if (depth > kDeepest) return Wrong(event.line(), "nested too deeply");
    if (event.type() == YAML_SEQUENCE_START_EVENT) {
      return FillSequence(depth, node);
    }
    if (event.type() == YAML_MAPPING_START_EVENT) {
      return FillMapping(depth, node);
    }
    node->text = event.text();
    const bool is_null =
        event.is_plain() &&
        (node->text.empty() || node->text == "~" || node->text == "null");
    node->kind = is_null ? YamlNode::Kind::kNull : YamlNode::Kind::kScalar;
    return absl::OkStatus();
  }

  absl::Status FillSequence(int depth, YamlNode* node) {
    node->kind = YamlNode::Kind::kSequence;
    while (true) {
      Event event;
      absl::Status status = event.Next(&parser_);
      if (!status.ok()) return status;
      if (event.type() == YAML_SEQUENCE_END_EVENT) return absl::OkStatus();
      status = Fill(event, depth + 1, &node->items.emplace_back());
      if (!status.ok()) return status;
    }
  }

  absl::Status FillMapping(int depth, YamlNode* node) {
    node->kind = YamlNode::Kind::kMapping;
    while (true) {
      Event key;
      absl::Status status = key.Next(&parser_);
      if (!status.ok()) return status;
      if (key.type() == YAML_MAPPING_END_EVENT) return absl::OkStatus();
      if (key.type() != YAML_SCALAR_EVENT || key.has_anchor()) {
        return Wrong(key.line(), "a key has to be plain text");
      }
      if (HasKey(*node, key.text())) {
        return Wrong(key.line(), absl::StrCat("\"", key.text(), "\" again"));
      }
      Event value;
      status = value.Next(&parser_);
      if (!status.ok()) return status;
      node->entries.emplace_back(key.text(), YamlNode());
      status = Fill(value, depth + 1, &node->entries.back().second);
      if (!status.ok()) return status;
    }
  }

  yaml_parser_t parser_ = {};
  bool is_ready_ = false;
};

}  // namespace

absl::StatusOr<YamlNode> ParseYaml(absl::string_view text) {
  return TreeParser(text).Parse();
}

}  // namespace reeve
