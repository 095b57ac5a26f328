// SPDX-License-Identifier: BSD-2-Clause
// What works on the switches of one machine, put together.
#pragma once

#include <string>

#include "valed/config_store.hpp"
#include "valed/reconciler.hpp"

namespace valed {

/// Where valed keeps and finds things.
struct Paths {
  std::string nics = "/run/vale/nics";
  std::string state = "/run/vale/topology.json";
  ConfigStore::Paths config;
};

struct Engine {
  Engine(vale::Kernel& k, NicSettings& devices, const Paths& paths, const Reconciler::Clock& clock)
      : kernel(k),
        preparer(devices, paths.nics),
        ports(k, preparer),
        reconciler(k, ports, devices, paths.state, clock),
        config(paths.config) {}

  vale::Kernel& kernel;
  NicPreparer preparer;
  PortManager ports;
  Reconciler reconciler;
  ConfigStore config;
};

}  // namespace valed
