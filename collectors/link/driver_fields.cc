#include "collectors/link/driver_fields.h"

#include <array>

namespace netstack::link {
namespace {

using enum LinkField;

struct DriverRow {
  std::string_view driver;  // As in /sys/class/net/D/device/driver.
  FieldSet filled;
};

// ena, gve, ixgbevf: listed to say that somebody looked: they fill none.
constexpr auto kDrivers = std::to_array<DriverRow>({
    {"bnx2x",
     {kRxErrors, kTxErrors, kCollisions, kRxLengthErrors, kRxOverErrors, kRxCrcErrors,
      kRxFrameErrors, kRxFifoErrors, kTxAbortedErrors, kTxCarrierErrors}},
    {"bnxt_en",
     {kRxErrors, kTxErrors, kCollisions, kRxLengthErrors, kRxCrcErrors, kRxFrameErrors,
      kRxMissedErrors, kTxFifoErrors}},
    {"e1000",
     {kRxErrors, kTxErrors, kCollisions, kRxLengthErrors, kRxCrcErrors, kRxFrameErrors,
      kRxMissedErrors, kTxAbortedErrors, kTxCarrierErrors, kTxWindowErrors}},
    {"e1000e",
     {kRxErrors, kTxErrors, kCollisions, kRxLengthErrors, kRxCrcErrors, kRxFrameErrors,
      kRxMissedErrors, kTxAbortedErrors, kTxCarrierErrors, kTxWindowErrors}},
    {"ena", {}},
    {"gve", {}},
    {"i40e", {kRxErrors, kTxErrors, kRxLengthErrors, kRxCrcErrors, kRxMissedErrors}},
    {"iavf", {kTxErrors}},
    {"ice", {kRxErrors, kTxErrors, kRxLengthErrors, kRxCrcErrors}},
    {"igb",
     {kRxErrors, kTxErrors, kCollisions, kRxLengthErrors, kRxCrcErrors, kRxFrameErrors,
      kRxFifoErrors, kRxMissedErrors, kTxAbortedErrors, kTxCarrierErrors, kTxWindowErrors}},
    {"igc",
     {kRxErrors, kTxErrors, kCollisions, kRxLengthErrors, kRxCrcErrors, kRxFrameErrors,
      kRxFifoErrors, kRxMissedErrors, kTxAbortedErrors, kTxCarrierErrors, kTxWindowErrors}},
    {"ixgbe", {kRxErrors, kRxLengthErrors, kRxCrcErrors, kRxMissedErrors}},
    {"ixgbevf", {}},
    {"mlx4_core", {kRxErrors, kRxLengthErrors, kRxCrcErrors, kRxFifoErrors}},
    {"mlx5_core",
     {kRxErrors, kTxErrors, kRxLengthErrors, kRxCrcErrors, kRxFrameErrors, kRxMissedErrors,
      kTxAbortedErrors}},
    {"qede", {kCollisions, kRxCrcErrors, kRxFrameErrors, kRxFifoErrors}},
    {"r8169",
     {kRxErrors, kTxErrors, kCollisions, kRxLengthErrors, kRxCrcErrors, kRxMissedErrors,
      kTxAbortedErrors}},
    {"sfc", {kRxErrors, kRxLengthErrors, kRxCrcErrors, kRxFrameErrors, kRxFifoErrors}},
    {"tg3",
     {kRxErrors, kTxErrors, kCollisions, kRxLengthErrors, kRxOverErrors, kRxCrcErrors,
      kRxFrameErrors, kRxMissedErrors, kTxAbortedErrors, kTxCarrierErrors}},
    {"virtio_net", {kTxErrors, kRxLengthErrors, kRxFrameErrors, kTxFifoErrors}},
    {"vmxnet3", {kRxErrors, kTxErrors}},
});

}  // namespace

FieldSet FieldsFilledBy(std::string_view driver) {
  for (const DriverRow& row : kDrivers) {
    if (row.driver == driver) return row.filled;
  }
  return {};
}

}  // namespace netstack::link
