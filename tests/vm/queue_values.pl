# Compares what a page says of the queues of eth0 with what ethtool, ip and tc said before and after
# it: queue_values.pl FOLDER QUEUES. Perl's own modules are not in the guest.

require "/bin/page_values.pl";
our ($folder, $queues) = @ARGV;

sub of_eth0 { return value(@_, 'device="eth0"') }

# A number of ip's: of "rx" or "tx", "bytes" or "packets".
sub link_number {
  my ($direction, $unit, $when) = @_;
  slurp("ip.$when") =~ /"stats64":\{.*?"$direction":\{.*?"$unit":(\d+)/s or die "no $direction $unit\n";
  return $1;
}

# What the driver counts for a queue under its older names; newer kernels have it in netdev only.
sub driver_number {
  my ($direction, $queue, $unit, $when) = @_;
  return slurp("stats.$when") =~ /^\s*${direction}(?:_queue_)?${queue}_$unit: (\d+)$/m ? $1 : undef;
}

my $combined = slurp("channels") =~ /^Current.*^Combined:\s+(\d+)/ms ? $1 : 0;
between("channels", $queues, $combined, $queues);
between("channels on the page", $queues,
        of_eth0("netstack_tunable", 'name="ethtool.channels.combined"', 'field="current"'), $queues);
my %busy;
my %labels = ("rx" => 'direction="receive"', "tx" => 'direction="transmit"');
for my $direction (qw(rx tx)) {
  for my $unit (qw(packets bytes)) {
    my $family = "netstack_queue_${unit}_total";
    between("$direction $unit of all queues", link_number($direction, $unit, "before"),
            of_eth0($family, $labels{$direction}), link_number($direction, $unit, "after"));
    for my $queue (0 .. $queues - 1) {
      my $value = of_eth0($family, $labels{$direction}, "queue=\"$queue\"");
      ++$busy{$direction} if $unit eq "packets" && $value;
      my ($first, $last) = map { driver_number($direction, $queue, $unit, $_) } qw(before after);
      between("$direction $unit of queue $queue", $first, $value, $last) if defined $first;
    }
  }
  print "$direction: ", $busy{$direction} || 0, " queues had packets\n";
  ++$failures if ($busy{$direction} || 0) < 2;
}
my @tc = map {
  my ($sum, $text) = (0, slurp("tc.$_"));
  $sum += $1 while $text =~ /"parent":"[^"]*".*?"packets":(\d+)/sg;
  $sum
} qw(before after);
between("packets of the leaves of mq", $tc[0],
        of_eth0("netstack_qdisc_packets_total", 'leaf="1"'), $tc[1]);
my $leaves = () = $page =~ /^netstack_qdisc_packets_total\{device="eth0".*leaf="1"/mg;
between("leaves of mq", $queues, $leaves, $queues);
print "$compared numbers compared, $failures wrong\n";
exit($failures ? 1 : 0);
