#!/usr/bin/perl
# What the kernel's netdev netlink family says of the page pools of a device, as `name number` lines,
# read without the exporter's code: page_pools.pl IFINDEX. No modules, and no tool of Debian's asks
# for it. The numbers are those of include/uapi/linux/netdev.h.
my ($NETLINK, $RAW, $GENERIC, $DUMP, $DONE, $ERROR) = (16, 3, 16, 0x301, 3, 2);

my ($ifindex) = @ARGV;
socket(my $socket, $NETLINK, $RAW, $GENERIC) or die "socket: $!";

# The attributes of a message or of a nest: number to content.
sub attributes {
  my ($bytes) = @_;
  my %found;
  while (length $bytes >= 4) {
    my ($length, $type) = unpack('S S', $bytes);
    last if $length < 4;
    $found{$type & 0x3fff} = substr($bytes, 4, $length - 4);
    $bytes = substr($bytes, ($length + 3) & ~3);
  }
  return \%found;
}

sub number {
  my ($bytes) = @_;
  return defined $bytes ? unpack(length $bytes == 8 ? 'Q' : 'L', $bytes) : undef;
}

# The replies to a command of a family.
sub ask {
  my ($family, $flags, $command, $content) = @_;
  my $message = pack('L S S L L C C S', 20 + length $content, $family, $flags, 1, 0, $command, 1, 0);
  syswrite($socket, $message . $content) or die "write: $!";
  my @replies;
  while (1) {
    defined sysread($socket, my $bytes, 1 << 16) or die "read: $!";
    while (length $bytes >= 16) {
      my ($length, $type) = unpack('L S', $bytes);
      return @replies if $type == $DONE;
      die "netlink: error ", -unpack('l', substr($bytes, 16, 4)), "\n" if $type == $ERROR;
      push @replies, attributes(substr($bytes, 20, $length - 20));
      $bytes = substr($bytes, ($length + 3) & ~3);
    }
    return @replies if ($flags & 0x300) == 0;
  }
}

my $name = "netdev\0";
my ($family) = ask(16, 1, 3, pack('S S', 4 + length $name, 2) . $name . "\0");
my $netdev = unpack('S', $family->{1});

my %sum = (attached => 0, detached => 0, inflight_pages => 0, inflight_bytes => 0);
for my $pool (ask($netdev, $DUMP, 5, '')) {
  next unless (number($pool->{2}) // 0) == $ifindex;
  ++$sum{defined $pool->{6} ? 'detached' : 'attached'};
  $sum{inflight_pages} += number($pool->{4}) // 0;
  $sum{inflight_bytes} += number($pool->{5}) // 0;
}
my @counters = qw(fast slow slow_high_order empty refill waive cached cache_full ring ring_full
  released_refcnt);
for my $statistics (ask($netdev, $DUMP, 9, '')) {
  next unless (number(attributes($statistics->{1})->{2}) // 0) == $ifindex;
  $sum{$counters[$_]} += number($statistics->{8 + $_}) // 0 for 0 .. $#counters;
}
print "$_ $sum{$_}\n" for sort keys %sum;
