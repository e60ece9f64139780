"""The highest depth of socket queues in states other than established, and in calls that block."""

import contextlib
import socket
import threading

import two_namespaces
from two_namespaces import B
import runner
from exporter_process import await_true
from filled_queues import (SEND_QUEUE, SIOCINQ, SIOCOUTQ, UNREAD, QueuePeaksCase, at_rest, fill,
                           in_queue, send_until_full)

SO_SNDBUFFORCE = 32
FAMILIES = (socket.AF_INET, socket.AF_INET6)


class QueuePeaksStatesTest(QueuePeaksCase):
    def test_a_program_that_is_stopped_in_a_write(self):
        for family in FAMILIES:
            with self.subTest(family=family.name):
                sending, peer, group = self.sender(family)
                # The peer's window is shut before, so the queue does nothing but grow.
                full = fill(sending)
                sending.setblocking(True)
                sending.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 3 * full)

                def write(made=sending):
                    with contextlib.suppress(ConnectionError):
                        made.sendall(bytes(64 << 20))
                writing = threading.Thread(target=write)
                writing.start()
                try:
                    await_true(lambda made=sending, full=full: in_queue(made, SIOCOUTQ) > full, "more")
                    truth = at_rest(sending, SIOCOUTQ)
                    self.assertTrue(writing.is_alive())
                    if self.has_program("send", "tp_btf/tcp_sendmsg_locked"):
                        self.assertEqual(self.peak(SEND_QUEUE, group), truth)
                finally:
                    peer.close()
                    writing.join()

    def test_a_sender_of_ipv6(self):
        sending, _, group = self.sender(socket.AF_INET6)
        truth = fill(sending)
        self.assertGreater(truth, 50_000)
        self.assertEqual(self.peak(SEND_QUEUE, group), truth)

    def test_a_receiver_that_has_shut_down_its_own_side(self):
        if not self.has_program("sk_data_ready", "tp_btf/sk_data_ready"):
            self.skipTest("this kernel has no sk_data_ready")
        accepted, connecting, port = self.pair("b", "a", B)
        accepted.shutdown(socket.SHUT_WR)
        self.assertEqual(connecting.recv(1), b"")  # FIN_WAIT2 here.
        send_until_full(connecting)
        truth = at_rest(accepted, SIOCINQ)
        self.assertGreater(truth, 50_000)
        self.assertEqual(self.peak(UNREAD, f"in:{port}"), truth)

    def test_a_receiver_whose_peer_has_closed(self):
        accepted, connecting, port = self.pair("b", "a", B)
        connecting.sendall(bytes(50_000))
        connecting.close()  # CLOSE_WAIT here; the FIN is no byte.
        await_true(lambda: in_queue(accepted, SIOCINQ) == 50_000, "all bytes")
        self.assertEqual(self.peak(UNREAD, f"in:{port}"), 50_000)

    def test_a_segment_with_data_and_fin(self):
        accepted, connecting, port = self.pair("b", "a", B)
        connecting.send(bytes(1000), socket.MSG_MORE)
        connecting.shutdown(socket.SHUT_WR)
        await_true(lambda: in_queue(accepted, SIOCINQ) == 1000, "all bytes")
        self.assertEqual(self.peak(UNREAD, f"in:{port}"), 1000)
        self.assertEqual(self.peak("netstack_socket_received_bytes_total", f"in:{port}"), 1000)


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
