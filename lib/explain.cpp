// SPDX-License-Identifier: BSD-2-Clause
#include "lib/explain.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "lib/port_name.hpp"

namespace vale {
namespace {

Error word(Errc code, const std::string& name, std::string text) {
  return Error{code, name, std::move(text)};
}

Error other(const Error& error, const std::string& what, const std::string& name) {
  if (error.errnum() == 0) return error;  // explained already
  if (error.errnum() == EPERM || error.errnum() == EACCES) {
    return word(Errc::kNotPermitted, name,
                fmt::format("you may not {}: it needs root, or membership of group vale and a "
                            "running valed",
                            what));
  }
  return word(Errc::kKernel, name,
              fmt::format("cannot {}: the kernel says: {}", what, error.context));
}

std::string device_of(const std::string& name) {
  const auto parsed = parse_port_name(name);
  return parsed ? parsed->port : name;
}

Error explain_attach_busy(const std::string& name, const std::string& device,
                          const NetdevFacts& facts) {
  if (!facts.master.empty()) {
    return word(
        Errc::kBusy, name,
        fmt::format("cannot attach {}: {} is a member of {}: remove it with `ip link set {} "
                    "nomaster`",
                    name, device, facts.master, device));
  }
  return word(
      Errc::kBusy, name,
      fmt::format("cannot attach {}: {} is attached to a switch already, or a program has it "
                  "open: `vale-ctl list` shows the first",
                  name, device));
}

}  // namespace

NetdevFacts look_at_netdev(const std::string& name) {
  namespace fs = std::filesystem;
  NetdevFacts facts;
  std::error_code ignored;
  const fs::path base = fs::path("/sys/class/net") / name;
  facts.exists = parse_device_name(name).has_value() && fs::exists(base, ignored);
  if (facts.exists) facts.master = fs::read_symlink(base / "master", ignored).filename().string();
  return facts;
}

Error explain_attach(const Error& error, const std::string& name, const NetdevFacts& facts) {
  const std::string device = device_of(name);
  switch (error.errnum()) {
    case EBUSY:
      return explain_attach_busy(name, device, facts);
    case ENXIO:
    case ENODEV:
    case EINVAL:
      if (!facts.exists) {
        return word(Errc::kNoDevice, name,
                    fmt::format("cannot attach {}: there is no network device {} here: `ip link` "
                                "lists them",
                                name, device));
      }
      return word(
          Errc::kInvalidValue, name,
          fmt::format("cannot attach {}: the kernel refuses the values: a ring set names a "
                      "ring that {} lacks, the memory id does not exist, or its MTU does not "
                      "fit a buffer (`ethtool -l {}` shows its rings)",
                      name, device, device));
    case ENOMEM:
      return word(Errc::kNoMemory, name,
                  fmt::format("cannot attach {}: no memory, no free port on the switch, or as many "
                              "switches as max_bridges allows",
                              name));
    case EOPNOTSUPP:
      return word(
          Errc::kNotSupported, name,
          fmt::format("cannot attach {}: the loaded module cannot do this with {} (ring sets "
                      "need a module that knows them: `vale-ctl version`)",
                      name, device));
    default:
      return other(error, "attach " + name, name);
  }
}

Error explain_detach(const Error& error, const std::string& name) {
  switch (error.errnum()) {
    case ENXIO:
    case ENOENT:
      return word(Errc::kNoSuchPort, name,
                  fmt::format("cannot detach {}: there is no such port: `vale-ctl list` shows what "
                              "there is",
                              name));
    case EBUSY:
      return word(
          Errc::kBusy, name,
          fmt::format("cannot detach {}: it belongs to the program that has it open and goes "
                      "when that closes it; or it is polled: `vale-ctl -P {}` ends that",
                      name, name));
    case EINVAL:
      return word(Errc::kInvalidValue, name,
                  fmt::format("cannot detach {}: that is not the full name of an attached port, as "
                              "`vale-ctl list` shows it",
                              name));
    default:
      return other(error, "detach " + name, name);
  }
}

namespace {

Error explain_polled(const Error& error, const std::string& what, const std::string& name) {
  switch (error.errnum()) {
    case ENXIO:
      return word(
          Errc::kNoSuchPort, name,
          fmt::format("cannot {}: there is no such port: `vale-ctl list` shows what there is",
                      what));
    case EOPNOTSUPP:
      return word(Errc::kNotSupported, name,
                  fmt::format("cannot {}: it is no network device", what));
    default:
      return other(error, what, name);
  }
}

}  // namespace

Error explain_polling(const Error& error, const std::string& name) {
  switch (error.errnum()) {
    case EFAULT:
      return word(Errc::kBusy, name,
                  fmt::format("cannot poll {}: it is polled already: `vale-ctl -P {}` ends that",
                              name, name));
    case EINVAL:
      return word(Errc::kInvalidValue, name,
                  fmt::format("cannot poll {}: that is not the full name of a port, or there is no "
                              "such CPU, or no ring of its number",
                              name));
    default:
      return explain_polled(error, "poll " + name, name);
  }
}

Error explain_no_polling(const Error& error, const std::string& name) {
  if (error.errnum() == EFAULT) {
    return word(Errc::kInvalidValue, name, fmt::format("{} is not polled", name));
  }
  return explain_polled(error, "end polling of " + name, name);
}

Error explain_lookup(const Error& error, const std::string& name) {
  switch (error.errnum()) {
    case ENOENT:
    case ENXIO:
      return word(Errc::kNoSuchPort, name,
                  fmt::format("there is no port {}: `vale-ctl list` shows what there is", name));
    case EINVAL:
      return word(Errc::kInvalidValue, name,
                  fmt::format("'{}' is not a port name (for example vale0:eth0)", name));
    default:
      return other(error, "look up " + name, name);
  }
}

Error explain_geometry(const Error& error, const std::string& name) {
  switch (error.errnum()) {
    case ENXIO:
    case ENODEV:
      return word(Errc::kNoDevice, name,
                  fmt::format("there is no port or network device {} here", name));
    case EINVAL:
    case ENOMEM:
      return word(Errc::kInvalidValue, name,
                  fmt::format("{} cannot be a port: bad name, or no room for it", name));
    default:
      return other(error, "ask about " + name, name);
  }
}

Error explain_create(const Error& error, const std::string& name) {
  switch (error.errnum()) {
    case EEXIST:
      return word(Errc::kAlreadyExists, name,
                  fmt::format("cannot create {}: a network device of that name exists", name));
    case EINVAL:
      return word(
          Errc::kInvalidValue, name,
          fmt::format("cannot create {}: the name is longer than 15 characters or begins with "
                      "'vale', or the memory id does not exist",
                      name));
    case ENOMEM:
      return word(Errc::kNoMemory, name, fmt::format("cannot create {}: no memory", name));
    default:
      return other(error, "create " + name, name);
  }
}

Error explain_delete(const Error& error, const std::string& name) {
  switch (error.errnum()) {
    case ENXIO:
    case ENODEV:
      return word(Errc::kNoDevice, name,
                  fmt::format("cannot delete {}: there is no such network device", name));
    case EINVAL:
      return word(Errc::kInvalidValue, name,
                  fmt::format("cannot delete {}: it was not made by `vale-ctl create`", name));
    case EBUSY:
      return word(Errc::kBusy, name,
                  fmt::format("cannot delete {}: it is attached to a switch (`vale-ctl list`, then "
                              "`vale-ctl detach`) or a program has it open",
                              name));
    default:
      return other(error, "delete " + name, name);
  }
}

Error explain_open(const Error& error, const std::string& name) {
  switch (error.errnum()) {
    case ENXIO:
      return word(Errc::kNoSuchPort, name,
                  fmt::format("cannot open {}: there is no such port: `vale-ctl list` shows what "
                              "there is",
                              name));
    case EINVAL:
    case ENAMETOOLONG:
      return word(Errc::kInvalidValue, name,
                  fmt::format("cannot open {}: that is not the full name of a persistent port, as "
                              "vale0:vi0",
                              name));
    case EPERM:
      return word(
          Errc::kNotSupported, name,
          fmt::format("cannot hand {} out: its memory is the global region, in which others "
                      "have their packets: make it again without --mem-id",
                      name));
    case EOPNOTSUPP:
      return word(
          Errc::kNotSupported, name,
          fmt::format("cannot hand {} out: the loaded module cannot confine a descriptor to "
                      "a port (`vale-ctl version`)",
                      name));
    default:
      return other(error, "open " + name, name);
  }
}

Error explain_netlink(const Error& error, const std::string& what, const std::string& name) {
  const bool is_port = looks_like_switch_port(name);
  switch (error.errnum()) {
    case ENOENT:
    case ENXIO:
      return word(is_port ? Errc::kNoSuchPort : Errc::kNoSuchSwitch, name,
                  fmt::format("cannot {}: there is no {} {}: `vale-ctl {}list` shows what there is",
                              what, is_port ? "port" : "switch", name, is_port ? "" : "switch "));
    case EINVAL:
    case ERANGE:
      return word(Errc::kInvalidValue, name,
                  fmt::format("cannot {}: the kernel refuses the value: {}", what, error.context));
    case EEXIST:
      return word(Errc::kAlreadyExists, name, fmt::format("cannot {}: it exists already", what));
    case EBUSY:
      return word(Errc::kBusy, name, fmt::format("cannot {}: it is in use", what));
    case ENOMEM:
    case ENOSPC:
      return word(Errc::kNoMemory, name, fmt::format("cannot {}: no room", what));
    case EOPNOTSUPP:
      return word(Errc::kNotSupported, name,
                  fmt::format("cannot {}: the loaded module does not know how", what));
    default:
      return other(error, what, name);
  }
}

}  // namespace vale
