# Compares a page with what ip, tc and ethtool said before and after it: driver_values.pl FOLDER.
# Perl's own modules, strict among them, are not in the guest.

require "/bin/page_values.pl";
our $folder = shift or die "usage: driver_values.pl FOLDER\n";

# rx and tx bytes and packets by device.
sub links {
  my ($when) = @_;
  my %links;
  my $json = slurp("ip.$when");
  while ($json =~ /"ifname":"(eth\d)".*?"stats64":\{"rx":\{"bytes":(\d+),"packets":(\d+).*?"tx":\{"bytes":(\d+),"packets":(\d+)/sg) {
    $links{$1} = [$2, $3, $4, $5];
  }
  return \%links;
}

# Packets that the driver itself counted, whatever it calls them; undef where it has none by queue.
sub driver_packets {
  my ($card, $direction, $when) = @_;
  my $short = $direction eq "receive" ? "rx" : "tx";
  my ($sum, $found) = (0, 0);
  for my $line (split /\n/, slurp("stats.$card.$when")) {
    next unless $line =~ /^\s*(?:${short}_queue_\d+_packets|[umb]cast pkts $short): (\d+)$/;
    $sum += $1;
    $found = 1;
  }
  return $found ? $sum : undef;
}

my ($before, $after) = (links("before"), links("after"));
for my $card (qw(eth0 eth1 eth2)) {
  my $device = "device=\"$card\"";
  my @families = qw(receive_bytes receive_packets transmit_bytes transmit_packets);
  for my $i (0 .. 3) {
    between("$card $families[$i]", $before->{$card}[$i],
            value("netstack_link_$families[$i]_total", $device), $after->{$card}[$i]);
  }
  die "$card received nothing\n" if $before->{$card}[1] < 100;
  my @packets = map { slurp("tc.$card.$_") =~ /"packets":(\d+)/ ? $1 : die "tc $card\n" }
      qw(before after);
  between("$card qdisc", $packets[0],
          value("netstack_qdisc_packets_total", $device, 'parent="root"'), $packets[1]);
  for my $direction (qw(receive transmit)) {
    my ($first, $last) = map { driver_packets($card, $direction, $_) } qw(before after);
    next unless defined $first;
    between("$card queues $direction", $first,
            value("netstack_queue_packets_total", $device, "direction=\"$direction\""), $last);
  }
  my ($most, $now) = slurp("rings.$card.before") =~ /^RX:\s+(\d+).*^RX:\s+(\d+)/ms;
  my $ring = "name=\"ethtool.rings.rx\"";
  between("$card largest ring", $most, value("netstack_tunable", $device, $ring, 'field="max"'), $most);
  between("$card ring", $now, value("netstack_tunable", $device, $ring, 'field="current"'), $now);
}
# Driver, version, firmware and place of the cards that have firmware.
my $firmwares = 0;
for my $card (qw(eth0 eth1 eth2)) {
  my %info = slurp("driver.$card.before") =~ /^(\S+): (.*)$/mg;
  my $shown = "netstack_ethtool_driver_info{device=\"$card\",driver=\"$info{driver}\"," .
      "version=\"$info{version}\",firmware=\"$info{'firmware-version'}\",bus=\"$info{'bus-info'}\"} 1";
  my $has_firmware = $info{"firmware-version"} =~ /\S/ && $info{"firmware-version"} ne "N/A";
  between("$card driver", $has_firmware, index($page, "\n$shown\n") >= 0, $has_firmware);
  $firmwares += $has_firmware;
}
print "no card has firmware\n" and ++$failures unless $firmwares;

# What ethtool calls some features for the sake of old scripts.
my %long_names = (
  "rx-checksum" => "rx-checksumming",
  "rx-gro" => "generic-receive-offload",
  "rx-hashing" => "receive-hashing",
  "rx-lro" => "large-receive-offload",
  "tx-generic-segmentation" => "generic-segmentation-offload",
);
my %pause_names = ("autoneg" => "autonegotiate", "rx" => "rx", "tx" => "tx");

# What ethtool says of a setting, whose name has the page's form; undef where it says nothing.
sub setting {
  my ($card, $group, $name) = @_;
  my $text = slurp("$group.$card.before");
  if ($group eq "features") {
    my $long = $long_names{$name} || $name;
    return $text =~ /"\Q$long\E":\s*\{\s*"active":\s*(true|false)/ ? $1 eq "true" : undef;
  }
  return $text =~ /"$pause_names{$name}":\s*(true|false)/ ? $1 eq "true" : undef if $group eq "pause";
  if ($group eq "channels") {
    return $text =~ /^Current.*^\u$name:\s+(\d+)/ms ? $1 : undef;
  }
  return $text =~ /^\Q$name\E:\s+(\d+)/m ? $1 : undef if $name !~ /^adaptive-(.x)/;
  return $text =~ /\b\U$1\E: (on|off)/ ? $1 eq "on" : undef;
}

my %compared_settings;
while ($page =~ /^netstack_tunable\{[^}]*name="ethtool\.(features|pause|channels|coalesce)\.([^"]+)",device="(eth[012])",field="current"[^}]*\} (\d+)$/mg) {
  my ($group, $name, $card, $value) = ($1, $2, $3, $4);
  my $said = setting($card, $group, $name);
  # The newest settings are newer than this ethtool.
  next unless defined $said;
  $said = 0 if $said eq "";
  between("$card $group $name", $said, $value, $said);
  ++$compared_settings{$group};
}
for my $group (qw(features pause channels coalesce)) {
  print "no $group compared\n" and ++$failures unless $compared_settings{$group};
}
print "$compared numbers compared, $failures wrong\n";
exit($failures ? 1 : 0);
