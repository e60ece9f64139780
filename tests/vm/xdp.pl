# For guests that have perl alone: an XDP program with one verdict, and frames of a protocol that
# nobody handles.
#   xdp.pl attach DEVICE MODE VERDICT   until it is killed; prints "attached", or why not
#   xdp.pl send DEVICE ADDRESS COUNT
my ($bpf, $prog_load, $link_create, $type_xdp, $attach_xdp) = (321, 5, 28, 6, 37);
my ($af_packet, $sock_raw) = (17, 3);
my %modes = (generic => 2, native => 4);
my %verdicts = (aborted => 0, drop => 1, pass => 2, tx => 3, redirect => 4);

sub bpf {
  my ($command, $attributes) = @_;
  $attributes .= "\0" x (128 - length $attributes);
  my $fd = syscall($bpf, $command, $attributes, 128);
  die "bpf($command): $!\n" if $fd < 0;
  return $fd;
}

sub index_of {
  open my $file, '<', "/sys/class/net/$_[0]/ifindex" or die "$_[0]: $!\n";
  return 0 + <$file>;
}

my ($command, $device, @rest) = @ARGV;
$| = 1;
if ($command eq 'attach') {
  my ($mode, $verdict) = ($modes{$rest[0]}, $verdicts{$rest[1]});
  my $code = pack 'CCslCCsl', 0xb7, 0, 0, $verdict, 0x95, 0, 0, 0;  # r0 = verdict; exit
  my $licence = 'GPL';
  my $program = bpf($prog_load, pack 'LLQQ', $type_xdp, 2, unpack('Q', pack 'P', $code),
                                    unpack('Q', pack 'P', $licence));
  my $link = bpf($link_create, pack 'LLLL', $program, index_of($device), $attach_xdp, $mode);
  print "attached\n";
  sleep 1000;
} else {
  my ($address, $count) = @rest;
  socket my $wire, $af_packet, $sock_raw, 0 or die "socket: $!\n";
  bind $wire, pack 'SnlSCCa8', $af_packet, 0, index_of($device), 0, 0, 0, '' or die "bind: $!\n";
  my $frame = pack('H12 H12 n', $address =~ tr/://dr, '020000009999', 0x88b5) . "\0" x 50;
  for (1 .. $count) { defined send $wire, $frame, 0 or die "send: $!\n"; }
}
