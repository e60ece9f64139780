#pragma once

#include "exporter/doctor/facts.h"

namespace netstack {

// The arithmetic behind the values in commands. Each reads facts by agreed names and sets others;
// where one it needs is not known, it sets nothing, and the rule's conditions see that.

// now, lost -> new: now plus the loss and an eighth, rounded up to a power of two; at most now
// again or 1000, whichever is more, in one step.
void StepByLoss(Facts& facts);

// now, lost -> new: a power of two that holds now and the loss; at most 65535.
void ConnectionsForLoss(Facts& facts);

// now, lost -> new: a power of two that holds now and the loss; at most four times now, or 1000.
void PacketsForLoss(Facts& facts);

// now, lost, packet_bytes -> new, half: bytes for now and the loss; at most eight times now, or
// 256 KiB. half is new / 2.
void BytesForLoss(Facts& facts);

// limit, sockets, lost -> now, lost: those of one socket.
void OfOneSocket(Facts& facts);

// bytes, packets -> packet_bytes: the mean length of a frame.
void LengthOfPacket(Facts& facts);
// now, lost, bytes, packets -> new, half: BytesForLoss, where each packet takes what it takes of a
// socket's buffer, about.
void MemoryForLoss(Facts& facts);

// driver, overruns, rise -> port_lost, ring_lost: which part of the rise the buffer of the card's
// port lost, and which found no descriptor; of drivers that tell the former.
void LossesOfPort(Facts& facts);
// now, max -> new: twice as much, at most max.
void TowardMaximum(Facts& facts);
// squeezes, usecs, budget -> more_usecs, more_budget: twice as much, if there were squeezes.
void MoreSoftirqTime(Facts& facts);
// now -> new: twice as much.
void Doubled(Facts& facts);

// min, default, max -> new_default, new_max: at least the kernel's own defaults of 128 KiB and
// 6 MiB; where they are there already, twice the maximum, up to 64 MiB.
void LargerTcpBuffer(Facts& facts);
// max -> new_max: half, at least 4 MiB.
void SmallerTcpBuffer(Facts& facts);
// min, pressure, max of tcp_mem or udp_mem -> new_min, new_pressure, new_max: half as much again.
void LargerMemory(Facts& facts);

// parent, handle -> where: how tc is told the place of a qdisc ("root", "parent 1:10 handle 10:");
// child: the place of the queue below it ("8001:1").
void PlaceOfQdisc(Facts& facts);

}  // namespace netstack
