#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/agent_socket.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/doctor/examination.h"
#include "agent/doctor/finding.h"
#include "agent/doctor/finding_text.h"
#include "base/unique_fd.h"

namespace reeve {
namespace {

Finding CheckAgent(const std::string& socket) {
  const absl::StatusOr<UniqueFd> connection = ConnectAgentSocket(socket);
  if (connection.ok()) {
    return {"agent", Verdict::kOk, absl::StrCat("listens on ", socket), ""};
  }
  return {"agent", Verdict::kWarn, std::string(connection.status().message()),
          ""};
}

}  // namespace

int DoctorCommand(const CommandArgs& args, const CliEnvironment& env) {
  ExaminationOptions options;
  std::string socket;
  bool json = false;
  FlagSet flags("doctor",
                "Shows what this host can enforce and measure, and why not. "
                "Exits with 125 if tasks cannot be contained.");
  AddJsonFlag(&flags, &json);
  AddSocketFlag(&flags, &socket);
  flags.AddText("--state-dir", "DIR", "The agent's state [/run/reeve]",
                &options.state_dir);
  flags.AddText("--shim", "PATH", "reeve-shim [beside this program]",
                &options.shim_path);
  flags.AddText("--path.procfs", "DIR", "Where procfs is mounted [/proc]",
                &options.procfs);
  flags.AddExample("reeve doctor");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  std::vector<Finding> findings = ExamineHost(options);
  findings.push_back(CheckAgent(FindAgentAddress(socket, env).socket));
  *env.out << (json ? FindingsJson(findings) : FindingsText(findings));
  const bool failed = absl::c_any_of(findings, [](const Finding& finding) {
    return finding.verdict == Verdict::kFail;
  });
  return failed ? kExitFailed : kExitSuccess;
}

}  // namespace reeve
