#!/usr/bin/perl
# Sockets that behave, and sockets that do not, for a guest that has nothing but busybox. No modules:
# the interpreter is copied into the guest alone, so socket constants are written out (x86-64).
#
#   traffic.pl sink PORT                     accepts and reads everything
#   traffic.pl send HOST PORT BYTES [CHUNK]  one TCP connection, small writes with CHUNK
#   traffic.pl flood HOST PORT COUNT SIZE    UDP datagrams, as fast as they go
#   traffic.pl bursts HOST PORT COUNT SIZE PAUSE   the same again and again, with pauses
#   traffic.pl late-udp PORT PAUSE           reads all that came, then does something else for a while
#   traffic.pl scan HOST PORT COUNT          a UDP datagram to each of COUNT ports
#   traffic.pl raw HOST PROTOCOL COUNT       IP packets of that protocol number with 32 bytes in them
#   traffic.pl frame IFINDEX TYPE COUNT      Ethernet frames to LLDP's address
#   traffic.pl page PATH                     the exporter's page, over the unix socket PATH
#   traffic.pl deaf-udp PORT [BUFFER]        bound, a small buffer if not told, never reads
#   traffic.pl picky-udp PORT                bound, its filter takes nothing
#   traffic.pl deaf-tcp PORT                 accepts with a small buffer, never reads
#   traffic.pl deaf-listener PORT            a short backlog, never accepts
#   traffic.pl late-listener PORT PAUSE COUNT  accepts each connection a while after it is there
#   traffic.pl disordered PORT COUNT         segments beyond a gap, to PORT with a tiny buffer
#   traffic.pl knock HOST PORT COUNT         non-blocking connects, held for some seconds
my ($UNIX, $PACKET, $RAW) = (1, 17, 3);
my ($INET, $STREAM, $DGRAM, $SOL_SOCKET, $REUSE, $RCVBUF) = (2, 1, 2, 1, 2, 8);
my ($RCVBUFFORCE, $ATTACH_FILTER) = (33, 26);
my ($IPPROTO_TCP, $NODELAY, $F_SETFL, $O_NONBLOCK, $DONTWAIT) = (6, 1, 4, 2048, 64);

sub Address { my ($host, $port) = @_; pack('S n C4 x8', $INET, $port, split(/\./, $host)) }

sub Listen {
  my ($port, $backlog, $buffer) = @_;
  socket(my $listener, $INET, $STREAM, 0) or die "socket: $!";
  setsockopt($listener, $SOL_SOCKET, $REUSE, pack('i', 1));
  setsockopt($listener, $SOL_SOCKET, $RCVBUF, pack('i', $buffer)) if $buffer;
  bind($listener, Address('0.0.0.0', $port)) or die "bind: $!";
  listen($listener, $backlog) or die "listen: $!";
  return $listener;
}

sub Connect {
  my ($host, $port) = @_;
  socket(my $connection, $INET, $STREAM, 0) or die "socket: $!";
  connect($connection, Address($host, $port)) or die "connect: $!";
  return $connection;
}

# One end of a connection made without a handshake (TCP_REPAIR), with room for whatever is sent.
sub Mend {
  my ($port, $peer, $sends, $receives, $buffer) = @_;
  my ($REPAIR, $QUEUE, $SEQUENCE, $WINDOW) = (19, 20, 21, 29);
  socket(my $end, $INET, $STREAM, 0) or die "socket: $!";
  my $set = sub { setsockopt($end, $IPPROTO_TCP, $_[0], $_[1]) or die "repair $_[0]: $!" };
  setsockopt($end, $SOL_SOCKET, $RCVBUF, pack('i', $buffer)) if $buffer;
  $set->($REPAIR, pack('i', 1));
  for ([1, $receives], [2, $sends]) {
    my ($queue, $sequence) = @$_;
    $set->($QUEUE, pack('i', $queue));
    $set->($SEQUENCE, pack('I', $sequence));
  }
  bind($end, Address('127.0.0.1', $port)) or die "bind: $!";
  connect($end, Address('127.0.0.1', $peer)) or die "connect: $!";
  $set->($WINDOW, pack('I5', $receives, 65535, 65535, 65535, $receives));
  $set->($REPAIR, pack('i', -1));  # Off, without a probe that nobody would answer.
  setsockopt($end, $IPPROTO_TCP, $NODELAY, pack('i', 1));
  return $end;
}

