#ifndef REEVE_EXPORTERS_PROMETHEUS_PAGE_PIECE_H_
#define REEVE_EXPORTERS_PROMETHEUS_PAGE_PIECE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// Families of one collector that stand together on the page.
struct PagePiece {
  absl::string_view collector;
  std::string text;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_PAGE_PIECE_H_