my %role = (
  'sink' => sub {
    my $listener = Listen(shift, 64);
    while (accept(my $connection, $listener)) {
      1 while sysread($connection, my $bytes, 65536);
    }
  },
  'send' => sub {
    my ($host, $port, $bytes, $chunk) = @_;
    my $connection = Connect($host, $port);
    setsockopt($connection, $IPPROTO_TCP, $NODELAY, pack('i', 1)) if $chunk;
    $chunk ||= 16384;
    for (my $sent = 0; $sent < $bytes; $sent += $chunk) {
      syswrite($connection, 'x' x $chunk) or last;
    }
  },
  'flood' => sub {
    my ($host, $port, $count, $size) = @_;
    socket(my $socket, $INET, $DGRAM, 0) or die "socket: $!";
    my ($bytes, $to) = ('x' x $size, Address($host, $port));
    send($socket, $bytes, 0, $to) for 1 .. $count;
  },
  'bursts' => sub {
    my ($host, $port, $count, $size, $pause) = @_;
    socket(my $socket, $INET, $DGRAM, 0) or die "socket: $!";
    my ($bytes, $to) = ('x' x $size, Address($host, $port));
    while (1) {
      send($socket, $bytes, 0, $to) for 1 .. $count;
      select(undef, undef, undef, $pause);
    }
  },
  'late-udp' => sub {
    my ($port, $pause) = @_;
    socket(my $socket, $INET, $DGRAM, 0) or die "socket: $!";
    bind($socket, Address('0.0.0.0', $port)) or die "bind: $!";
    while (1) {
      1 while defined recv($socket, my $bytes, 65536, $DONTWAIT);
      select(undef, undef, undef, $pause);
    }
  },
  'scan' => sub {
    my ($host, $port, $count) = @_;
    socket(my $socket, $INET, $DGRAM, 0) or die "socket: $!";
    send($socket, 'x', 0, Address($host, $port + $_)) for 1 .. $count;
  },
  'raw' => sub {
    my ($host, $protocol, $count) = @_;
    socket(my $socket, $INET, $RAW, $protocol) or die "socket: $!";
    my $to = Address($host, 0);
    send($socket, 'x' x 32, 0, $to) or die "send: $!" for 1 .. $count;
  },
  'frame' => sub {
    my ($device, $type, $count) = @_;
    socket(my $wire, $PACKET, $RAW, 0) or die "socket: $!";
    my $to = pack('S n i S C C x8', $PACKET, 0, $device, 0, 0, 6);
    my $frame = pack('H12 H12 n x46', '0180c200000e', '020000000001', hex($type));
    send($wire, $frame, 0, $to) or die "send: $!" for 1 .. $count;
  },
  'page' => sub {
    socket(my $socket, $UNIX, $STREAM, 0) or die "socket: $!";
    connect($socket, pack('S a108', $UNIX, shift)) or die "connect: $!";
    syswrite($socket, "GET /metrics HTTP/1.0\r\n\r\n");
    my $reply = '';
    1 while sysread($socket, $reply, 65536, length $reply);
    print $reply =~ s/.*?\r\n\r\n//sr;
  },
  'deaf-udp' => sub {
    my ($port, $buffer) = @_;
    socket(my $socket, $INET, $DGRAM, 0) or die "socket: $!";
    setsockopt($socket, $SOL_SOCKET, $RCVBUFFORCE, pack('i', $buffer || 4096));
    bind($socket, Address('0.0.0.0', $port)) or die "bind: $!";
    sleep 600;
  },
  'picky-udp' => sub {
    my $port = shift;
    socket(my $socket, $INET, $DGRAM, 0) or die "socket: $!";
    my $nothing = pack('S C C L', 6, 0, 0, 0);
    setsockopt($socket, $SOL_SOCKET, $ATTACH_FILTER, pack('S x![P] P', 1, $nothing))
      or die "filter: $!";
    bind($socket, Address('0.0.0.0', $port)) or die "bind: $!";
    sleep 600;
  },
  'deaf-tcp' => sub {
    my $listener = Listen(shift, 4, 4096);
    accept(my $connection, $listener);
    sleep 600;
  },
  'deaf-listener' => sub {
    my $listener = Listen(shift, 1);
    sleep 600;
  },
  'late-listener' => sub {
    my ($port, $pause, $count) = @_;
    my $listener = Listen($port, 8);
    for (1 .. $count) {
      vec(my $ready = '', fileno($listener), 1) = 1;
      select($ready, undef, undef, undef);
      select(undef, undef, undef, $pause);
      accept(my $connection, $listener) or die "accept: $!";
    }
  },
  'disordered' => sub {
    my ($port, $count) = @_;
    my $reader = Mend($port, $port + 1, 5000, 1000, 1);
    my $writer = Mend($port + 1, $port, 3000, 5000);
    fcntl($writer, $F_SETFL, $O_NONBLOCK);
    syswrite($writer, 'x' x 1000) for 1 .. $count;
    sleep 600;
  },
  'knock' => sub {
    my ($host, $port, $count) = @_;
    my @connections;
    for (1 .. $count) {
      socket(my $connection, $INET, $STREAM, 0) or die "socket: $!";
      fcntl($connection, $F_SETFL, $O_NONBLOCK);
      connect($connection, Address($host, $port));
      push @connections, $connection;
    }
    sleep 4;
  },
);
my $action = $role{shift @ARGV // ''} or die "unknown role\n";
$action->(@ARGV);
